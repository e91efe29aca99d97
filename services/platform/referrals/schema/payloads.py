"""What the mutations of this feature answer with, read anew after the commit."""

import uuid
from typing import Annotated

import strawberry

from libs.serving.session import Payload, identity_of, written
from libs.serving.user_errors import Refusal
from services.platform.referrals.schema.bases import BreakGlass, CouncilItem, Sitting
from services.platform.referrals.schema.types import CardNote, Case, Consent, Offer, Referral


@strawberry.type
class CasePayload(Payload):
    @strawberry.field
    async def case(self, info: strawberry.Info) -> Case | None:
        return await written(info, "Case", self)


@strawberry.type
class ConsentPayload(Payload):
    @strawberry.field
    async def consent(self, info: strawberry.Info) -> Consent | None:
        return await written(info, "Consent", self)


@strawberry.type
class ReferralPayload(Payload):
    @strawberry.field
    async def referral(self, info: strawberry.Info) -> Referral | None:
        return await written(info, "Referral", self)


@strawberry.type
class OfferPayload(Payload):
    @strawberry.field
    async def offer(self, info: strawberry.Info) -> Offer | None:
        return await written(info, "Offer", self)


@strawberry.type
class NotePayload(Payload):
    @strawberry.field
    async def note(self, info: strawberry.Info) -> CardNote | None:
        return await written(info, "CardNote", self)


@strawberry.type
class CouncilItemPayload(Payload):
    @strawberry.field
    async def council_item(self, info: strawberry.Info) -> CouncilItem | None:
        return await written(info, "CouncilItem", self)


@strawberry.type
class SittingPayload(Payload):
    @strawberry.field
    async def sitting(self, info: strawberry.Info) -> Sitting | None:
        return await written(info, "Sitting", self)


@strawberry.type
class BreakGlassPayload(Payload):
    @strawberry.field
    async def break_glass(self, info: strawberry.Info) -> BreakGlass | None:
        return await written(info, "BreakGlass", self)


CaseResult = Annotated[CasePayload | Refusal, strawberry.union("CaseResult")]
ConsentResult = Annotated[ConsentPayload | Refusal, strawberry.union("ConsentResult")]
ReferralResult = Annotated[ReferralPayload | Refusal, strawberry.union("ReferralResult")]
OfferResult = Annotated[OfferPayload | Refusal, strawberry.union("OfferResult")]
NoteResult = Annotated[NotePayload | Refusal, strawberry.union("NoteResult")]
CouncilItemResult = Annotated[CouncilItemPayload | Refusal, strawberry.union("CouncilItemResult")]
SittingResult = Annotated[SittingPayload | Refusal, strawberry.union("SittingResult")]
BreakGlassResult = Annotated[BreakGlassPayload | Refusal, strawberry.union("BreakGlassResult")]


def referral_id(text: strawberry.ID, field: str = "id") -> uuid.UUID | None:
    return identity_of(text, "referral", field)
