"""What is on, and one's own places."""

import datetime as dt
from enum import Enum
from typing import Any

import sqlalchemy as sa
import strawberry

from libs.japan.text import contains_pattern
from libs.reading import ids
from libs.reading.declare import Filter, Order, Row, by_id, connection
from libs.reading.node import Connection
from libs.tenancy.models import TIME
from services.platform.events.models import is_mine
from services.platform.events.models.feeds import of_asker
from services.platform.events.schema.feed_types import CalendarFeed
from services.platform.events.schema.types import Event, EventKind, EventState, Place


@strawberry.enum(description="これから(開催中を含む)・終了 / still to come or running, or over")
class EventTime(Enum):
    UPCOMING = "upcoming"
    PAST = "past"


@strawberry.enum(description="行事の並び順")
class EventOrder(Enum):
    STARTS = "STARTS"
    LATEST = "LATEST"
    NEWEST = "NEWEST"


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
    "kind": Filter(lambda row, value: row.c.kind == value, reads=("kind",)),
    "series": Filter(
        lambda row, value: row.c.series_id == value,
        reads=("series_first",),
        type=sa.Uuid(),
        convert=lambda text: ids.of_type("event", text, "series"),
    ),
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
        kind: EventKind | None = None,
        series: strawberry.ID | None = None,
        working_group: strawberry.ID | None = None,
        organiser: strawberry.ID | None = None,
        order: EventOrder | None = EventOrder.STARTS,
    ) -> Connection[Event] | None:
        """行事の一覧 / what is on; search ignores width, kana and old characters."""

    @connection("Event", orders=EVENT_ORDERS, filters={"when": EVENT_FILTERS["when"]}, where=is_mine)
    def my_events(  # noqa: PLR0913 - likewise
        self,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        when: EventTime | None = None,
        order: EventOrder | None = EventOrder.STARTS,
    ) -> Connection[Event] | None:
        """自団体が開く、または参加する行事 / what the asker's organisation holds or attends."""

    @connection("CalendarFeed", where=of_asker)
    def my_calendar_feeds(
        self,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[CalendarFeed] | None:
        """自分のカレンダーのリンク / one's own links."""

    @connection("Place", where=lambda row, asker: row.c.organisation_id == asker.organisation)
    def my_places(
        self,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[Place] | None:
        """自分の団体の参加枠 / places that the asker's organisation took."""
