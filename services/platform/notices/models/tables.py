"""What is kept of a notice: who, of what kind, about which object. Never a name, never a text of anybody."""

from typing import Final

import sqlalchemy as sa

from libs.persistence.tables import one_of, references, tenant_table
from libs.tenancy.models import TIME, version
from services.platform.notices.models.kinds import GROUPS

MAIL_CHOICES: Final = ("now", "digest", "none")
CHANNELS: Final = ("mail", "digest", "letter", "webhook")
DELIVERY_STATES: Final = ("waiting", "sent", "dead", "skipped")
LANGUAGES: Final = ("ja", "en")
WEBHOOK_STATES: Final = ("active", "disabled", "removed")

webhook = tenant_table(
    "webhook",
    sa.Column("organisation_id", sa.Uuid(), nullable=False),
    # told what coordinators are told, as long as the organisation has one
    sa.Column("of_platform", sa.Boolean(), nullable=False),
    sa.Column("url", sa.Text(), nullable=False),
    sa.Column("secret", sa.LargeBinary(), nullable=False),
    sa.Column("previous_secret", sa.LargeBinary()),
    sa.Column("previous_until", TIME),
    sa.Column("state", sa.Text(), nullable=False, server_default="active"),
    sa.Column("failing_since", TIME),
    sa.Column("created_by_id", sa.Uuid(), nullable=False),
    sa.Column("created_at", TIME, nullable=False),
    version(),
    one_of("state", WEBHOOK_STATES),
    sa.Index("webhook_tenant_id_organisation_id_id_idx", "tenant_id", "organisation_id", "id"),
    references("organisation", "organisation_id"),
    references("person", "created_by_id"),
)

# its id is the Message-ID of the mail and the webhook-id of the call: what came twice can be told
notice_delivery = tenant_table(
    "notice_delivery",
    sa.Column("channel", sa.Text(), nullable=False),
    sa.Column("state", sa.Text(), nullable=False, server_default="waiting"),
    sa.Column("person_id", sa.Uuid()),
    sa.Column("webhook_id", sa.Uuid()),
    # a notice's kind, or a letter's template
    sa.Column("kind", sa.Text()),
    sa.Column("about", sa.Text()),
    # a letter alone: address and values under the tenant's key, gone when it is sent or too old
    sa.Column("language", sa.Text()),
    sa.Column("sealed", sa.LargeBinary()),
    sa.Column("expires_at", TIME),
    sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
    sa.Column("last_code", sa.Text()),
    sa.Column("created_at", TIME, nullable=False),
    sa.Column("ended_at", TIME),
    one_of("channel", CHANNELS),
    one_of("state", DELIVERY_STATES),
    one_of("language", LANGUAGES),
    sa.Index(
        "notice_delivery_tenant_id_id_unsent_idx",
        "tenant_id",
        "id",
        postgresql_where=sa.text("state IN ('waiting', 'dead')"),
    ),
    references("person", "person_id"),
    references("webhook", "webhook_id"),
)

notice = tenant_table(
    "notice",
    sa.Column("person_id", sa.Uuid(), nullable=False),
    sa.Column("kind", sa.Text(), nullable=False),
    # the global id of the object: whether it opens is that object's own policy
    sa.Column("about", sa.Text(), nullable=False),
    sa.Column("mail", sa.Text(), nullable=False),
    sa.Column("digest_id", sa.Uuid()),
    sa.Column("created_at", TIME, nullable=False),
    sa.Column("read_at", TIME),
    version(),
    one_of("mail", MAIL_CHOICES),
    sa.Index("notice_tenant_id_person_id_id_idx", "tenant_id", "person_id", "id"),
    sa.Index(
        "notice_tenant_id_person_id_id_unread_idx",
        "tenant_id",
        "person_id",
        "id",
        postgresql_where=sa.text("read_at IS NULL"),
    ),
    sa.Index(
        "notice_tenant_id_person_id_gathered_idx",
        "tenant_id",
        "person_id",
        postgresql_where=sa.text("mail = 'digest' AND digest_id IS NULL"),
    ),
    sa.Index("notice_tenant_id_digest_id_idx", "tenant_id", "digest_id"),
    references("person", "person_id"),
    references("notice_delivery", "digest_id"),
)

# one row a person who chose, its id the person's; null: as the kind has it
notice_preference = tenant_table(
    "notice_preference",
    sa.Column("language", sa.Text(), nullable=False, server_default="ja"),
    *(sa.Column(f"mail_{group}", sa.Text()) for group in GROUPS),
    sa.Column("changed_at", TIME, nullable=False),
    version(),
    one_of("language", LANGUAGES),
    *(one_of(f"mail_{group}", MAIL_CHOICES) for group in GROUPS),
    references("person", "id"),
)
