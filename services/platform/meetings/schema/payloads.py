"""What mutations of meetings answer."""

from typing import Annotated

import strawberry

from libs.serving.session import Payload, written
from libs.serving.user_errors import Refusal
from services.platform.groups.schema import File
from services.platform.meetings.schema.types import Decision, Meeting, Minutes


@strawberry.type
class MeetingPayload(Payload):
    @strawberry.field
    async def meeting(self, info: strawberry.Info) -> Meeting | None:
        return await written(info, "Meeting", self)


@strawberry.type
class MinutesPayload(Payload):
    @strawberry.field
    async def minutes(self, info: strawberry.Info) -> Minutes | None:
        return await written(info, "Minutes", self)


@strawberry.type
class DecisionPayload(Payload):
    @strawberry.field
    async def decision(self, info: strawberry.Info) -> Decision | None:
        return await written(info, "Decision", self)


@strawberry.type
class PaperPayload(Payload):
    @strawberry.field
    async def file(self, info: strawberry.Info) -> File | None:
        return await written(info, "File", self)


MeetingResult = Annotated[MeetingPayload | Refusal, strawberry.union("MeetingResult")]
MinutesResult = Annotated[MinutesPayload | Refusal, strawberry.union("MinutesResult")]
DecisionResult = Annotated[DecisionPayload | Refusal, strawberry.union("DecisionResult")]
PaperResult = Annotated[PaperPayload | Refusal, strawberry.union("PaperResult")]
