"""What people read of cases and referrals. Nothing above L1 is a field here: it is revealed, never read."""

import datetime as dt

import sqlalchemy as sa
import strawberry

from libs.policy.predicates import Asker
from libs.reading.declare import Row, can, column, computed, hidden, identity, listing, one, stored
from libs.reading.node import Node
from services.platform.groups.schema import WorkingGroup
from services.platform.members.schema import Organisation, Person
from services.platform.referrals import models
from services.platform.referrals.schema.actions import (
    CaseAction,
    ConsentAction,
    NoteAction,
    OfferAction,
    ReferralAction,
)
from services.platform.referrals.schema.enums import (
    AccessBasis,
    AccessLevel,
    AccessPurpose,
    AgeBand,
    CaseKind,
    CaseState,
    CorrectionReason,
    DeclineCode,
    DeclinedBy,
    HoldCode,
    HowObtained,
    Item,
    LegalBasis,
    Medium,
    Need,
    OfferState,
    OutcomeCode,
    PersonAnswer,
    ReferralMode,
    ReferralState,
    Urgency,
    WithdrawCode,
)


def _basis_ends(row: Row, asker: Asker) -> "sa.ColumnElement[dt.date]":
    consent = models.consent.alias("basis_of")
    return (
        sa.select(consent.c.valid_until)
        .where(consent.c.tenant_id == asker.tenant, consent.c.id == row.c.consent_id)
        .scalar_subquery()
    )


def _waiting(stamp: str, description: str) -> bool | None:
    """Whether something waits for somebody's answer."""
    asked: bool | None = computed(lambda row, _: row.c[stamp].is_not(None), description=description)
    return asked


@stored(models.consent, object="consent", prefix="consent")
@strawberry.type(description="同意 / what a person agreed to: which items go to whom, what for, until when")
class Consent(Node):
    id: strawberry.ID = identity()
    items: list[Item] | None = column()
    purpose: str | None = column()
    holder: Organisation | None = one(
        "Organisation",
        on=lambda row, organisation: organisation.c.id == row.c.holder_id,
        description="保有する団体 / who holds what is given",
    )
    medium: Medium | None = column(description="提供の方法 / by what it is given")
    how_obtained: HowObtained | None = column()
    obtained_on: dt.date | None = column()
    valid_until: dt.date | None = column(description="最終日 / the last day on which it holds")
    withdrawn_at: dt.datetime | None = column()
    created_at: dt.datetime | None = column()
    version: int | None = column()
    viewer_can: list[ConsentAction] | None = can()
    hidden_fields: list[str] = hidden()

    @listing(
        "Organisation",
        on=lambda consent, row: row.c.id.in_(
            sa.select(models.consent_recipient.c.organisation_id).where(
                models.consent_recipient.c.tenant_id == sa.bindparam("viewer_tenant", type_=sa.Uuid()),
                models.consent_recipient.c.consent_id == consent.c.id,
            )
        ),
    )
    def recipients(self, first: int | None = 20) -> list[Organisation] | None:
        """提供先 / who is named as recipient"""


@stored(models.card_note, object="card_note", prefix="note")
@strawberry.type(description="カードのメモ / a note on a board card")
class CardNote(Node):
    id: strawberry.ID = identity()
    body: str | None = column()
    author: Person | None = one("Person", on=lambda row, person: person.c.id == row.c.author_id)
    author_organisation: Organisation | None = one(
        "Organisation", on=lambda row, organisation: organisation.c.id == row.c.author_organisation_id
    )
    created_at: dt.datetime | None = column()
    updated_at: dt.datetime | None = column()
    version: int | None = column()
    viewer_can: list[NoteAction] | None = can()
    hidden_fields: list[str] = hidden()


@stored(models.offer, object="offer", prefix="offer")
@strawberry.type(description="支援の申出 / an organisation raised its hand")
class Offer(Node):
    id: strawberry.ID = identity()
    organisation: Organisation | None = one(
        "Organisation", on=lambda row, organisation: organisation.c.id == row.c.organisation_id
    )
    message: str | None = column()
    state: OfferState | None = column()
    created_at: dt.datetime | None = column()
    version: int | None = column()
    viewer_can: list[OfferAction] | None = can()
    hidden_fields: list[str] = hidden()


@stored(models.question, object="question", prefix="question")
@strawberry.type(description="質問。文章はrevealReferralのTEXTSで開く / a question; its texts are revealed")
class Question(Node):
    id: strawberry.ID = identity()
    asked_by: Organisation | None = one(
        "Organisation", on=lambda row, organisation: organisation.c.id == row.c.asked_by_id
    )
    open: bool | None = column(description="回答待ちか / waits for its answer")
    answered_at: dt.datetime | None = column()
    created_at: dt.datetime | None = column()
    version: int | None = column()
    hidden_fields: list[str] = hidden()


