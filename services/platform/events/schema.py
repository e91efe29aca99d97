"""GraphQL of events: what is on, who organises it, and the places that organisations take."""

import datetime as dt
from enum import Enum
from typing import Any

import sqlalchemy as sa
import strawberry

from libs.japan.text import contains_pattern
from libs.policy.predicates import Asker
from libs.reading import ids
from libs.reading.declare import (
    Filter,
    Order,
    Row,
    by_id,
    can,
    column,
    computed,
    connection,
    hidden,
    identity,
    listing,
    one,
    stored,
)
from libs.reading.node import Connection, Node
from libs.tenancy.models import TIME
from services.platform.events.models import event, occurrence, persons_left, persons_taken, place
from services.platform.groups.schema.types import WorkingGroup
from services.platform.members.schema import Organisation


@strawberry.enum(description="行事の状態 / whether it is a draft, announced or cancelled")
class EventState(Enum):
    DRAFT = "draft"
    ANNOUNCED = "announced"
    CANCELLED = "cancelled"


@strawberry.enum(description="開催方法 / in a room, online, or both")
class DeliveryMode(Enum):
    ROOM = "room"
    ONLINE = "online"
    HYBRID = "hybrid"


@strawberry.enum(description="参加枠の状態")
class PlaceState(Enum):
    TAKEN = "taken"
    GIVEN_UP = "given_up"


@strawberry.enum(description="これから(開催中を含む)・終了 / still to come or running, or over")
class EventTime(Enum):
    UPCOMING = "upcoming"
    PAST = "past"


@strawberry.enum(description="行事の並び順")
class EventOrder(Enum):
    STARTS = "STARTS"
    LATEST = "LATEST"
    NEWEST = "NEWEST"


@strawberry.enum(
    description="行事について行える操作。ANNOUNCE_EVENTはpublishEventのtoEverybody: false / "
    "what can be done to an event; ANNOUNCE_EVENT is publishEvent with toEverybody: false"
)
class EventAction(Enum):
    EDIT_EVENT = "edit_event"
    ANNOUNCE_EVENT = "announce_event"
    PUBLISH_EVENT = "publish_event"
    CANCEL_EVENT = "cancel_event"
    TAKE_PLACES = "take_places"


@strawberry.enum(description="参加枠について行える操作 / what can be done to places")
class PlaceAction(Enum):
    GIVE_UP_PLACES = "give_up_places"
    RECORD_ATTENDANCE = "record_attendance"


NOW: "sa.BindParameter[dt.datetime]" = sa.bindparam("viewer_now", type_=TIME)


def _when(row: Row, value: "sa.ColumnElement[Any]") -> "sa.ColumnElement[bool]":
    return (row.c.over_at > NOW) == (value == "upcoming")


EVENT_ORDERS = {
    "STARTS": Order((("starts_at", False),), reads=("starts_at",)),
    "LATEST": Order((("starts_at", True),), reads=("starts_at",), newest_first=True),
    "NEWEST": Order(newest_first=True),
}
EVENT_FILTERS = {
    "search": Filter(
        lambda row, value: row.c.search_key.like(value, escape="\\"),
        reads=("title", "title_kana", "description", "venue"),
        convert=contains_pattern,
    ),
    "when": Filter(_when, reads=("starts_at", "ends_at")),
    "state": Filter(lambda row, value: row.c.state == value, reads=("state",)),
    "workingGroup": Filter(
        lambda row, value: row.c.working_group_id == value,
        reads=("working_group",),
        type=sa.Uuid(),
        convert=lambda text: ids.of_type("working_group", text, "workingGroup"),
    ),
    "organiser": Filter(
        lambda row, value: row.c.organisation_id == value,
        reads=("organiser",),
        type=sa.Uuid(),
        convert=lambda text: ids.of_type("organisation", text, "organiser"),
    ),
}
IN_ORDER = {"NUMBER": Order((("number", False),), reads=("number",))}


def _left(row: Row, asker: Asker) -> "sa.ColumnElement[int]":
    """Null where there is no limit, or places are not taken here."""
    limited = sa.and_(row.c.reservable, row.c.capacity.is_not(None))
    return sa.case((limited, persons_left(row, asker)))


