"""An erasure: asked for by one person, confirmed by another, done by the worker when the key is gone."""

import sqlalchemy as sa

from libs.persistence.tables import one_of, references, tenant_table
from libs.policy.predicates import Asker
from libs.reading.declare import Row
from libs.tenancy.models import TIME, version
from services.platform.relations import RELATIONS
from services.platform.rights.models import codes

erasure = tenant_table(
    "erasure",
    sa.Column("case_id", sa.Uuid(), nullable=False),
    # the case's, for who has no part in the case itself
    sa.Column("organisation_id", sa.Uuid(), nullable=False),
    sa.Column("reason", sa.Text(), nullable=False),
    sa.Column("state", sa.Text(), nullable=False, server_default=codes.ASKED),
    # null where the time of keeping was over
    sa.Column("asked_by_id", sa.Uuid()),
    sa.Column("asked_at", TIME, nullable=False),
    sa.Column("confirmed_by_id", sa.Uuid()),
    sa.Column("confirmed_at", TIME),
    sa.Column("done_at", TIME),
    # when those who may confirm were told once more
    sa.Column("reminded_at", TIME),
    version(),
    one_of("reason", codes.REASONS),
    one_of("state", codes.STATES),
    sa.Index(
        "erasure_tenant_id_case_id_live_key",
        "tenant_id",
        "case_id",
        unique=True,
        postgresql_where=sa.text("state <> 'taken_back'"),
    ),
    sa.Index("erasure_tenant_id_organisation_id_id_idx", "tenant_id", "organisation_id", "id"),
    references("case_file", "case_id"),
    references("organisation", "organisation_id"),
    references("person", "asked_by_id"),
    references("person", "confirmed_by_id"),
)


def _own(row: Row, asker: Asker) -> "sa.ColumnElement[bool]":
    return row.c.organisation_id == asker.organisation


def _not_asker(row: Row, asker: Asker) -> "sa.ColumnElement[bool]":
    return row.c.asked_by_id.is_distinct_from(asker.person)


RELATIONS.register("erasure", "own", _own)
RELATIONS.register("erasure", "not_asker", _not_asker)
