"""What mutations of events and places answer with."""

from typing import Annotated

import strawberry

from libs.serving.session import Payload, written
from libs.serving.user_errors import Refusal
from services.platform.events.schema.types import Event, Place, PlaceState


@strawberry.type
class EventPayload(Payload):
    @strawberry.field
    async def event(self, info: strawberry.Info) -> Event | None:
        return await written(info, "Event", self)


@strawberry.type
class PlacePayload(Payload):
    @strawberry.field
    async def place(self, info: strawberry.Info) -> Place | None:
        return await written(info, "Place", self)


@strawberry.type(description="参加者一人(一組) / one registration as it was opened; a resident has a name")
class Participant:
    place_id: strawberry.ID
    number: int
    state: PlaceState
    organisation: str | None
    count: int
    names: list[str]
    kana: str
    email: str
    telephone: str
    answers: list["ParticipantAnswer"]


@strawberry.type
class ParticipantAnswer:
    question: str
    answer: str


@strawberry.type(description="参加者名簿 / participants with contacts and answers, by number")
class ParticipantsPayload(EventPayload):
    participants: list[Participant]


EventResult = Annotated[EventPayload | Refusal, strawberry.union("EventResult")]
PlaceResult = Annotated[PlacePayload | Refusal, strawberry.union("PlaceResult")]
ParticipantsResult = Annotated[ParticipantsPayload | Refusal, strawberry.union("ParticipantsResult")]
