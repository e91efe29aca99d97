"""A GraphQL schema of the tests' own over the product's tables: all that declarations can say.

The product's policy and relations decide over it, as they do over the product's own schema.
"""

import datetime as dt
from enum import Enum
from typing import Annotated, Any

import sqlalchemy as sa
import strawberry
from sqlalchemy.dialects.postgresql import ARRAY

from libs.persistence.tables import TENANT
from libs.policy.predicates import Asker
from libs.reading.declare import (
    Filter,
    Member,
    Order,
    Row,
    by_id,
    can,
    column,
    computed,
    connection,
    current,
    feed,
    hidden,
    identity,
    listing,
    one,
    one_of,
    stored,
)
from libs.reading.node import Connection, Node
from libs.tenancy.models import membership, organisation, person
from services.platform.groups import steps as _steps  # noqa: F401 # pyright: ignore[reportUnusedImport] - registers them
from services.platform.groups.models import post, seat, working_group
from services.platform.members.models import is_asker, is_askers_organisation


@strawberry.enum
class Kind(Enum):
    GOVERNMENT = "government"
    NPO = "npo"
    COMPANY = "company"


@strawberry.enum(description="Names that are not their codes in upper case")
class Standing(Enum):
    WAITING = "applied"
    MEMBER = "active"
    REFUSED = "declined"
    PAUSED = "suspended"
    GONE = "withdrawn"


@strawberry.enum
class Audience(Enum):
    EVERYBODY = "all"
    PUBLIC_AND_NPO = "npo"
    PUBLIC_ONLY = "public"


@strawberry.enum
class Role(Enum):
    REPRESENTATIVE = "representative"
    DESK = "desk"
    CASEWORKER = "caseworker"


@strawberry.enum
class OrganisationOrder(Enum):
    KANA = "KANA"
    NEWEST = "NEWEST"
    KIND = "KIND"
    VERSION = "VERSION"
    STANDING = "STANDING"


@strawberry.enum
class SeatOrder(Enum):
    OLDEST = "OLDEST"
    LATEST = "LATEST"
    CHAIR = "CHAIR"


@strawberry.enum(description="A relation to the row, and a state of it")
class SeatDeed(Enum):
    END_SEAT = "end_seat"


@strawberry.enum(description="Several relations at once, and no state")
class PostDeed(Enum):
    REMOVE_POST = "remove_post"
    EDIT_POST = "edit_post"


@strawberry.enum(description="What others hold in the group counts too")
class GroupDeed(Enum):
    ASK_FOR_SEAT = "ask_for_seat"
    NAME_CHAIR = "name_chair"
    GIVE_SEAT = "give_seat"
    WRITE_POST = "write_post"


ORGANISATION_ORDERS = {
    "KANA": Order((("sort_key", False),), reads=("name", "name_kana")),
    "NEWEST": Order(newest_first=True),
    # ties and both directions
    "KIND": Order((("kind", False), ("created_at", True)), reads=("kind", "created_at")),
    "VERSION": Order((("version", True),), reads=("version",), newest_first=True),
    "STANDING": Order((("status", False),), reads=("status",)),
}
ORGANISATION_FILTERS = {
    "search": Filter(lambda row, value: sa.func.strpos(row.c.search_key, value) > 0, reads=("name", "area")),
    "kind": Filter(lambda row, value: row.c.kind == value, reads=("kind",)),
    "kinds": Filter(lambda row, value: row.c.kind == sa.any_(value), reads=("kind",), type=ARRAY(sa.Text())),
    "standing": Filter(lambda row, value: row.c.status == value, reads=("status",)),
    "contact": Filter(lambda row, value: row.c.work_contact == value, reads=("work_contact",)),
    "since": Filter(
        lambda row, value: row.c.created_at >= value,
        reads=("created_at",),
        type=sa.DateTime(timezone=True),
    ),
}
SEAT_ORDERS = {
    "OLDEST": Order((("from_on", False),), reads=("from_on",)),
    "LATEST": Order((("from_on", True), ("created_at", True)), reads=("from_on",), newest_first=True),
    "CHAIR": Order((("is_chair", True), ("from_on", False)), reads=("is_chair", "from_on")),
}
SEAT_FILTERS = {
    "chair": Filter(lambda row, value: row.c.is_chair == value, reads=("is_chair",), type=sa.Boolean()),
    "by": Filter(lambda row, value: row.c.from_on <= value, reads=("from_on",), type=sa.Date()),
}
SHEET_COLUMNS = (
    "name",
    "area",
    "kind",
    "work_contact",
    "confidential_address",
    "created_at",
    "version",
    "website",
)