@stored(models.referral_event, object="referral_event", prefix="step")
@strawberry.type(description="経過 / one step of a referral; no actor where the clock acted")
class ReferralEvent(Node):
    id: strawberry.ID = identity()
    at: dt.datetime | None = column()
    from_state: ReferralState | None = column()
    to_state: ReferralState | None = column()
    reason_code: str | None = column()
    actor: Person | None = one("Person", on=lambda row, person: person.c.id == row.c.actor_id)
    organisation: Organisation | None = one(
        "Organisation", on=lambda row, organisation: organisation.c.id == row.c.organisation_id
    )
    hidden_fields: list[str] = hidden()


@stored(models.disclosure, object="disclosure", prefix="disclosure")
@strawberry.type(description="提供の記録 / which items were disclosed, on what basis; the items are frozen")
class Disclosure(Node):
    id: strawberry.ID = identity()
    at: dt.datetime | None = column()
    items: list[Item] | None = column()
    basis: LegalBasis | None = column()
    package_hash: str | None = column(description="暗号文のSHA-256 / over the items' ciphertexts")
    hidden_fields: list[str] = hidden()

    @listing("Organisation", on=lambda row, organisation: organisation.c.id == row.c.recipient_id)
    def recipients(self, first: int | None = 20) -> list[Organisation] | None:
        """提供先 / to whom"""


@stored(models.correction, object="correction", prefix="correction")
@strawberry.type(
    description="訂正の通知 / items disclosed under the referral that were corrected since; never the texts"
)
class Correction(Node):
    id: strawberry.ID = identity()
    at: dt.datetime | None = column()
    items: list[Item] | None = column()
    reason: CorrectionReason | None = column()
    person: Person | None = one("Person", on=lambda row, person: person.c.id == row.c.person_id)
    organisation: Organisation | None = one(
        "Organisation", on=lambda row, organisation: organisation.c.id == row.c.organisation_id
    )
    hidden_fields: list[str] = hidden()


@stored(models.access_entry, object="access_entry", prefix="access")
@strawberry.type(description="閲覧記録 / who opened which level, when, on what basis and what for")
class AccessEntry(Node):
    id: strawberry.ID = identity()
    at: dt.datetime | None = column()
    person: Person | None = one("Person", on=lambda row, person: person.c.id == row.c.person_id)
    by_link: bool | None = computed(
        lambda row, _: row.c.link_id.is_not(None),
        description="アカウントなしの回答リンクで開いた / opened by a link, by nobody known by name",
    )
    organisation: Organisation | None = one(
        "Organisation", on=lambda row, organisation: organisation.c.id == row.c.organisation_id
    )
    level: AccessLevel | None = column()
    basis: AccessBasis | None = column()
    purpose_code: AccessPurpose | None = column(
        description="目的の文章は exportAccessLog で開く / its text is sealed: exportAccessLog opens it"
    )
    hidden_fields: list[str] = hidden()


