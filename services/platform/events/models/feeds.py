"""A person's calendars to subscribe to, each behind a link of its own; the link is kept by its keyed hash."""

from typing import Final

import sqlalchemy as sa

from libs.persistence.tables import one_of, references, tenant_table
from libs.policy.predicates import Asker
from libs.reading.declare import Row
from libs.tenancy.models import TIME, version
from services.platform.relations import RELATIONS

SCOPES: Final = ("all", "mine", "group")
"""What the person may see; of that what their organisation holds or attends; or that of one working group."""

calendar_feed = tenant_table(
    "calendar_feed",
    sa.Column("person_id", sa.Uuid(), nullable=False),
    # for whom the person acts: they see what they may see for it, as long as they do
    sa.Column("organisation_id", sa.Uuid(), nullable=False),
    sa.Column("scope", sa.Text(), nullable=False),
    sa.Column("working_group_id", sa.Uuid()),
    sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
    sa.Column("created_at", TIME, nullable=False),
    sa.Column("revoked_at", TIME),
    version(),
    one_of("scope", SCOPES),
    sa.CheckConstraint("(scope = 'group') = (working_group_id IS NOT NULL)", name="group"),
    sa.UniqueConstraint("tenant_id", "secret_hash"),
    sa.Index("calendar_feed_tenant_id_person_id_id_idx", "tenant_id", "person_id", "id"),
    references("person", "person_id"),
    references("organisation", "organisation_id"),
    references("working_group", "working_group_id"),
)


def of_asker(row: Row, asker: Asker) -> "sa.ColumnElement[bool]":
    return row.c.person_id == asker.person


RELATIONS.register("calendar_feed", "self", of_asker)
