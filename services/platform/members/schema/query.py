"""What can be asked about members."""

from enum import Enum

import sqlalchemy as sa
import strawberry
from sqlalchemy.dialects.postgresql import ARRAY

from libs.japan.kana_order import ROWS
from libs.japan.municipalities import named_around
from libs.japan.text import contains_pattern
from libs.reading import ids
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


@strawberry.enum(description="五十音の行 / a row of the index")
class KanaRow(Enum):
    A = "あ"
    KA = "か"
    SA = "さ"
    TA = "た"
    NA = "な"
    HA = "は"
    MA = "ま"
    YA = "や"
    RA = "ら"
    WA = "わ"


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
    "field": Filter(lambda row, value: value == sa.any_(row.c.fields_of_work), reads=("fields_of_work",)),
    "memberClass": Filter(
        lambda row, value: row.c.member_class_id == value,
        reads=("member_class",),
        type=sa.Uuid(),
        convert=lambda text: ids.of_type("class", text, "memberClass"),
    ),
    # who names no area works wherever the platform is
    "area": Filter(
        lambda row, value: sa.or_(
            sa.func.cardinality(row.c.service_areas) == 0, row.c.service_areas.overlap(value)
        ),
        reads=("service_areas",),
        type=ARRAY(sa.Text()),
        convert=named_around,
    ),
    "initial": Filter(
        lambda row, value: sa.func.left(row.c.sort_key, sa.literal_column("1")) == sa.any_(value),
        reads=("name", "name_kana"),
        type=ARRAY(sa.Text()),
        convert=lambda row: list(ROWS[row.value]),
    ),
}
PEOPLE_FILTERS = {
    "search": Filter(
        lambda row, value: row.c.search_key.like(value, escape="\\"),
        reads=("name", "name_kana"),
        convert=contains_pattern,
    ),
    "about": Filter(
        lambda row, value: row.c.profile_key.like(value, escape="\\"),
        reads=("profile", "interests", "ask_me"),
        convert=contains_pattern,
    ),
}
QUEUE = {"OLDEST": Order()}


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

    @connection("Person", filters=PEOPLE_FILTERS)
    def people(  # noqa: PLR0913 - GraphQL arguments
        self,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        search: str | None = None,
        about: str | None = None,
    ) -> Connection[Person] | None:
        """会員団体の人(新しい順)。searchは氏名、aboutは人となり / by name, or by their profile."""

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
        field: str | None = None,
        member_class: strawberry.ID | None = None,
        area: str | None = None,
        initial: KanaRow | None = None,
        order: OrganisationOrder | None = OrganisationOrder.KANA,
    ) -> Connection[Organisation] | None:
        """団体の名簿 / the directory; search ignores width, kana and old characters.

        `area` is the code of a municipality or ward; `initial` a row of the index.
        """

    @connection("Organisation", orders=QUEUE, where=models.is_applying)
    def applications(
        self,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[Organisation] | None:
        """審査待ちの申請(古い順) / applications that wait for a decision, the oldest first."""