@stored(models.referral, object="referral", prefix="referral")
@strawberry.type(description="紹介・掲示カード / one need, one attempt; posted on a board it is a card")
class Referral(Node):
    id: strawberry.ID = identity()
    state: ReferralState | None = column()
    mode: ReferralMode | None = column()
    ask: str | None = column(description="依頼 / what is asked for, without anything that identifies")
    urgency: Urgency | None = column()
    need_category: Need | None = column()
    age_band: AgeBand | None = column()
    area: str | None = column()
    sender: Organisation | None = one(
        "Organisation", on=lambda row, organisation: organisation.c.id == row.c.sender_id
    )
    recipient: Organisation | None = one(
        "Organisation", on=lambda row, organisation: organisation.c.id == row.c.recipient_id
    )
    working_group: WorkingGroup | None = one(
        "WorkingGroup", on=lambda row, group: group.c.id == row.c.working_group_id
    )
    case: "Case | None" = one("Case", on=lambda row, case: case.c.id == row.c.case_id)
    previous_attempt: "Referral | None" = one(
        "Referral", on=lambda row, earlier: earlier.c.id == row.c.previous_attempt_id
    )
    based_on: "Referral | None" = one(
        "Referral",
        on=lambda row, parent: parent.c.id == row.c.based_on_id,
        description="引継ぎのもと / the referral whose recipient handed the person on",
    )
    assignee: Person | None = one(
        "Person",
        on=lambda row, person: person.c.id == models.assignee_of(row),
        description="受け手の担当者。空なら受付 / of the recipient's staff; null: its desk",
    )
    basis: LegalBasis | None = column()
    basis_valid_until: dt.date | None = computed(_basis_ends)
    post_until: dt.date | None = column(description="掲示の最終日 / the last day on the board")
    due_at: dt.datetime | None = column()
    past_due: bool | None = column(description="期限を過ぎた / on the coordinator's list")
    question_open: bool | None = _waiting("question_asked_at", "質問の回答待ち / a question waits")
    approval_asked: bool | None = _waiting("approval_asked_at", "掲示の承認待ち / waits for approval")
    reopen_asked: bool | None = _waiting("reopen_asked_at", "再開の求めあり / the sender asks to reopen")
    void_asked: bool | None = _waiting("void_asked_at", "誤登録の申出あり / the sender asks to void it")
    hold_code: HoldCode | None = column()
    review_on: dt.date | None = column(description="保留を見直す日 / when a held one is looked at again")
    posted_at: dt.datetime | None = column()
    sent_at: dt.datetime | None = column()
    answered_at: dt.datetime | None = column()
    started_on: dt.date | None = column()
    reported_at: dt.datetime | None = column()
    ended_at: dt.datetime | None = column()
    declined_by: DeclinedBy | None = column()
    decline_code: DeclineCode | None = column()
    outcome_code: OutcomeCode | None = column()
    withdraw_code: WithdrawCode | None = column()
    person_answer: PersonAnswer | None = column(
        description="本人が述べた結果 / what the person said of the outcome"
    )
    confirmed: bool | None = column(
        description="送り手が確認したか(自動完結は偽) / false where the clock closed it"
    )
    created_at: dt.datetime | None = column()
    updated_at: dt.datetime | None = column()
    version: int | None = column()
    viewer_can: list[ReferralAction] | None = can()
    hidden_fields: list[str] = hidden()

    @listing("CardNote", on=lambda card, row: row.c.referral_id == card.c.id)
    def notes(self, first: int | None = 3) -> list[CardNote] | None:
        """カードのメモ(新しい順) / the newest notes on the card"""

    @listing("Offer", on=lambda card, row: row.c.referral_id == card.c.id)
    def offers(self, first: int | None = 20) -> list[Offer] | None:
        """支援の申出 / who raised a hand"""

    @listing("Question", on=lambda referral, row: row.c.referral_id == referral.c.id)
    def questions(self, first: int | None = 20) -> list[Question] | None:
        """質問(新しい順) / its questions, newest first"""

    @listing("ReferralEvent", on=lambda referral, row: row.c.referral_id == referral.c.id)
    def history(self, first: int | None = 20) -> list[ReferralEvent] | None:
        """経過(新しい順) / its steps, newest first"""

    @listing("Disclosure", on=lambda referral, row: row.c.referral_id == referral.c.id)
    def disclosures(self, first: int | None = 20) -> list[Disclosure] | None:
        """提供の記録 / what was disclosed"""

    @listing("Correction", on=lambda referral, row: row.c.referral_id == referral.c.id)
    def corrections(self, first: int | None = 20) -> list[Correction] | None:
        """訂正の通知(新しい順) / what was corrected of what was disclosed"""

    @listing("AccessEntry", on=lambda referral, row: row.c.referral_id == referral.c.id)
    def access_log(self, first: int | None = 20) -> list[AccessEntry] | None:
        """閲覧記録(新しい順) / who opened what, newest first"""


@stored(models.case_file, object="case", prefix="case")
@strawberry.type(description="ケース / one person or household, under a number that is no name")
class Case(Node):
    id: strawberry.ID = identity()
    number: str | None = column()
    kind: CaseKind | None = column()
    state: CaseState | None = column()
    needs: list[Need] | None = column()
    organisation: Organisation | None = one(
        "Organisation", on=lambda row, organisation: organisation.c.id == row.c.organisation_id
    )
    caseworker: Person | None = one(
        "Person",
        on=lambda row, person: person.c.id == models.caseworker_of(row),
        description="担当者。空なら団体の窓口 / who keeps it; null: its organisation's desk",
    )
    opened_on: dt.date | None = column()
    closed_on: dt.date | None = column()
    created_at: dt.datetime | None = column()
    updated_at: dt.datetime | None = column()
    version: int | None = column()
    viewer_can: list[CaseAction] | None = can()
    hidden_fields: list[str] = hidden()

    @listing("Referral", on=lambda case, row: row.c.case_id == case.c.id)
    def referrals(self, first: int | None = 20) -> list[Referral] | None:
        """このケースの紹介(新しい順) / its referrals, newest first"""

    @listing("Consent", on=lambda case, row: row.c.case_id == case.c.id)
    def consents(self, first: int | None = 20) -> list[Consent] | None:
        """このケースの同意(新しい順) / its consents, newest first"""

    @listing("AccessEntry", on=lambda case, row: row.c.case_id == case.c.id)
    def access_log(self, first: int | None = 20) -> list[AccessEntry] | None:
        """閲覧記録(新しい順) / who opened what of the case and of its referrals, newest first"""
