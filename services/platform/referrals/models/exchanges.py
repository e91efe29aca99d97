"""What both sides of a referral do beside its steps: questions, who is assigned, who asks for the case."""

from typing import Any

import sqlalchemy as sa

from libs.persistence.tables import one_of, references, tenant_table
from libs.policy.predicates import ASKER
from libs.reading.declare import Row
from libs.tenancy.models import TIME, membership, version
from services.platform.members.models import live

# its texts lie sealed with the case
question = tenant_table(
    "question",
    sa.Column("referral_id", sa.Uuid(), nullable=False),
    sa.Column("asked_by_id", sa.Uuid(), nullable=False),
    # null where somebody without an account asked
    sa.Column("asker_id", sa.Uuid()),
    sa.Column("open", sa.Boolean(), nullable=False, server_default="true"),
    sa.Column("created_at", TIME, nullable=False),
    sa.Column("answered_at", TIME),
    version(),
    sa.Index(
        "question_tenant_id_referral_id_open_key",
        "tenant_id",
        "referral_id",
        unique=True,
        postgresql_where=sa.text("open"),
    ),
    sa.Index("question_tenant_id_referral_id_id_idx", "tenant_id", "referral_id", "id"),
    references("referral", "referral_id"),
    references("organisation", "asked_by_id"),
    references("person", "asker_id"),
)

# who of the recipient's staff has it; earlier ones stay
assignment = tenant_table(
    "assignment",
    sa.Column("referral_id", sa.Uuid(), nullable=False),
    sa.Column("organisation_id", sa.Uuid(), nullable=False),
    sa.Column("person_id", sa.Uuid(), nullable=False),
    sa.Column("assigned_by_id", sa.Uuid(), nullable=False),
    sa.Column("created_at", TIME, nullable=False),
    sa.Column("superseded_at", TIME),
    sa.Index(
        "assignment_tenant_id_referral_id_live_key",
        "tenant_id",
        "referral_id",
        unique=True,
        postgresql_where=sa.text("superseded_at IS NULL"),
    ),
    sa.Index("assignment_tenant_id_person_id_idx", "tenant_id", "person_id"),
    references("referral", "referral_id"),
    references("organisation", "organisation_id"),
    references("person", "person_id"),
    references("person", "assigned_by_id"),
)

transfer_request = tenant_table(
    "transfer_request",
    sa.Column("referral_id", sa.Uuid(), nullable=False),
    sa.Column("organisation_id", sa.Uuid(), nullable=False),
    sa.Column("person_id", sa.Uuid(), nullable=False),
    sa.Column("state", sa.Text(), nullable=False, server_default="open"),
    sa.Column("created_at", TIME, nullable=False),
    one_of("state", ("open", "accepted", "closed", "declined", "withdrawn")),
    sa.Index(
        "transfer_request_tenant_id_referral_id_open_key",
        "tenant_id",
        "referral_id",
        "organisation_id",
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    ),
    references("referral", "referral_id"),
    references("organisation", "organisation_id"),
    references("person", "person_id"),
)


def caseworker_of(row: Row) -> "sa.ScalarSelect[Any]":
    """Who keeps the case, as long as they still act for its organisation."""
    return (
        sa.select(membership.c.person_id)
        .where(
            live(ASKER),
            membership.c.tenant_id == ASKER.tenant,
            membership.c.person_id == row.c.caseworker_id,
            membership.c.organisation_id == row.c.organisation_id,
        )
        .limit(sa.literal_column("1"))
        .scalar_subquery()
    )


def assignee_of(row: Row) -> "sa.ScalarSelect[Any]":
    """Who has the referral, as long as they still act for its recipient."""
    return (
        sa.select(assignment.c.person_id)
        .join(
            membership,
            sa.and_(
                live(ASKER),
                membership.c.tenant_id == ASKER.tenant,
                membership.c.person_id == assignment.c.person_id,
                membership.c.organisation_id == assignment.c.organisation_id,
            ),
        )
        .where(
            assignment.c.tenant_id == ASKER.tenant,
            assignment.c.referral_id == row.c.id,
            assignment.c.superseded_at.is_(None),
        )
        .scalar_subquery()
    )
