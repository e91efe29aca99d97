"""Break-glass: in danger to life, body or property named people of government see the minimum, for a time."""

from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from libs.persistence.tables import one_of, references, tenant_table
from libs.tenancy.models import TIME, version
from services.platform.referrals.models.codes import subset_of_items

FINDINGS: Final = ("justified", "too_wide", "not_justified")

break_glass = tenant_table(
    "break_glass",
    sa.Column("referral_id", sa.Uuid(), nullable=False),
    sa.Column("opener_id", sa.Uuid(), nullable=False),
    sa.Column("organisation_id", sa.Uuid(), nullable=False),
    # why it could not wait, without the person's story: the coordinator reads it
    sa.Column("reason", sa.Text(), nullable=False),
    sa.Column("items", ARRAY(sa.Text()), nullable=False),
    sa.Column("expires_at", TIME, nullable=False),
    sa.Column("review_due_at", TIME, nullable=False),
    # of the reminders that follow: null before the first
    sa.Column("remind_at", TIME),
    sa.Column("reviewed_by_id", sa.Uuid()),
    sa.Column("reviewed_at", TIME),
    sa.Column("finding", sa.Text()),
    sa.Column("finding_note", sa.Text()),
    sa.Column("created_at", TIME, nullable=False),
    version(),
    subset_of_items(),
    one_of("finding", FINDINGS),
    sa.CheckConstraint("reviewed_by_id <> opener_id", name="second_person"),
    sa.Index("break_glass_tenant_id_referral_id_idx", "tenant_id", "referral_id", "id"),
    sa.Index("break_glass_tenant_id_organisation_id_id_idx", "tenant_id", "organisation_id", "id"),
    references("referral", "referral_id"),
    references("person", "opener_id"),
    references("person", "reviewed_by_id"),
    references("organisation", "organisation_id"),
)

break_glass_person = tenant_table(
    "break_glass_person",
    sa.Column("break_glass_id", sa.Uuid(), nullable=False),
    sa.Column("person_id", sa.Uuid(), nullable=False),
    sa.UniqueConstraint("tenant_id", "break_glass_id", "person_id", name="break_glass_person_named_key"),
    sa.Index("break_glass_person_tenant_id_person_id_idx", "tenant_id", "person_id", "break_glass_id"),
    references("break_glass", "break_glass_id"),
    references("person", "person_id"),
)
