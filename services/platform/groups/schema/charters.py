"""What people do about a group's charter."""

from typing import Annotated

import strawberry

from libs.serving.session import Payload, identity_of, perform, written
from libs.serving.user_errors import Refusal
from services.platform.groups.actions import charters
from services.platform.groups.schema import inputs
from services.platform.groups.schema.types import Charter


@strawberry.type
class CharterPayload(Payload):
    @strawberry.field
    async def charter(self, info: strawberry.Info) -> Charter | None:
        return await written(info, "Charter", self)


CharterResult = Annotated[CharterPayload | Refusal, strawberry.union("CharterResult")]


@strawberry.type
class ChartersMutation:
    @strawberry.mutation(description="規約を定める / adopt a group's charter; earlier ones stay to be read")
    async def adopt_charter(self, info: strawberry.Info, input: inputs.AdoptCharterInput) -> CharterResult:
        return await perform(
            info,
            CharterPayload,
            lambda acting: charters.adopt(
                acting,
                identity_of(input.working_group_id, "working_group", "workingGroupId"),
                input.body,
                input.quorum.value,
            ),
        )
