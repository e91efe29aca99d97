"""What became of an event: how many came, and what its organiser tells of it."""

import sqlalchemy as sa

from libs.persistence.tables import references, tenant_table
from libs.policy.predicates import Asker, Hanging
from libs.reading.declare import Row
from libs.tenancy.models import TIME, version
from services.platform.events.models.tables import event
from services.platform.relations import RELATIONS

# its id is the event's: there is one of each
event_report = tenant_table(
    "event_report",
    sa.Column("summary", sa.Text(), nullable=False),
    # persons
    sa.Column("attended", sa.Integer(), nullable=False),
    # whoever reads the event's card reads it too
    sa.Column("published", sa.Boolean(), nullable=False),
    sa.Column("created_at", TIME, nullable=False),
    sa.Column("updated_at", TIME, nullable=False),
    version(),
    sa.CheckConstraint("attended >= 0", name="attended"),
    references("event", "id"),
)


def _host(row: Row, asker: Asker) -> "sa.ColumnElement[bool]":
    return row.c.organisation_id == asker.organisation


def _announced(row: Row, asker: Asker) -> "sa.ColumnElement[bool]":
    shown = Hanging("event", event, "id", lambda of, _: of.c.announced_at.is_not(None))
    return sa.and_(row.c.published, shown(row, asker))  # pyright: ignore[reportArgumentType] - a row is as loose


def _published(row: Row, asker: Asker) -> "sa.ColumnElement[bool]":
    public = Hanging(
        "event", event, "id", lambda of, _: sa.and_(of.c.announced_at.is_not(None), of.c.published)
    )
    return sa.and_(row.c.published, public(row, asker))  # pyright: ignore[reportArgumentType] - likewise


RELATIONS.register("event_report", "host", Hanging("event", event, "id", _host))
RELATIONS.register("event_report", "announced", _announced)
RELATIONS.register("event_report", "published", _published)
