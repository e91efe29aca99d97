"""What can be done about a referral's lawful basis: consents, the council, 支援会議, break-glass."""

from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa

from libs.errors.problems import AlreadyExists, Problem, WrongState
from libs.persistence.statements import among
from libs.policy.predicates import Asker
from libs.policy.steps import Guard, Step, Through
from libs.reading.declare import Row
from services.platform.councils.models import council, council_member, listed_today
from services.platform.referrals.models import case_file, consent, council_item, machine, referral
from services.platform.referrals.models.lawful_bases import still_opens
from services.platform.relations import RELATIONS

Bool = sa.ColumnElement[bool]


def _ended(row: Mapping[str, Any]) -> Problem:
    return WrongState(
        row["state"],
        "この紹介は、いまの状態ではこの操作ができません。読み直してご確認ください。",
        "The referral's state does not admit this. Read it again.",
    )


def brought_already(_: object = None) -> Problem:
    return AlreadyExists(
        "この紹介は、すでに協議会の案件です。", "This referral is an item of a council already."
    )


def sender_not_listed(_: object = None) -> Problem:
    return WrongState(
        "not_listed",
        "自団体が本日、公示された構成機関等ではないため、協議会にかけられません。同意か、ほかの根拠によってください。",
        "Your organisation is no announced member of the council today. Use a consent or another basis.",
    )


def _no_consent(_: object) -> Problem:
    return WrongState(
        "no_consent",
        "この紹介は、現在有効な同意によるものではありません。",
        "This referral does not rest on a consent that still holds.",
    )


def _consented_already(row: Mapping[str, Any]) -> Problem:
    return WrongState(
        row["state"],
        "同意に改められるのは、同意以外の根拠で打診した紹介だけです。",
        "Only a referral that was sent on another basis can come to rest on a consent.",
    )


def _item_over(_: object) -> Problem:
    return WrongState("ended", "この案件は終わっています。", "This item is over.")


def _not_called(row: Mapping[str, Any]) -> Problem:
    return WrongState(
        row["state"],
        "この支援会議は、すでに開かれたか取り消されています。",
        "This sitting was held or cancelled already.",
    )


def _over(row: Mapping[str, Any]) -> Problem:
    return WrongState(
        row["state"],
        "この支援会議による閲覧は、すでに終わっています。続けるには、あらためて支援会議を招集するか、同意に改めてください。",
        "What this sitting opened has ended. Call another one, or go on by consent.",
    )


def _reviewed(_: object) -> Problem:
    return WrongState(
        "reviewed", "この緊急開示は、すでに確認されています。", "This break-glass was reviewed already."
    )


def _in(*states: str) -> Guard:
    return Guard(lambda row, _: among(row.c.state, states), _ended)


def _not_brought(row: Row, asker: Asker) -> Bool:
    brought: sa.Select[Any] = sa.select(council_item.c.id).where(
        council_item.c.tenant_id == asker.tenant,
        council_item.c.referral_id == row.c.id,
        council_item.c.ended_at.is_(None),
    )
    return sa.not_(sa.exists(brought))


def _sender_listed(row: Row, asker: Asker) -> Bool:
    listed: sa.Select[Any] = sa.select(council_member.c.id).where(
        council_member.c.tenant_id == asker.tenant,
        council_member.c.organisation_id == row.c.sender_id,
        listed_today(council_member, asker),
    )
    return sa.exists(listed)


def _rests_on_consent(row: Row, asker: Asker) -> Bool:
    held: sa.Select[Any] = sa.select(consent.c.id).where(
        consent.c.tenant_id == asker.tenant,
        consent.c.id == row.c.consent_id,
        consent.c.withdrawn_at.is_(None),
    )
    return sa.exists(held)


def _referral_live(row: Row, asker: Asker) -> Bool:
    of: sa.Select[Any] = sa.select(referral.c.id).where(
        referral.c.tenant_id == asker.tenant,
        referral.c.id == row.c.referral_id,
        among(referral.c.state, machine.LIVE),
    )
    return sa.exists(of)


STILL_OPENS: Final = Guard(still_opens, _over, beyond=True)
LIVE: Final = _in(*machine.LIVE)
CALLED: Final = Guard(lambda row, _: row.c.state == sa.literal("called"), _not_called)
_OPEN_ITEM: Final = Guard(lambda row, _: row.c.ended_at.is_(None), _item_over)
_OF_COUNCIL: Final = Through("council", council, lambda row, of, _: of.c.id == row.c.council_id)

RELATIONS.steps.register(
    Step(
        "consent",
        "withdraw_consent",
        (
            Guard(
                lambda row, _: row.c.withdrawn_at.is_(None),
                lambda _: WrongState(
                    "withdrawn", "この同意はすでに撤回されています。", "This consent was withdrawn already."
                ),
            ),
        ),
        through=Through("case", case_file, lambda row, case, _: case.c.id == row.c.case_id),
    ),
    Step(
        "referral",
        "revoke_consent",
        (_in(*machine.LIVE, "closed"), Guard(_rests_on_consent, _no_consent, beyond=True)),
    ),
    Step(
        "referral",
        "rebase_referral",
        (
            _in(*machine.WITH_RECIPIENT),
            Guard(lambda row, _: row.c.basis != sa.literal("consent"), _consented_already),
        ),
    ),
    Step("referral", "print_consent_sheet", (_in("awaiting_basis"),)),
    Step(
        "referral",
        "bring_to_council",
        (
            LIVE,
            Guard(_sender_listed, sender_not_listed, beyond=True),
            Guard(_not_brought, brought_already, beyond=True),
        ),
    ),
    Step("referral", "bring_to_sitting", (LIVE,)),
    Step("referral", "open_break_glass", (LIVE,)),
    Step(
        "council_item",
        "assign_item",
        (_OPEN_ITEM, Guard(_referral_live, _item_over, beyond=True)),
        through=_OF_COUNCIL,
    ),
    Step("council_item", "unassign_item", (_OPEN_ITEM,), policy="assign_item", through=_OF_COUNCIL),
    Step("sitting", "pick_body", (CALLED, STILL_OPENS), policy="call_sitting"),
    Step("sitting", "record_sitting", (CALLED,), policy="call_sitting"),
    Step("sitting", "cancel_sitting", (CALLED,), policy="call_sitting"),
    Step("sitting", "end_sitting", (STILL_OPENS,), policy="call_sitting"),
    Step(
        "break_glass",
        "review_break_glass",
        (Guard(lambda row, _: row.c.reviewed_at.is_(None), _reviewed),),
    ),
)
