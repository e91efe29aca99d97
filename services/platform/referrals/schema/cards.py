"""GraphQL of drafts, board cards, offers and notes."""

import strawberry

from libs.serving.session import identity_of, perform
from services.platform.referrals.actions import cards as actions
from services.platform.referrals.actions import noting
from services.platform.referrals.schema.enums import AgeBand, Need, Urgency
from services.platform.referrals.schema.payloads import (
    NotePayload,
    NoteResult,
    OfferPayload,
    OfferResult,
    ReferralPayload,
    ReferralResult,
    referral_id,
)
from services.platform.referrals.schema.queries import GROUP_PREFIX

CONFIRM = "検査で見つかった箇所を確認した / the writer saw the scan's findings and keeps them"


@strawberry.input(description="他の人に見える部分(L1) / what others will read")
class DraftInput:
    need_category: Need
    ask: str
    urgency: Urgency = Urgency.NORMAL
    age_band: AgeBand = AgeBand.UNKNOWN
    area: str = ""
    confirm_findings: bool = strawberry.field(default=False, description=CONFIRM)

    def draft(self) -> actions.Draft:
        return actions.Draft(
            need_category=self.need_category.value,
            urgency=self.urgency.value,
            age_band=self.age_band.value,
            area=self.area,
            ask=self.ask,
            confirmed=self.confirm_findings,
        )


@strawberry.input
class CreateReferralInput:
    case_id: strawberry.ID
    card: DraftInput
    previous_attempt_id: strawberry.ID | None = None


@strawberry.input
class EditReferralInput:
    id: strawberry.ID
    version: int
    card: DraftInput


@strawberry.input
class PostToBoardInput:
    id: strawberry.ID
    version: int
    working_group_id: strawberry.ID
    confirm_findings: bool = strawberry.field(default=False, description=CONFIRM)


@strawberry.input
class OfferHelpInput:
    id: strawberry.ID
    message: str = ""


@strawberry.input
class WriteNoteInput:
    id: strawberry.ID
    body: str
    confirm_findings: bool = strawberry.field(default=False, description=CONFIRM)


@strawberry.type
class CardsMutation:
    @strawberry.mutation(description="紹介の下書きをつくる / T1: draft a referral of a case")
    async def create_referral(self, info: strawberry.Info, input: CreateReferralInput) -> ReferralResult:
        previous = input.previous_attempt_id
        return await perform(
            info,
            ReferralPayload,
            lambda acting: actions.create_referral(
                acting,
                identity_of(input.case_id, "case", "caseId"),
                None if previous is None else referral_id(previous, "previousAttemptId"),
                input.card.draft(),
            ),
        )

    @strawberry.mutation(description="下書きを直す / edit a draft")
    async def edit_referral(self, info: strawberry.Info, input: EditReferralInput) -> ReferralResult:
        return await perform(
            info,
            ReferralPayload,
            lambda acting: actions.edit_referral(
                acting, referral_id(input.id), input.version, input.card.draft()
            ),
        )

    @strawberry.mutation(description="掲示する / T4: post a draft on a working group's board")
    async def post_to_board(self, info: strawberry.Info, input: PostToBoardInput) -> ReferralResult:
        return await perform(
            info,
            ReferralPayload,
            lambda acting: actions.post_to_board(
                acting,
                referral_id(input.id),
                input.version,
                identity_of(input.working_group_id, GROUP_PREFIX, "workingGroupId"),
                confirmed=input.confirm_findings,
            ),
        )

    @strawberry.mutation(description="手を挙げる / T5: offer help on a card")
    async def offer_help(self, info: strawberry.Info, input: OfferHelpInput) -> OfferResult:
        return await perform(
            info,
            OfferPayload,
            lambda acting: actions.offer_help(acting, referral_id(input.id), input.message),
        )

    @strawberry.mutation(description="カードにメモを書く / write a note on a card, for the whole group")
    async def write_note(self, info: strawberry.Info, input: WriteNoteInput) -> NoteResult:
        return await perform(
            info,
            NotePayload,
            lambda acting: noting.write_note(
                acting, referral_id(input.id), input.body, confirmed=input.confirm_findings
            ),
        )
