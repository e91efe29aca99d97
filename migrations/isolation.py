"""How a table enters the schema: with its isolation, its grants and its indexes, or not at all.

A migration calls `tenant_table` or `shared_table`; nothing else here creates a table. One statement a
call: asyncpg and Citus refuse several in one string.
"""

from collections.abc import Mapping

import sqlalchemy as sa
from alembic import op

from libs.persistence.roles import APP, SCHEMA

# '' is what SET LOCAL leaves behind after its transaction
THIS_TENANT = "tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid"

Grants = Mapping[str, str]
READ_WRITE = "SELECT, INSERT, UPDATE"
APPEND_ONLY = "SELECT, INSERT"


def tenant_table(name: str, *items: sa.schema.SchemaItem, grants: Grants | None = None) -> None:
    """Creates a table of tenants' rows: key, forced row security, one permissive policy, grants per role."""
    op.create_table(
        name,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=f"{name}_pkey"),
        *items,
        schema=SCHEMA,
    )
    granted = {APP: READ_WRITE} if grants is None else grants
    _force_row_security(name)
    _policy(name, "tenant_isolation", ", ".join(granted), THIS_TENANT)
    _grant(name, granted)


def shared_table(
    name: str, *items: sa.schema.SchemaItem, grants: Grants, policies: Mapping[str, tuple[str, str]]
) -> None:
    """Creates a table outside the tenants; `policies` maps a name to (roles, condition)."""
    op.create_table(name, *items, schema=SCHEMA)
    _force_row_security(name)
    for policy, (roles, condition) in policies.items():
        _policy(name, policy, roles, condition)
    _grant(name, grants)


def grant(name: str, grants: Grants) -> None:
    """Adds grants to a table that an earlier migration made."""
    _grant(name, grants)


def _force_row_security(name: str) -> None:
    op.execute(f"ALTER TABLE {SCHEMA}.{name} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {SCHEMA}.{name} FORCE ROW LEVEL SECURITY")


def _policy(table: str, name: str, roles: str, condition: str) -> None:
    op.execute(
        f"CREATE POLICY {name} ON {SCHEMA}.{table} AS PERMISSIVE FOR ALL TO {roles} "
        f"USING ({condition}) WITH CHECK ({condition})"
    )


def _grant(table: str, grants: Grants) -> None:
    for role, rights in grants.items():
        op.execute(f"GRANT {rights} ON {SCHEMA}.{table} TO {role}")
