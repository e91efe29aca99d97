"""GraphQL's way to the actions of events and places."""

import datetime as dt
import uuid
from typing import Annotated

import strawberry

from libs.errors.problems import NotFound
from libs.serving.session import Payload, identity_of, perform, written
from libs.serving.user_errors import Refusal
from services.platform.events import actions, places
from services.platform.events.content import EventContent
from services.platform.events.schema import DeliveryMode, Event, Place
from services.platform.events.times import Times


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


EventResult = Annotated[EventPayload | Refusal, strawberry.union("EventResult")]
PlaceResult = Annotated[PlacePayload | Refusal, strawberry.union("PlaceResult")]


@strawberry.input(description="開催日時。時差付き / with offsets; `days` in a row at the same hours")
class OccurrenceInput:
    starts_at: dt.datetime
    ends_at: dt.datetime | None = None
    all_day: bool = strawberry.field(
        default=False, description="終日。startsAtの日(日本時間)で、endsAtは空に / endsAt stays empty"
    )
    days: int = 1


@strawberry.input(description="行事の内容 / all that the organiser says of it")
class EventContentInput:
    title: str
    title_kana: str = ""
    description: str = ""
    occurrences: list[OccurrenceInput]
    delivery_mode: DeliveryMode
    venue: str = ""
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None
    audience: str = ""
    join_url: str | None = None
    url: str | None = None
    fee: str = ""
    capacity: int | None = strawberry.field(
        default=None, description="定員(人)。空は制限なし / persons; empty is no limit"
    )
    reservable: bool = True
    deadline: dt.datetime | None = None
    inquiries: str = ""
    working_group_id: strawberry.ID | None = None


@strawberry.input
class CreateEventInput:
    event: EventContentInput
    organisation_id: strawberry.ID | None = strawberry.field(
        default=None, description="主催団体。空は自分の団体 / the organiser; empty is one's own organisation"
    )


@strawberry.input(description="内容はすべて置き換わります / the whole content is replaced")
class EditEventInput:
    id: strawberry.ID
    version: int
    event: EventContentInput


@strawberry.input
class PublishEventInput:
    id: strawberry.ID
    version: int
    to_everybody: bool = strawberry.field(
        description="trueは一般公開、falseは会員のみ / true: everybody; false: members only"
    )


@strawberry.input
class CancelEventInput:
    id: strawberry.ID
    version: int
    reason: str = ""


@strawberry.input
class TakePlacesInput:
    event_id: strawberry.ID
    count: int
    attendees: list[str] = strawberry.field(default_factory=list[str])


@strawberry.input
class GiveUpPlacesInput:
    id: strawberry.ID
    version: int


@strawberry.input
class RecordAttendanceInput:
    id: strawberry.ID
    version: int
    attended: int


@strawberry.type
class EventsMutation:
    @strawberry.mutation(description="行事の下書きをつくる / draft an event")
    async def create_event(self, info: strawberry.Info, input: CreateEventInput) -> EventResult:
        return await perform(
            info,
            EventPayload,
            lambda acting: actions.draft(
                acting,
                _id(input.organisation_id, "organisation", "organisationId"),
                _content(input.event),
                _id(input.event.working_group_id, "working_group", "workingGroupId"),
            ),
        )

    @strawberry.mutation(description="行事を直す / edit an event")
    async def edit_event(self, info: strawberry.Info, input: EditEventInput) -> EventResult:
        return await perform(
            info,
            EventPayload,
            lambda acting: actions.edit(
                acting,
                identity_of(input.id, "event"),
                input.version,
                _content(input.event),
                _id(input.event.working_group_id, "working_group", "workingGroupId"),
            ),
        )

    @strawberry.mutation(description="行事を告知・公開する / show it to the members or to everybody")
    async def publish_event(self, info: strawberry.Info, input: PublishEventInput) -> EventResult:
        return await perform(
            info,
            EventPayload,
            lambda acting: actions.announce(
                acting, identity_of(input.id, "event"), input.version, to_everybody=input.to_everybody
            ),
        )

    @strawberry.mutation(description="行事を中止する / call it off")
    async def cancel_event(self, info: strawberry.Info, input: CancelEventInput) -> EventResult:
        return await perform(
            info,
            EventPayload,
            lambda acting: actions.cancel(
                acting, identity_of(input.id, "event"), input.version, input.reason
            ),
        )

    @strawberry.mutation(description="団体の参加枠を取る / take places for the organisation")
    async def take_places(self, info: strawberry.Info, input: TakePlacesInput) -> PlaceResult:
        return await perform(
            info,
            PlacePayload,
            lambda acting: places.take(
                acting, identity_of(input.event_id, "event", "eventId"), input.count, input.attendees
            ),
        )

    @strawberry.mutation(description="参加枠を返す / give places up")
    async def give_up_places(self, info: strawberry.Info, input: GiveUpPlacesInput) -> PlaceResult:
        return await perform(
            info,
            PlacePayload,
            lambda acting: places.give_up(acting, identity_of(input.id, "place"), input.version),
        )

    @strawberry.mutation(description="出席人数を記録する / record how many came")
    async def record_attendance(self, info: strawberry.Info, input: RecordAttendanceInput) -> PlaceResult:
        return await perform(
            info,
            PlacePayload,
            lambda acting: places.record_attendance(
                acting, identity_of(input.id, "place"), input.version, input.attended
            ),
        )


def _content(given: EventContentInput) -> EventContent:
    return EventContent(
        title=given.title,
        title_kana=given.title_kana,
        description=given.description,
        occurrences=tuple(
            Times(each.starts_at, each.ends_at, each.all_day, each.days) for each in given.occurrences
        ),
        delivery_mode=given.delivery_mode.value,
        venue=given.venue,
        address=given.address,
        latitude=given.latitude,
        longitude=given.longitude,
        audience=given.audience,
        join_url=given.join_url,
        url=given.url,
        fee=given.fee,
        capacity=given.capacity,
        reservable=given.reservable,
        deadline=given.deadline,
        inquiries=given.inquiries,
    )


def _id(text: strawberry.ID | None, prefix: str, field: str) -> uuid.UUID | None:
    """None where none was given. Raises NotFound for another type's id, which must not pass for none."""
    if text is None:
        return None
    found = identity_of(text, prefix, field)
    if found is None:
        raise NotFound
    return found
