"""What mutations of members answer: the payload, or why not."""

from typing import Annotated

import strawberry

from libs.serving.session import Payload, written
from libs.serving.user_errors import Refusal
from services.platform.members.schema.types import Organisation, Person, Platform


@strawberry.type
class OrganisationPayload(Payload):
    @strawberry.field
    async def organisation(self, info: strawberry.Info) -> Organisation | None:
        return await written(info, "Organisation", self)


@strawberry.type
class PersonPayload(Payload):
    @strawberry.field
    async def person(self, info: strawberry.Info) -> Person | None:
        return await written(info, "Person", self)


@strawberry.type
class InvitationPayload(Payload):
    code: str | None = strawberry.field(
        description="招待コード。一度だけ表示されます / shown once, never again"
    )

    @strawberry.field
    async def person(self, info: strawberry.Info) -> Person | None:
        return await written(info, "Person", self)


@strawberry.type
class PlatformPayload(Payload):
    @strawberry.field
    async def platform(self, info: strawberry.Info) -> Platform | None:
        return await written(info, "Platform", self)


OrganisationResult = Annotated[OrganisationPayload | Refusal, strawberry.union("OrganisationResult")]
PersonResult = Annotated[PersonPayload | Refusal, strawberry.union("PersonResult")]
InvitationResult = Annotated[InvitationPayload | Refusal, strawberry.union("InvitationResult")]
PlatformResult = Annotated[PlatformPayload | Refusal, strawberry.union("PlatformResult")]
