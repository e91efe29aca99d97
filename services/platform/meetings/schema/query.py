"""What can be asked about meetings and what came of them."""

from enum import Enum

import sqlalchemy as sa
import strawberry

from libs.reading import ids
from libs.reading.declare import Filter, Order, by_id, connection
from libs.reading.node import Connection
from services.platform.meetings.models import invites_asker
from services.platform.meetings.schema.types import Decision, Meeting, MeetingState, Minutes, Outcome

OF_GROUP = Filter(
    lambda row, value: row.c.working_group_id == value,
    reads=("working_group",),
    type=sa.Uuid(),
    convert=lambda text: ids.of_type("working_group", text, "workingGroupId"),
)
MEETING_FILTERS = {
    "workingGroupId": OF_GROUP,
    "state": Filter(lambda row, value: row.c.state == value, reads=("state",)),
}
DECISION_FILTERS = {
    "workingGroupId": OF_GROUP,
    "outcome": Filter(lambda row, value: row.c.outcome == value, reads=("outcome",)),
}
MEETING_ORDERS = {
    "LATEST": Order((("starts_at", True),), reads=("starts_at",), newest_first=True),
    "STARTS": Order((("starts_at", False),), reads=("starts_at",)),
}


@strawberry.enum(description="会議の並び順 / order of meetings")
class MeetingOrder(Enum):
    LATEST = "LATEST"
    STARTS = "STARTS"


@strawberry.type
class MeetingsQuery:
    @by_id("Meeting")
    def meeting(self, id: strawberry.ID) -> Meeting | None:
        """会議をIDで / one meeting by id."""

    @by_id("Minutes")
    def minutes(self, id: strawberry.ID) -> Minutes | None:
        """議事録をIDで / minutes by id."""

    @by_id("Decision")
    def decision(self, id: strawberry.ID) -> Decision | None:
        """議決をIDで / one decision by id."""

    @connection("Meeting", filters=MEETING_FILTERS, orders=MEETING_ORDERS)
    def meetings(  # noqa: PLR0913 - GraphQL arguments
        self,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        order: MeetingOrder | None = MeetingOrder.LATEST,
        working_group_id: strawberry.ID | None = None,
        state: MeetingState | None = None,
    ) -> Connection[Meeting] | None:
        """会議の一覧 / meetings of one's groups, by their time."""

    @connection("Meeting", orders=MEETING_ORDERS, where=invites_asker)
    def my_meetings(
        self,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        order: MeetingOrder | None = MeetingOrder.LATEST,
    ) -> Connection[Meeting] | None:
        """自分の団体が招集された会議 / meetings to which the asker's organisation is called."""

    @connection("Decision", filters=DECISION_FILTERS)
    def decisions(  # noqa: PLR0913 - GraphQL arguments
        self,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        working_group_id: strawberry.ID | None = None,
        outcome: Outcome | None = None,
    ) -> Connection[Decision] | None:
        """議決の一覧 / what groups decided, newest first."""
