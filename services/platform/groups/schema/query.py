"""What can be asked about working groups."""

import sqlalchemy as sa
import strawberry

from libs.japan.text import contains_pattern
from libs.reading import ids
from libs.reading.declare import Filter, by_id, connection
from libs.reading.node import Connection
from services.platform.groups import models
from services.platform.groups.schema.types import File, GroupState, Post, Seat, WorkingGroup

GROUP_FILTERS = {
    "search": Filter(
        lambda row, value: row.c.search_key.like(value, escape="\\"),
        reads=("name",),
        convert=contains_pattern,
    ),
    "state": Filter(lambda row, value: row.c.state == value, reads=("state",)),
}
SEAT_FILTERS = {
    "workingGroup": Filter(
        lambda row, value: row.c.working_group_id == value,
        reads=("working_group",),
        type=sa.Uuid(),
        convert=lambda text: ids.of_type("working_group", text, "workingGroup"),
    ),
}


@strawberry.type
class GroupsQuery:
    @by_id("WorkingGroup")
    def working_group(self, id: strawberry.ID) -> WorkingGroup | None:
        """部会をIDで / one working group by id."""

    @by_id("Seat")
    def seat(self, id: strawberry.ID) -> Seat | None:
        """席をIDで / one seat by id."""

    @by_id("Post")
    def post(self, id: strawberry.ID) -> Post | None:
        """投稿をIDで / one post by id."""

    @connection("Seat", filters=SEAT_FILTERS, where=models.not_ended)
    def seats(
        self,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        working_group: strawberry.ID | None = None,
    ) -> Connection[Seat] | None:
        """全部会の席(終わったものを除く) / seats of today and to come, of all groups or of one."""

    @by_id("File")
    def file(self, id: strawberry.ID) -> File | None:
        """資料をIDで / one file by id."""

    @connection("WorkingGroup", filters=GROUP_FILTERS)
    def working_groups(  # noqa: PLR0913 - GraphQL arguments
        self,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        search: str | None = None,
        state: GroupState | None = None,
    ) -> Connection[WorkingGroup] | None:
        """部会の一覧 / working groups, newest first; search by name."""

    @connection("WorkingGroup", where=models.is_askers_group)
    def my_working_groups(
        self,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[WorkingGroup] | None:
        """自団体に席のある部会 / groups in which your organisation holds a seat today."""
