"""Tables' base. A tenant table starts with (tenant_id, id); the few others say why they have no tenant.

The rules are those that row-level security, partitioning and Citus share (docs/decisions/0004); a test reads
the migrated catalogue and fails where a table breaks one.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from libs.persistence.roles import SCHEMA

metadata = sa.MetaData(
    schema=SCHEMA,
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
        "ck": "%(table_name)s_%(constraint_name)s_check",
    },
)

TENANT = sa.bindparam("viewer_tenant", type_=sa.Uuid())


def tenant_table(name: str, *items: "sa.schema.SchemaItem") -> sa.Table:
    """A table whose rows each belong to one tenant: primary key (tenant_id, id), ids made by us."""
    return sa.Table(
        name,
        metadata,
        sa.Column("tenant_id", sa.Uuid(), nullable=False, primary_key=True),
        sa.Column("id", sa.Uuid(), nullable=False, primary_key=True),
        *items,
    )


def shared_table(name: str, *items: "sa.schema.SchemaItem", reason: str) -> sa.Table:
    """A table outside the tenants. `reason` is printed by the catalogue check's closed list."""
    return sa.Table(name, metadata, *items, info={"shared": reason})


def references(table: str, *columns: str, on_delete: str | None = None) -> sa.ForeignKeyConstraint:
    """A foreign key inside the tenant: (tenant_id, column) → (tenant_id, id)."""
    return sa.ForeignKeyConstraint(
        ["tenant_id", *columns],
        [f"{SCHEMA}.{table}.tenant_id", f"{SCHEMA}.{table}.id"],
        ondelete=on_delete,
    )


def references_tenant() -> sa.ForeignKeyConstraint:
    """Ties a table that has no other parent to the register of tenants."""
    return sa.ForeignKeyConstraint(["tenant_id"], [f"{SCHEMA}.tenant.tenant_id"])


def one_of(column: str, values: Sequence[str]) -> sa.CheckConstraint:
    """A closed vocabulary, kept as text so that a code can be added without rewriting the table."""
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=column)
