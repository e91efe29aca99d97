"""What can be asked about members."""

from enum import Enum

import strawberry

from libs.japan.text import contains_pattern
from libs.reading.declare import Filter, Order, by_id, connection, current
from libs.reading.node import Connection
from services.platform.members import models
from services.platform.members.schema.types import (
    Organisation,
    OrganisationKind,
    OrganisationStatus,
    Person,
    Platform,
)


@strawberry.enum(description="団体名簿の並び順 / order of the directory: 五十音, or newest first")
class OrganisationOrder(Enum):
    KANA = "KANA"
    NEWEST = "NEWEST"


DIRECTORY_ORDERS = {
    "KANA": Order((("sort_key", False),), reads=("name", "name_kana")),
    "NEWEST": Order(newest_first=True),
}
DIRECTORY_FILTERS = {
    "search": Filter(
        lambda row, value: row.c.search_key.like(value, escape="\\"),
        reads=("name", "name_kana", "services", "area"),
        convert=contains_pattern,
    ),
    "kind": Filter(lambda row, value: row.c.kind == value, reads=("kind",)),
    "status": Filter(lambda row, value: row.c.status == value, reads=("status",)),
}


@strawberry.type
class MembersQuery:
    me: Person | None = current(
        "Person", where=models.is_asker, description="自分 / the person asking; null for the public"
    )
    my_organisation: Organisation | None = current(
        "Organisation",
        where=models.is_askers_organisation,
        description="自分の団体 / the organisation acted for",
    )
    platform: Platform | None = current(
        "Platform", where=models.is_askers_platform, description="このプラットフォーム / the platform asked"
    )

    @by_id("Organisation")
    def organisation(self, id: strawberry.ID) -> Organisation | None:
        """団体をIDで / one organisation by id."""

    @by_id("Person")
    def person(self, id: strawberry.ID) -> Person | None:
        """人をIDで / one person by id."""

    @connection("Person")
    def people(
        self,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[Person] | None:
        """会員団体の人(新しい順) / the people who act for members, newest first."""

    @connection("Organisation", orders=DIRECTORY_ORDERS, filters=DIRECTORY_FILTERS)
    def organisations(  # noqa: PLR0913 - GraphQL arguments
        self,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        search: str | None = None,
        kind: OrganisationKind | None = None,
        status: OrganisationStatus | None = None,
        order: OrganisationOrder | None = OrganisationOrder.KANA,
    ) -> Connection[Organisation] | None:
        """団体の名簿 / the directory; search ignores width, kana and old characters."""
