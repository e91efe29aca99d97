"""The tenant's draft as a row; its tables belong to tenancy, where every version of a policy is compared."""

import sqlalchemy as sa

from libs.policy.predicates import Asker
from libs.reading.declare import Row


def is_askers_draft(row: Row, asker: Asker) -> "sa.ColumnElement[bool]":
    """A platform has one draft, which has the platform's own id."""
    return row.c.id == asker.tenant
