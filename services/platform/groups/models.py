"""Working groups, the seats in them and their posts; what relates an asker to each."""

import uuid
from typing import Any

import sqlalchemy as sa

from libs.persistence.tables import one_of, references, references_tenant, tenant_table
from libs.policy.predicates import Asker, Predicate
from libs.tenancy.models import TIME, version
from services.platform.files.models import KEPT, Kept, content_columns
from services.platform.relations import RELATIONS

GROUP_STATES = ("active", "closed")
AUDIENCES = ("all", "npo", "public")
QUORUMS = ("none", "majority", "two_thirds")
REQUEST_STATES = ("asked", "given", "declined", "withdrawn")

Bool = sa.ColumnElement[bool]
Row = sa.FromClause

working_group = tenant_table(
    "working_group",
    sa.Column("name", sa.Text(), nullable=False),
    sa.Column("purpose", sa.Text(), nullable=False, server_default=""),
    sa.Column("search_key", sa.Text(), nullable=False),
    sa.Column("state", sa.Text(), nullable=False, server_default="active"),
    sa.Column("published", sa.Boolean(), nullable=False, server_default="false"),
    sa.Column("board_open_to_companies", sa.Boolean(), nullable=False, server_default="false"),
    sa.Column("created_at", TIME, nullable=False),
    version(),
    one_of("state", GROUP_STATES),
    references_tenant(),
)

seat = tenant_table(
    "seat",
    sa.Column("working_group_id", sa.Uuid(), nullable=False),
    sa.Column("organisation_id", sa.Uuid(), nullable=False),
    sa.Column("from_on", sa.Date(), nullable=False),
    # the first day without the seat
    sa.Column("until_on", sa.Date()),
    sa.Column("is_chair", sa.Boolean(), nullable=False, server_default="false"),
    # reads what is said in the group; no vote, no board, no word
    sa.Column("is_observer", sa.Boolean(), nullable=False, server_default="false"),
    sa.Column("created_at", TIME, nullable=False),
    version(),
    sa.CheckConstraint("NOT (is_chair AND is_observer)", name="is_observer"),
    sa.Index(
        "seat_tenant_id_working_group_id_live_key",
        "tenant_id",
        "working_group_id",
        "organisation_id",
        unique=True,
        postgresql_where=sa.text("until_on IS NULL"),
    ),
    sa.Index(
        "seat_tenant_id_working_group_id_chair_key",
        "tenant_id",
        "working_group_id",
        unique=True,
        postgresql_where=sa.text("is_chair AND until_on IS NULL"),
    ),
    sa.Index("seat_tenant_id_organisation_id_idx", "tenant_id", "organisation_id"),
    references("working_group", "working_group_id"),
    references("organisation", "organisation_id"),
)

# a table of its own: a seat that is only asked for must never count as a seat
seat_request = tenant_table(
    "seat_request",
    sa.Column("working_group_id", sa.Uuid(), nullable=False),
    sa.Column("organisation_id", sa.Uuid(), nullable=False),
    sa.Column("message", sa.Text(), nullable=False, server_default=""),
    sa.Column("state", sa.Text(), nullable=False, server_default="asked"),
    sa.Column("created_at", TIME, nullable=False),
    version(),
    one_of("state", REQUEST_STATES),
    sa.Index(
        "seat_request_tenant_id_working_group_id_asked_key",
        "tenant_id",
        "working_group_id",
        "organisation_id",
        unique=True,
        postgresql_where=sa.text("state = 'asked'"),
    ),
    sa.Index("seat_request_tenant_id_working_group_id_id_idx", "tenant_id", "working_group_id", "id"),
    references("working_group", "working_group_id"),
    references("organisation", "organisation_id"),
)

post = tenant_table(
    "post",
    sa.Column("working_group_id", sa.Uuid(), nullable=False),
    sa.Column("audience", sa.Text(), nullable=False),
    sa.Column("author_id", sa.Uuid(), nullable=False),
    sa.Column("author_organisation_id", sa.Uuid(), nullable=False),
    sa.Column("title", sa.Text(), nullable=False),
    sa.Column("body", sa.Text(), nullable=False),
    sa.Column("is_pinned", sa.Boolean(), nullable=False, server_default="false"),
    sa.Column("created_at", TIME, nullable=False),
    version(),
    one_of("audience", AUDIENCES),
    sa.Index("post_tenant_id_working_group_id_id_idx", "tenant_id", "working_group_id", "id"),
    references("working_group", "working_group_id"),
    references("person", "author_id"),
    references("organisation", "author_organisation_id"),
)

