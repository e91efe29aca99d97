"""What the records say of events' keys, under which registrations lie; as of cases' in the room of rights."""

from typing import Final

import sqlalchemy as sa

from libs.persistence.audit import audit_entry
from libs.persistence.statements import Statement
from libs.persistence.tables import TENANT
from services.platform.events.models.tables import event

PARTICIPANTS_ERASED: Final = "erase_participants"
"""The audit entry of a key's erasure: the second place, beside the key store's mark, that remembers it."""

_erased = sa.select(audit_entry.c.object_id).where(
    audit_entry.c.tenant_id == TENANT,
    audit_entry.c.action == PARTICIPANTS_ERASED,
    audit_entry.c.object_type == "event",
)
EVENTS: Final = Statement(
    sa.select(event.c.tenant_id, event.c.id, event.c.state, event.c.id.in_(_erased).label("erased"))
    # the key is made with the first registration
    .where(event.c.tenant_id == TENANT, event.c.registrations > 0)
    .order_by(event.c.id)
)
