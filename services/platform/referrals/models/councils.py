"""A referral brought before the statutory council, and the members assigned to it."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from libs.persistence.tables import references, tenant_table
from libs.tenancy.models import TIME, version
from services.platform.referrals.models.codes import subset_of_items

council_item = tenant_table(
    "council_item",
    sa.Column("council_id", sa.Uuid(), nullable=False),
    sa.Column("referral_id", sa.Uuid(), nullable=False),
    # the member that brought it: with its membership the item's basis ends
    sa.Column("brought_by_id", sa.Uuid(), nullable=False),
    # what the members assigned to it need to know, and no more
    sa.Column("items", ARRAY(sa.Text()), nullable=False),
    sa.Column("ended_at", TIME),
    sa.Column("created_at", TIME, nullable=False),
    version(),
    subset_of_items(),
    sa.Index(
        "council_item_tenant_id_referral_id_live_key",
        "tenant_id",
        "referral_id",
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    ),
    sa.Index("council_item_tenant_id_council_id_id_idx", "tenant_id", "council_id", "id"),
    references("council", "council_id"),
    references("referral", "referral_id"),
    references("organisation", "brought_by_id"),
)

council_assignment = tenant_table(
    "council_assignment",
    sa.Column("council_item_id", sa.Uuid(), nullable=False),
    sa.Column("organisation_id", sa.Uuid(), nullable=False),
    sa.Column("ended_at", TIME),
    sa.Column("created_at", TIME, nullable=False),
    sa.Index(
        "council_assignment_tenant_id_item_live_key",
        "tenant_id",
        "council_item_id",
        "organisation_id",
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    ),
    sa.Index(
        "council_assignment_tenant_id_organisation_id_live_idx",
        "tenant_id",
        "organisation_id",
        "council_item_id",
        postgresql_where=sa.text("ended_at IS NULL"),
    ),
    references("council_item", "council_item_id"),
    references("organisation", "organisation_id"),
)