# what hangs on a post has its audience, and follows it
file = tenant_table(
    "file",
    sa.Column("working_group_id", sa.Uuid(), nullable=False),
    sa.Column("audience", sa.Text(), nullable=False),
    sa.Column("author_id", sa.Uuid(), nullable=False),
    sa.Column("author_organisation_id", sa.Uuid(), nullable=False),
    *content_columns(),
    sa.Column("post_id", sa.Uuid()),
    sa.Column("meeting_id", sa.Uuid()),
    sa.Column("minutes_id", sa.Uuid()),
    sa.Column("created_at", TIME, nullable=False),
    version(),
    one_of("audience", AUDIENCES),
    sa.Index("file_tenant_id_working_group_id_id_idx", "tenant_id", "working_group_id", "id"),
    sa.Index("file_tenant_id_post_id_idx", "tenant_id", "post_id"),
    sa.Index("file_tenant_id_meeting_id_idx", "tenant_id", "meeting_id"),
    sa.Index("file_tenant_id_minutes_id_idx", "tenant_id", "minutes_id"),
    references("working_group", "working_group_id"),
    references("person", "author_id"),
    references("organisation", "author_organisation_id"),
    references("post", "post_id"),
    references("meeting", "meeting_id"),
    references("minutes", "minutes_id"),
)
KEPT["file"] = Kept("file", file, file.c.size, file.c.author_organisation_id)

comment = tenant_table(
    "comment",
    sa.Column("working_group_id", sa.Uuid(), nullable=False),
    sa.Column("audience", sa.Text(), nullable=False),
    sa.Column("author_id", sa.Uuid(), nullable=False),
    sa.Column("author_organisation_id", sa.Uuid(), nullable=False),
    sa.Column("post_id", sa.Uuid(), nullable=False),
    sa.Column("body", sa.Text(), nullable=False),
    sa.Column("created_at", TIME, nullable=False),
    version(),
    one_of("audience", AUDIENCES),
    sa.Index("comment_tenant_id_post_id_id_idx", "tenant_id", "post_id", "id"),
    references("working_group", "working_group_id"),
    references("person", "author_id"),
    references("organisation", "author_organisation_id"),
    references("post", "post_id"),
)

# how far somebody has read: ids are in the order of making, so one id for a person and group is enough
group_reading = tenant_table(
    "group_reading",
    sa.Column("person_id", sa.Uuid(), nullable=False),
    sa.Column("working_group_id", sa.Uuid(), nullable=False),
    sa.Column("read_through", sa.Uuid(), nullable=False),
    sa.UniqueConstraint("tenant_id", "person_id", "working_group_id"),
    references("person", "person_id"),
    references("working_group", "working_group_id"),
)

# append-only: each row is the charter from then on
charter = tenant_table(
    "charter",
    sa.Column("working_group_id", sa.Uuid(), nullable=False),
    sa.Column("number", sa.Integer(), nullable=False),
    sa.Column("body", sa.Text(), nullable=False),
    sa.Column("quorum", sa.Text(), nullable=False),
    sa.Column("author_id", sa.Uuid(), nullable=False),
    sa.Column("created_at", TIME, nullable=False),
    one_of("quorum", QUORUMS),
    sa.UniqueConstraint("tenant_id", "working_group_id", "number"),
    references("working_group", "working_group_id"),
    references("person", "author_id"),
)


def seated_today(seats: Any, asker: Asker) -> Bool:  # noqa: ANN401 - the table or an alias of it
    """A seat held on the asker's day, an observer's not."""
    return sa.and_(_held_today(seats, asker), sa.not_(seats.c.is_observer))


def _held_today(seats: Any, asker: Asker) -> Bool:  # noqa: ANN401 - likewise
    return sa.and_(
        seats.c.tenant_id == asker.tenant,
        seats.c.from_on <= asker.today,
        sa.or_(seats.c.until_on.is_(None), seats.c.until_on > asker.today),
    )


def not_ended(seats: Any, asker: Asker) -> Bool:  # noqa: ANN401 - likewise
    """A seat held on the asker's day or to come."""
    return sa.and_(
        seats.c.tenant_id == asker.tenant,
        sa.or_(seats.c.until_on.is_(None), seats.c.until_on > asker.today),
    )


def chair_of(group: Any, asker: Asker) -> "sa.ScalarSelect[Any]":  # noqa: ANN401 - a row of working_group
    """The organisation that holds the chair today."""
    held = sa.and_(
        seated_today(seat, asker),
        seat.c.tenant_id == asker.tenant,
        seat.c.working_group_id == group.c.id,
        seat.c.is_chair,
    )
    newest = sa.select(seat.c.organisation_id).where(held).order_by(seat.c.id.desc())
    return newest.limit(sa.literal_column("1")).scalar_subquery()


