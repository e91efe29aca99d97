"""A link to one's calendar as its person reads it; its secret is no field."""

import datetime as dt
from enum import Enum

import strawberry

from libs.reading.declare import can, column, hidden, identity, one, stored
from libs.reading.node import Node
from services.platform.events.models import calendar_feed
from services.platform.groups.schema.types import WorkingGroup
from services.platform.members.schema import Organisation


@strawberry.enum(description="範囲 / ALL: what one may see; MINE: what one's organisation holds or attends")
class FeedScope(Enum):
    ALL = "all"
    MINE = "mine"
    GROUP = "group"


@strawberry.enum(description="カレンダーのリンクについて行える操作")
class CalendarFeedAction(Enum):
    REVOKE_CALENDAR_FEED = "revoke_calendar_feed"


@stored(calendar_feed, object="calendar_feed", prefix="calendar_feed")
@strawberry.type(
    description="購読するカレンダーのリンク / a link to one's calendar; its secret is shown once"
)
class CalendarFeed(Node):
    id: strawberry.ID = identity()
    scope: FeedScope | None = column()
    organisation: Organisation | None = one(
        "Organisation", on=lambda own, row: row.c.id == own.c.organisation_id
    )
    working_group: WorkingGroup | None = one(
        "WorkingGroup", on=lambda own, row: row.c.id == own.c.working_group_id
    )
    created_at: dt.datetime | None = column()
    revoked_at: dt.datetime | None = column(description="無効にした日時")
    version: int | None = column()
    viewer_can: list[CalendarFeedAction] | None = can()
    hidden_fields: list[str] = hidden()
