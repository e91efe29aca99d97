"""Services and places offered, and what relates an asker to each."""

from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSTZMULTIRANGE

from libs.persistence.statements import looked_up
from libs.persistence.tables import one_of, references, tenant_table
from libs.policy.predicates import Asker
from libs.tenancy.models import CAPACITIES, TIME, organisation, version
from services.platform.relations import RELATIONS

KINDS: Final = ("consultation", "ibasho", "machi_no_eki", "gathering", "support")
STATES: Final = ("draft", "offered", "ended")
STALE_DAYS: Final = 180
"""Half a year after somebody last said that all of it is right, its owner is asked again."""

Bool = sa.ColumnElement[bool]
Row = sa.FromClause
DEGREES: "sa.Double[float]" = sa.Double()

resource = tenant_table(
    "resource",
    sa.Column("organisation_id", sa.Uuid(), nullable=False),
    # its NO in open data: never another's, even after it has ended
    sa.Column("number", sa.Integer(), nullable=False),
    sa.Column("kind", sa.Text(), nullable=False),
    sa.Column("state", sa.Text(), nullable=False, server_default="draft"),
    # part of the public portal; before that, members read what is offered
    sa.Column("published", sa.Boolean(), nullable=False, server_default="false"),
    sa.Column("name", sa.Text(), nullable=False),
    sa.Column("name_kana", sa.Text(), nullable=False, server_default=""),
    # of all that is shown to whoever finds the row: nothing of its address
    sa.Column("search_key", sa.Text(), nullable=False),
    sa.Column("sort_key", sa.Text(), nullable=False),
    sa.Column("description", sa.Text(), nullable=False, server_default=""),
    sa.Column("eligibility", sa.Text(), nullable=False, server_default=""),
    # codes of municipalities and wards; empty: wherever the platform is
    sa.Column("areas", ARRAY(sa.Text()), nullable=False, server_default="{}"),
    sa.Column("fee", sa.Text(), nullable=False, server_default=""),
    # BCP 47
    sa.Column("languages", ARRAY(sa.Text()), nullable=False, server_default="{ja}"),
    sa.Column("phone", sa.Text()),
    sa.Column("email", sa.Text()),
    sa.Column("url", sa.Text()),
    sa.Column("hours", JSONB(), nullable=False, server_default="{}"),
    sa.Column("hours_ja", sa.Text(), nullable=False, server_default=""),
    sa.Column("hours_en", sa.Text(), nullable=False, server_default=""),
    # the hours of the coming weeks, worked out up to a day, so that 'open now' is asked of the index of time
    sa.Column("open_times", TSTZMULTIRANGE(), nullable=False, server_default="{}"),
    sa.Column("open_times_until", sa.Date()),
    sa.Column("capacity", sa.Text()),
    sa.Column("capacity_as_of", sa.Date()),
    sa.Column("verified_on", sa.Date()),
    sa.Column("verified_by_id", sa.Uuid()),
    # when its organisation was last asked to look through it
    sa.Column("reminded_on", sa.Date()),
    # a shelter's: nobody but its own organisation reads where it is
    sa.Column("address_confidential", sa.Boolean(), nullable=False, server_default="false"),
    sa.Column("place_name", sa.Text(), nullable=False, server_default=""),
    sa.Column("municipality_code", sa.Text()),
    sa.Column("postal_code", sa.Text()),
    sa.Column("address", sa.Text(), nullable=False, server_default=""),
    sa.Column("building", sa.Text(), nullable=False, server_default=""),
    # degrees, JGD2011
    sa.Column("latitude", DEGREES),
    sa.Column("longitude", DEGREES),
    sa.Column("access", sa.Text(), nullable=False, server_default=""),
    sa.Column("created_at", TIME, nullable=False),
    sa.Column("updated_at", TIME, nullable=False),
    version(),
    one_of("kind", KINDS),
    one_of("state", STATES),
    one_of("capacity", CAPACITIES),
    sa.UniqueConstraint("tenant_id", "number"),
    sa.Index("resource_tenant_id_sort_key_id_idx", "tenant_id", "sort_key", "id"),
    sa.Index("resource_tenant_id_organisation_id_id_idx", "tenant_id", "organisation_id", "id"),
    references("organisation", "organisation_id"),
    references("person", "verified_by_id"),
)


def is_open(row: Any, asker: Asker) -> Bool:  # noqa: ANN401 - a table, an alias or a block's row
    """At this moment; null where it is not known."""
    known = row.c.open_times_until >= asker.today
    return sa.case((known, row.c.open_times.op("@>", return_type=sa.Boolean())(asker.now)))


def next_opening(row: Any, asker: Asker) -> "sa.ColumnElement[Any]":  # noqa: ANN401 - likewise
    """When it opens next, of the weeks worked out; null while it is open."""
    ahead = sa.func.tstzmultirange(sa.func.tstzrange(asker.now, sa.null()))
    still = row.c.open_times.op("*", return_type=TSTZMULTIRANGE())(ahead)
    begins = sa.func.lower(still, type_=TIME)
    return sa.case((begins > asker.now, begins))


def is_stale(row: Any, asker: Asker) -> Bool:  # noqa: ANN401 - likewise
    """Nobody has said for half a year that it is right."""
    return sa.func.coalesce(row.c.verified_on < asker.today - sa.literal_column(str(STALE_DAYS)), sa.true())


def _of_a_member(row: Row, asker: Asker) -> Bool:
    """A suspended organisation's offers are off at once."""
    return looked_up(
        sa.select(organisation.c.id).where(
            organisation.c.tenant_id == asker.tenant,
            organisation.c.id == row.c.organisation_id,
            organisation.c.status == sa.literal("active"),
        )
    )


def _own(row: Row, asker: Asker) -> Bool:
    return row.c.organisation_id == asker.organisation


def _offered(row: Row, asker: Asker) -> Bool:
    return sa.and_(row.c.state == sa.literal("offered"), _of_a_member(row, asker))


def _published(row: Row, asker: Asker) -> Bool:
    return sa.and_(row.c.published, _offered(row, asker))


def _open_address(row: Row, _: Asker) -> Bool:
    return sa.not_(row.c.address_confidential)


RELATIONS.register("resource", "own", _own)
RELATIONS.register("resource", "offered", _offered)
RELATIONS.register("resource", "published", _published)
RELATIONS.register("resource", "open_address", _open_address)