def is_askers_group(row: Any, asker: Asker) -> Bool:  # noqa: ANN401 - likewise
    return is_any(row.c.id, askers_groups(asker))


def is_any(column: Any, found: "sa.Select[Any]") -> Bool:  # noqa: ANN401 - a column or an expression
    """The column is one of the ids that an uncorrelated query finds: read once, then compared as an array.

    Written as IN, it would be joined anew for each card of a board.
    """
    return column == sa.any_(sa.func.array(found.scalar_subquery()))


def askers_groups(asker: Asker, *, chaired: bool = False) -> "sa.Select[Any]":
    """The working groups in which the asker's organisation holds a seat (or the chair) today.

    Uncorrelated, so that PostgreSQL reads it once a statement and not once a row.
    """
    chosen = [seated_today(seat, asker), seat.c.organisation_id == asker.organisation]
    if chaired:
        chosen.append(seat.c.is_chair)
    return sa.select(seat.c.working_group_id).where(*chosen, seat.c.tenant_id == asker.tenant)


def observed(row: Row, asker: Asker) -> Bool:
    """For rows that hang on a working group: the asker's organisation is its observer today."""
    groups = sa.select(seat.c.working_group_id).where(
        seat.c.tenant_id == asker.tenant,
        _held_today(seat, asker),
        seat.c.organisation_id == asker.organisation,
        seat.c.is_observer,
    )
    return is_any(row.c.working_group_id, groups)


def is_unread(row: Any, asker: Asker) -> Bool:  # noqa: ANN401 - a row of post
    """Made after what the asker has read of its group, and not by themselves."""
    read = sa.select(group_reading.c.read_through).where(
        group_reading.c.tenant_id == asker.tenant,
        group_reading.c.person_id == asker.person,
        group_reading.c.working_group_id == row.c.working_group_id,
    )
    through = sa.func.coalesce(read.scalar_subquery(), sa.literal_column(f"'{uuid.UUID(int=0)}'::uuid"))
    return sa.and_(row.c.id > through, row.c.author_id != asker.person)


def _organisation_shared_group(row: Row, asker: Asker) -> Bool:
    beside = seat.alias("beside")
    together: sa.Select[Any] = sa.select(beside.c.organisation_id).where(
        beside.c.tenant_id == asker.tenant,
        seated_today(beside, asker),
        is_any(beside.c.working_group_id, askers_groups(asker)),
    )
    return is_any(row.c.id, together)


def _group_seated(row: Row, asker: Asker) -> Bool:
    return is_any(row.c.id, askers_groups(asker))


def _group_chaired(row: Row, asker: Asker) -> Bool:
    return is_any(row.c.id, askers_groups(asker, chaired=True))


def _published(row: Row, _: Asker) -> Bool:
    return row.c.published


def in_group(row: Row, asker: Asker) -> Bool:
    """For rows that hang on a working group: the asker's organisation is seated there today."""
    return is_any(row.c.working_group_id, askers_groups(asker))


def in_chaired_group(row: Row, asker: Asker) -> Bool:
    return is_any(row.c.working_group_id, askers_groups(asker, chaired=True))


def _own(row: Row, asker: Asker) -> Bool:
    return row.c.organisation_id == asker.organisation


def _own_post(row: Row, asker: Asker) -> Bool:
    return row.c.author_organisation_id == asker.organisation


def _audience(name: str) -> Predicate:
    return lambda row, _: row.c.audience == name


RELATIONS.register("organisation", "shared_group", _organisation_shared_group)
RELATIONS.register("working_group", "group", _group_seated)
RELATIONS.register("working_group", "chair", _group_chaired)
RELATIONS.register("working_group", "published", _published)
RELATIONS.register("seat", "group", in_group)
RELATIONS.register("seat", "chair", in_chaired_group)
RELATIONS.register("seat", "own", _own)
RELATIONS.register("seat_request", "chair", in_chaired_group)
RELATIONS.register("seat_request", "own", _own)
RELATIONS.register("post", "chair", in_chaired_group)
for _object in ("post", "comment", "file"):
    RELATIONS.register(_object, "group", in_group)
    RELATIONS.register(_object, "observer", observed)
    RELATIONS.register(_object, "own", _own_post)
    for _name in AUDIENCES:
        RELATIONS.register(_object, f"audience_{_name}", _audience(_name))
