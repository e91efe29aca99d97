"""What was corrected in a case after it had been disclosed: told to each recipient, without the texts."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from libs.persistence.tables import one_of, references, tenant_table
from libs.tenancy.models import TIME
from services.platform.referrals.models import codes

correction = tenant_table(
    "correction",
    # the referral under which one or more of these items were disclosed
    sa.Column("referral_id", sa.Uuid(), nullable=False),
    sa.Column("items", ARRAY(sa.Text()), nullable=False),
    sa.Column("reason", sa.Text(), nullable=False),
    sa.Column("person_id", sa.Uuid(), nullable=False),
    sa.Column("organisation_id", sa.Uuid(), nullable=False),
    sa.Column("at", TIME, nullable=False),
    one_of("reason", codes.CORRECTIONS),
    sa.Index("correction_tenant_id_referral_id_id_idx", "tenant_id", "referral_id", "id"),
    references("referral", "referral_id"),
    references("person", "person_id"),
    references("organisation", "organisation_id"),
)
