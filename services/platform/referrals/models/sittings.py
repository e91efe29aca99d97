"""A 支援会議 (社会福祉法106条の6): who was picked for the sitting, who took part, what was before it."""

from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from libs.persistence.tables import one_of, references, tenant_table
from libs.tenancy.models import TIME, version
from services.platform.referrals.models.codes import subset_of_items

SITTING_STATES: Final = ("called", "held", "cancelled")

sitting = tenant_table(
    "sitting",
    sa.Column("held_on", sa.Date(), nullable=False),
    sa.Column("chair_id", sa.Uuid(), nullable=False),
    sa.Column("state", sa.Text(), nullable=False, server_default="called"),
    # since when nothing is open by it: by a decision, or when its days were over and its bodies were told
    sa.Column("ended_at", TIME),
    sa.Column("created_at", TIME, nullable=False),
    version(),
    one_of("state", SITTING_STATES),
    references("person", "chair_id"),
)

sitting_body = tenant_table(
    "sitting_body",
    sa.Column("sitting_id", sa.Uuid(), nullable=False),
    sa.Column("organisation_id", sa.Uuid(), nullable=False),
    sa.UniqueConstraint("tenant_id", "sitting_id", "organisation_id", name="sitting_body_picked_key"),
    sa.Index("sitting_body_tenant_id_organisation_id_idx", "tenant_id", "organisation_id", "sitting_id"),
    references("sitting", "sitting_id"),
    references("organisation", "organisation_id"),
)

sitting_participant = tenant_table(
    "sitting_participant",
    sa.Column("sitting_id", sa.Uuid(), nullable=False),
    sa.Column("person_id", sa.Uuid(), nullable=False),
    sa.Column("organisation_id", sa.Uuid(), nullable=False),
    sa.UniqueConstraint("tenant_id", "sitting_id", "person_id", name="sitting_participant_present_key"),
    references("sitting", "sitting_id"),
    references("person", "person_id"),
    references("organisation", "organisation_id"),
)

sitting_referral = tenant_table(
    "sitting_referral",
    sa.Column("sitting_id", sa.Uuid(), nullable=False),
    sa.Column("referral_id", sa.Uuid(), nullable=False),
    sa.Column("items", ARRAY(sa.Text()), nullable=False),
    # when it moved on to a 重層的支援会議, which rests on consent
    sa.Column("ended_at", TIME),
    sa.Column("created_at", TIME, nullable=False),
    subset_of_items(),
    sa.UniqueConstraint("tenant_id", "sitting_id", "referral_id", name="sitting_referral_before_key"),
    sa.Index("sitting_referral_tenant_id_referral_id_idx", "tenant_id", "referral_id"),
    references("sitting", "sitting_id"),
    references("referral", "referral_id"),
)