@stored(occurrence, object="occurrence", prefix="occurrence", only=lambda row, _: sa.not_(row.c.dropped))
@strawberry.type(description="開催日時 / when an event takes place once, or on days in a row")
class EventOccurrence(Node):
    id: strawberry.ID = identity()
    starts_at: dt.datetime | None = column()
    ends_at: dt.datetime | None = column(description="null: 終了の記載なし / no end is stated")
    all_day: bool | None = column(description="終日(日本時間) / the whole day in Japan")
    days: int | None = column(description="同じ時間で続く日数 / days in a row at these hours")


@stored(place, object="place", prefix="place")
@strawberry.type(description="参加枠 / an organisation's places at an event")
class Place(Node):
    id: strawberry.ID = identity()
    event: "Event | None" = one("Event", on=lambda own, row: row.c.id == own.c.event_id)
    organisation: Organisation | None = one(
        "Organisation", on=lambda own, row: row.c.id == own.c.organisation_id
    )
    count: int | None = column(description="人数 / persons")
    attendees: list[str] | None = column(description="参加者名 / names of who comes")
    attended: int | None = column(description="出席した人数 / persons who came")
    state: PlaceState | None = column()
    created_at: dt.datetime | None = column()
    version: int | None = column()
    viewer_can: list[PlaceAction] | None = can()
    hidden_fields: list[str] = hidden()


@stored(event, object="event", prefix="event")
@strawberry.type(description="行事 / an event")
class Event(Node):
    id: strawberry.ID = identity()
    title: str | None = column()
    title_kana: str | None = column()
    description: str | None = column()
    state: EventState | None = column()
    published: bool | None = column(description="一般公開 / whether everybody may read the card")
    announced_at: dt.datetime | None = column()
    starts_at: dt.datetime | None = column(description="最初の開始 / start of the first occurrence")
    ends_at: dt.datetime | None = column(description="最後の終了 / end of the last, if stated")
    delivery_mode: DeliveryMode | None = column()
    venue: str | None = column()
    address: str | None = column()
    latitude: float | None = column(description="緯度(度) / degrees")
    longitude: float | None = column(description="経度(度) / degrees")
    audience: str | None = column(description="対象者 / for whom")
    join_url: str | None = column(description="参加用リンク / for the organiser and who attends")
    url: str | None = column(description="案内ページ / page about it")
    fee: str | None = column()
    capacity: int | None = column(description="定員(人)。nullは制限なし / persons; null is no limit")
    reservable: bool | None = column(description="参加枠をここで取れるか / places are taken here")
    places_left: int | None = computed(_left, description="残席(人) / persons; null where there is no limit")
    attendee_count: int | None = computed(persons_taken, description="参加人数 / persons who have places")
    deadline: dt.datetime | None = column(description="申込期限")
    inquiries: str | None = column(description="問合せ先")
    cancel_reason: str | None = column(description="中止の理由")
    organiser: Organisation | None = one(
        "Organisation", on=lambda own, row: row.c.id == own.c.organisation_id
    )
    working_group: WorkingGroup | None = one(
        "WorkingGroup", on=lambda own, row: row.c.id == own.c.working_group_id
    )
    created_at: dt.datetime | None = column()
    updated_at: dt.datetime | None = column()
    version: int | None = column()
    viewer_can: list[EventAction] | None = can()
    hidden_fields: list[str] = hidden()

    @listing("EventOccurrence", on=lambda own, row: row.c.event_id == own.c.id, orders=IN_ORDER)
    def occurrences(self, first: int | None = 20) -> list[EventOccurrence] | None:
        """開催日時 / when it takes place, in order."""

    @connection("Place", on=lambda own, row: row.c.event_id == own.c.id)
    def places(
        self,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[Place] | None:
        """参加枠 / places that the asker may see: one's own, and all of one's own event."""


@strawberry.type
class EventsQuery:
    @by_id("Event")
    def event(self, id: strawberry.ID) -> Event | None:
        """行事をIDで / one event by id."""

    @connection("Event", orders=EVENT_ORDERS, filters=EVENT_FILTERS)
    def events(  # noqa: PLR0913 - GraphQL arguments
        self,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        search: str | None = None,
        when: EventTime | None = None,
        state: EventState | None = None,
        working_group: strawberry.ID | None = None,
        organiser: strawberry.ID | None = None,
        order: EventOrder | None = EventOrder.STARTS,
    ) -> Connection[Event] | None:
        """行事の一覧 / what is on; search ignores width, kana and old characters."""

    @connection("Place", where=lambda row, asker: row.c.organisation_id == asker.organisation)
    def my_places(
        self,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[Place] | None:
        """自分の団体の参加枠 / places that the asker's organisation took."""
