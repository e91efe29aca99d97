"""A case: one person or household under a pseudonymous number; its texts lie sealed in another table."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from libs.persistence.tables import one_of, references, tenant_table
from libs.tenancy.models import TIME, version
from services.platform.referrals.models.codes import (
    CASE_KINDS,
    CASE_STATES,
    MEDIA,
    NEEDS,
    OBTAINED,
    subset,
    subset_of_items,
)

case_file = tenant_table(
    "case_file",
    sa.Column("number", sa.Text(), nullable=False),
    sa.Column("kind", sa.Text(), nullable=False),
    sa.Column("state", sa.Text(), nullable=False, server_default="open"),
    sa.Column("organisation_id", sa.Uuid(), nullable=False),
    sa.Column("caseworker_id", sa.Uuid(), nullable=False),
    sa.Column("needs", ARRAY(sa.Text()), nullable=False, server_default="{}"),
    sa.Column("opened_on", sa.Date(), nullable=False),
    sa.Column("closed_on", sa.Date()),
    sa.Column("created_at", TIME, nullable=False),
    sa.Column("updated_at", TIME, nullable=False),
    version(),
    one_of("kind", CASE_KINDS),
    one_of("state", CASE_STATES),
    subset("needs", NEEDS),
    sa.UniqueConstraint("tenant_id", "number"),
    sa.Index("case_file_tenant_id_organisation_id_id_idx", "tenant_id", "organisation_id", "id"),
    references("organisation", "organisation_id"),
    references("person", "caseworker_id"),
)

sealed_text = tenant_table(
    "sealed_text",
    sa.Column("case_id", sa.Uuid(), nullable=False),
    # the table, row and column that the text belongs to: they are part of what the cipher authenticates
    sa.Column("of_table", sa.Text(), nullable=False),
    sa.Column("of_row", sa.Uuid(), nullable=False),
    sa.Column("of_column", sa.Text(), nullable=False),
    sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
    sa.Column("created_at", TIME, nullable=False),
    one_of("of_table", ("case_file", "disclosure", "referral", "question", "access_entry")),
    sa.UniqueConstraint("tenant_id", "of_row", "of_column"),
    sa.Index("sealed_text_tenant_id_case_id_idx", "tenant_id", "case_id"),
    references("case_file", "case_id"),
)

consent = tenant_table(
    "consent",
    sa.Column("case_id", sa.Uuid(), nullable=False),
    # who held the case when it was given: the slip names it, and it stays what the person was told
    sa.Column("holder_id", sa.Uuid(), nullable=False),
    sa.Column("items", ARRAY(sa.Text()), nullable=False),
    sa.Column("purpose", sa.Text(), nullable=False),
    sa.Column("medium", sa.Text(), nullable=False, server_default="platform"),
    sa.Column("how_obtained", sa.Text(), nullable=False),
    sa.Column("obtained_on", sa.Date(), nullable=False),
    # the last day on which it holds
    sa.Column("valid_until", sa.Date(), nullable=False),
    sa.Column("withdrawn_at", TIME),
    # when those concerned were told that it ends soon
    sa.Column("ending_told_at", TIME),
    sa.Column("created_at", TIME, nullable=False),
    version(),
    one_of("medium", MEDIA),
    one_of("how_obtained", OBTAINED),
    subset_of_items(),
    sa.Index("consent_tenant_id_case_id_id_idx", "tenant_id", "case_id", "id"),
    references("case_file", "case_id"),
    references("organisation", "holder_id"),
)

consent_recipient = tenant_table(
    "consent_recipient",
    sa.Column("consent_id", sa.Uuid(), nullable=False),
    sa.Column("organisation_id", sa.Uuid(), nullable=False),
    sa.UniqueConstraint("tenant_id", "consent_id", "organisation_id", name="consent_recipient_named_key"),
    references("consent", "consent_id"),
    references("organisation", "organisation_id"),
)
