"""What the records say of cases' keys, for who compares the key store with them."""

from typing import Final

import sqlalchemy as sa

from libs.persistence.audit import audit_entry
from libs.persistence.statements import Statement
from libs.persistence.tables import TENANT
from services.platform.referrals.models import case_file
from services.platform.rights.models import codes
from services.platform.rights.models.erasures import erasure

KEY_ERASED: Final = "erase_case_key"
"""The audit entry of a key's erasure: the second place, beside the key store's mark, that remembers it."""

_erased = sa.select(audit_entry.c.object_id).where(
    audit_entry.c.tenant_id == TENANT,
    audit_entry.c.action == KEY_ERASED,
    audit_entry.c.object_type == "case",
)
ERASURES: Final = Statement(
    sa.select(erasure.c.id, erasure.c.case_id).where(
        erasure.c.tenant_id == TENANT, erasure.c.state == sa.literal(codes.CONFIRMED)
    )
)
"""What is decided and not done: the worker destroys these cases' keys, each by its erasure."""
CASES: Final = Statement(
    sa.select(
        case_file.c.tenant_id,
        case_file.c.id,
        case_file.c.state,
        case_file.c.id.in_(_erased).label("erased"),
    )
    .where(case_file.c.tenant_id == TENANT)
    .order_by(case_file.c.id)
)
