"""GraphQL of what is mended and taken back: cards, offers, notes, cases."""

import strawberry

from libs.serving.session import identity_of, perform
from services.platform.referrals.actions import cards, case_life, noting, taking_back
from services.platform.referrals.schema.cards import CONFIRM
from services.platform.referrals.schema.enums import CardRefusal
from services.platform.referrals.schema.payloads import (
    CasePayload,
    CaseResult,
    NotePayload,
    NoteResult,
    OfferPayload,
    OfferResult,
    ReferralPayload,
    ReferralResult,
    referral_id,
)


@strawberry.input(description="紹介とその版 / a referral, in the version that you read")
class ReferralInput:
    id: strawberry.ID
    version: int


@strawberry.input
class RefuseCardInput:
    id: strawberry.ID
    version: int
    code: CardRefusal


@strawberry.input
class WithdrawOfferInput:
    id: strawberry.ID
    version: int


@strawberry.input
class EditNoteInput:
    id: strawberry.ID
    version: int
    body: str
    confirm_findings: bool = strawberry.field(default=False, description=CONFIRM)


@strawberry.input
class RemoveNoteInput:
    id: strawberry.ID
    version: int


@strawberry.input(description="ケースとその版 / a case, in the version that you read")
class CaseInput:
    id: strawberry.ID
    version: int


@strawberry.type
class ChangesMutation:
    @strawberry.mutation(description="下書きに戻す / T2b: take back the question of a basis")
    async def take_back_basis(self, info: strawberry.Info, input: ReferralInput) -> ReferralResult:
        return await perform(
            info,
            ReferralPayload,
            lambda acting: taking_back.take_back_basis(acting, referral_id(input.id), input.version),
        )

    @strawberry.mutation(description="掲示を承認する / T4: let a card onto the board")
    async def approve_card(self, info: strawberry.Info, input: ReferralInput) -> ReferralResult:
        return await perform(
            info,
            ReferralPayload,
            lambda acting: cards.approve_card(acting, referral_id(input.id), input.version),
        )

    @strawberry.mutation(description="掲示を承認しない / T4: give a card back to its writer")
    async def refuse_card(self, info: strawberry.Info, input: RefuseCardInput) -> ReferralResult:
        return await perform(
            info,
            ReferralPayload,
            lambda acting: cards.refuse_card(acting, referral_id(input.id), input.version, input.code.value),
        )

    @strawberry.mutation(description="申出を取り下げる / take back an offer of help")
    async def withdraw_offer(self, info: strawberry.Info, input: WithdrawOfferInput) -> OfferResult:
        return await perform(
            info,
            OfferPayload,
            lambda acting: cards.withdraw_offer(acting, identity_of(input.id, "offer"), input.version),
        )

    @strawberry.mutation(description="メモを直す / edit a note of one's own organisation")
    async def edit_note(self, info: strawberry.Info, input: EditNoteInput) -> NoteResult:
        return await perform(
            info,
            NotePayload,
            lambda acting: noting.edit_note(
                acting,
                identity_of(input.id, "note"),
                input.version,
                input.body,
                confirmed=input.confirm_findings,
            ),
        )

    @strawberry.mutation(description="メモを取り下げる / remove a note with its text; answers the card")
    async def remove_note(self, info: strawberry.Info, input: RemoveNoteInput) -> ReferralResult:
        return await perform(
            info,
            ReferralPayload,
            lambda acting: noting.remove_note(acting, identity_of(input.id, "note"), input.version),
        )

    @strawberry.mutation(description="ケースを終結する / close a case of which nothing is under way")
    async def close_case(self, info: strawberry.Info, input: CaseInput) -> CaseResult:
        return await perform(
            info,
            CasePayload,
            lambda acting: case_life.close_case(acting, identity_of(input.id, "case"), input.version),
        )

    @strawberry.mutation(description="ケースを再開する / take a closed case up again")
    async def reopen_case(self, info: strawberry.Info, input: CaseInput) -> CaseResult:
        return await perform(
            info,
            CasePayload,
            lambda acting: case_life.reopen_case(acting, identity_of(input.id, "case"), input.version),
        )
