"""What can be asked about services and places."""

from enum import Enum

import sqlalchemy as sa
import strawberry
from sqlalchemy.dialects.postgresql import ARRAY

from libs.japan.municipalities import around
from libs.japan.text import contains_pattern
from libs.policy.predicates import ASKER
from libs.reading import ids
from libs.reading.declare import Filter, Order, by_id, connection
from libs.reading.node import Connection
from services.platform.resources import models
from services.platform.resources.schema.types import Resource, ResourceKind

FILTERS = {
    "search": Filter(
        lambda row, value: row.c.search_key.like(value, escape="\\"),
        reads=("name", "name_kana", "description", "eligibility"),
        convert=contains_pattern,
    ),
    "kind": Filter(lambda row, value: row.c.kind == value, reads=("kind",)),
    "organisation": Filter(
        lambda row, value: row.c.organisation_id == value,
        reads=("organisation",),
        type=sa.Uuid(),
        convert=lambda text: ids.of_type("organisation", text, "organisation"),
    ),
    "area": Filter(
        lambda row, value: sa.or_(sa.func.cardinality(row.c.areas) == 0, row.c.areas.overlap(value)),
        reads=("areas",),
        type=ARRAY(sa.Text()),
        convert=around,
    ),
    "language": Filter(lambda row, value: value == sa.any_(row.c.languages), reads=("languages",)),
    "openNow": Filter(
        lambda row, value: sa.func.coalesce(models.is_open(row, ASKER), sa.false()) == value,
        reads=("open_now",),
        type=sa.Boolean(),
    ),
}


@strawberry.enum(description="サービス・場所の並び順 / 五十音, or newest first")
class ResourceOrder(Enum):
    KANA = "KANA"
    NEWEST = "NEWEST"


ORDERS = {
    "KANA": Order((("sort_key", False),), reads=("name", "name_kana")),
    "NEWEST": Order(newest_first=True),
}


@strawberry.type
class ResourcesQuery:
    @by_id("Resource")
    def resource(self, id: strawberry.ID) -> Resource | None:
        """サービス・場所をIDで / one service or place by id."""

    @connection("Resource", orders=ORDERS, filters=FILTERS)
    def resources(  # noqa: PLR0913 - GraphQL arguments
        self,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        search: str | None = None,
        kind: ResourceKind | None = None,
        organisation: strawberry.ID | None = None,
        area: str | None = None,
        language: str | None = None,
        open_now: bool | None = None,
        order: ResourceOrder | None = ResourceOrder.KANA,
    ) -> Connection[Resource] | None:
        """サービス・場所の一覧 / services and places; `area` is a municipality's or ward's code."""