def _works_for(employer: Row, row: Row) -> "sa.ColumnElement[bool]":
    people = sa.select(membership.c.person_id).where(
        membership.c.tenant_id == TENANT, membership.c.organisation_id == employer.c.id
    )
    return row.c.id.in_(people)


def _roles(row: Row, _: Asker) -> "sa.ColumnElement[Any]":
    """All roles of the person, sorted: an array of codes."""
    role: sa.ColumnElement[str] = sa.column("role", sa.Text())
    held = (
        sa.select(sa.func.unnest(membership.c.roles).label("role"))
        .where(membership.c.tenant_id == TENANT, membership.c.person_id == row.c.id)
        .subquery("held")
    )
    once: Any = sa.func.array_agg(sa.distinct(role), type_=ARRAY(sa.Text()))
    return sa.select(once).select_from(held).scalar_subquery()


@stored(person, object="person", prefix="person")
@strawberry.type
class Person(Node):
    id: strawberry.ID = identity()
    name: str | None = column()
    profile: str | None = column()
    email: str | None = column()
    roles: list[Role] | None = computed(_roles)
    version: int | None = column()
    hidden_fields: list[str] = hidden()


@stored(organisation, object="organisation", prefix="organisation")
@strawberry.type
class Organisation(Node):
    id: strawberry.ID = identity()
    name: str | None = column()
    kana: str | None = column("name_kana", policy="name_kana")
    kind: Kind | None = column()
    standing: Standing | None = column("status", policy="status")
    fields_of_work: list[str] | None = column()
    area: str | None = column()
    website: str | None = column()
    work_contact: str | None = column()
    confidential_address: str | None = column()
    review_notes: str | None = column()
    created_at: dt.datetime | None = column()
    decided_at: dt.datetime | None = column(policy="member_since")
    version: int | None = column()
    is_large: bool | None = computed(lambda row, _: row.c.version > 3, policy="version")
    hidden_fields: list[str] = hidden()

    @listing("Person", on=_works_for)
    def people(self, first: int | None = 3) -> list[Person] | None: ...

    @connection(
        "Seat",
        on=lambda org, row: row.c.organisation_id == org.c.id,
        orders=SEAT_ORDERS,
        filters=SEAT_FILTERS,
    )
    def seats(
        self,
        first: int | None = 5,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        order: SeatOrder | None = SeatOrder.OLDEST,
        chair: bool | None = None,
        by: dt.date | None = None,
    ) -> "Connection[Seat] | None": ...


def _sheet(cls: type[Any]) -> type[Any]:
    """Sixty fields: more than a function call may have arguments in PostgreSQL."""
    for number in range(60):
        name = SHEET_COLUMNS[number % len(SHEET_COLUMNS)]
        cls.__annotations__[f"f{number:02}"] = _SHEET_TYPES.get(name, str) | None
        setattr(cls, f"f{number:02}", column(name, policy=name))
    return cls


_SHEET_TYPES: dict[str, Any] = {"created_at": dt.datetime, "version": int, "kind": Kind}


@stored(organisation, object="organisation", prefix="sheet")
@strawberry.type
@_sheet
class Sheet(Node):
    """The same table under another id, narrowed to NPOs."""

    id: strawberry.ID = identity()
    hidden_fields: list[str] = hidden()


@stored(seat, object="seat", prefix="seat")
@strawberry.type
class Seat(Node):
    id: strawberry.ID = identity()
    from_on: dt.date | None = column()
    until_on: dt.date | None = column()
    is_chair: bool | None = column()
    created_at: dt.datetime | None = column()
    organisation: Organisation | None = one(
        "Organisation", on=lambda row, org: org.c.id == row.c.organisation_id
    )
    holder: Node | None = one(
        "Organisation", on=lambda row, org: org.c.id == row.c.organisation_id, policy="organisation"
    )
    working_group: "WorkingGroup | None" = one(
        "WorkingGroup", on=lambda row, group: group.c.id == row.c.working_group_id
    )
    hidden_fields: list[str] = hidden()
    viewer_can: list[SeatDeed] | None = can()


Subject = Annotated["WorkingGroup | Organisation | Person", strawberry.union("Subject")]


@stored(post, object="post", prefix="post")
@strawberry.type
class Post(Node):
    id: strawberry.ID = identity()
    title: str | None = column()
    body: str | None = column()
    audience: Audience | None = column()
    created_at: dt.datetime | None = column()
    author: Person | None = one("Person", on=lambda row, author: author.c.id == row.c.author_id)
    author_organisation: Organisation | None = one(
        "Organisation", on=lambda row, org: org.c.id == row.c.author_organisation_id
    )
    subject: Subject | None = one_of(
        "audience",
        {
            "all": ("WorkingGroup", lambda row, group: group.c.id == row.c.working_group_id),
            "npo": ("Organisation", lambda row, org: org.c.id == row.c.author_organisation_id),
            "public": ("Person", lambda row, author: author.c.id == row.c.author_id),
        },
        policy="working_group",
    )
    about: Node | None = one_of(
        "audience",
        {
            "all": ("WorkingGroup", lambda row, group: group.c.id == row.c.working_group_id),
            "npo": ("Organisation", lambda row, org: org.c.id == row.c.author_organisation_id),
        },
        policy="working_group",
    )
    hidden_fields: list[str] = hidden()
    viewer_can: list[PostDeed] | None = can()


News = Annotated[Post | Seat, strawberry.union("News")]


@stored(working_group, object="working_group", prefix="group")
@strawberry.type
class WorkingGroup(Node):
    id: strawberry.ID = identity()
    name: str | None = column()
    purpose: str | None = column()
    created_at: dt.datetime | None = column()
    open_to_companies: bool | None = column("board_open_to_companies", policy="board_open_to_companies")
    chair: Seat | None = one(
        "Seat",
        on=lambda group, row: sa.and_(
            row.c.working_group_id == group.c.id, row.c.is_chair, row.c.until_on.is_(None)
        ),
    )
    hidden_fields: list[str] = hidden()
    viewer_can: list[GroupDeed] | None = can()

    @connection(
        "Seat",
        on=lambda group, row: row.c.working_group_id == group.c.id,
        orders=SEAT_ORDERS,
        filters=SEAT_FILTERS,
    )
    def seats(
        self,
        first: int | None = 4,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        order: SeatOrder | None = SeatOrder.LATEST,
        chair: bool | None = None,
        by: dt.date | None = None,
    ) -> Connection[Seat] | None: ...

    @listing(
        "Post",
        on=lambda group, row: row.c.working_group_id == group.c.id,
        filters={"audience": Filter(lambda row, value: row.c.audience == value, reads=("audience",))},
        orders={"TITLE": Order((("title", False), ("created_at", True)), reads=("title", "created_at"))},
    )
    def posts(self, first: int | None = 3, audience: Audience | None = None) -> list[Post] | None: ...

    @feed(
        Member(
            "Post", lambda group, row: row.c.working_group_id == group.c.id, "created_at", ("created_at",)
        ),
        Member(
            "Seat", lambda group, row: row.c.working_group_id == group.c.id, "created_at", ("created_at",)
        ),
        policy="events",
    )
    def news(self, first: int | None = 4) -> list[News] | None: ...


@strawberry.type
class Query:
    me: Person | None = current("Person", where=is_asker)
    mine: Organisation | None = current("Organisation", where=is_askers_organisation)

    @by_id(None)
    def node(self, id: strawberry.ID) -> Node | None: ...

    @by_id("Organisation")
    def organisation(self, id: strawberry.ID) -> Organisation | None: ...

    @by_id("WorkingGroup")
    def group(self, id: strawberry.ID) -> WorkingGroup | None: ...

    @connection("Organisation", orders=ORGANISATION_ORDERS, filters=ORGANISATION_FILTERS)
    def organisations(
        self,
        first: int | None = 6,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        order: OrganisationOrder | None = OrganisationOrder.KANA,
        search: str | None = None,
        kind: Kind | None = None,
        kinds: list[Kind] | None = None,
        standing: Standing | None = None,
        contact: str | None = None,
        since: dt.datetime | None = None,
    ) -> Connection[Organisation] | None: ...

    @connection("WorkingGroup")
    def groups(
        self,
        first: int | None = 3,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[WorkingGroup] | None: ...

    @listing("Sheet")
    def sheets(self, first: int | None = 2) -> list[Sheet]: ...

    @listing("Person")
    def people(self, first: int | None = 4) -> list[Person]: ...


def build() -> strawberry.Schema:
    return strawberry.Schema(Query, types=[Post, Seat, Sheet])
