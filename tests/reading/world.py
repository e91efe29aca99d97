"""One tenant's rows in memory, as the server's admin sees them, and how drawn rows are written by SQL."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from libs.persistence.roles import SCHEMA

Row = dict[str, Any]


@dataclass(frozen=True)
class World:
    """One tenant's rows by table name and id; `register` is what the register of tenants says of it."""

    tenant_id: uuid.UUID
    rows: Mapping[str, Mapping[uuid.UUID, Row]]
    register: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def all(self, table: str) -> list[Row]:
        return list(self.rows[table].values())


async def load(connection: Any, tenant_id: uuid.UUID, tables: Iterable[sa.Table]) -> World:
    rows: dict[str, dict[uuid.UUID, Row]] = {}
    for table in tables:
        found = await connection.fetch(f"SELECT * FROM {SCHEMA}.{table.name} WHERE tenant_id = $1", tenant_id)
        rows[table.name] = {row["id"]: dict(row) for row in found}
    return World(tenant_id, rows)


async def insert(connection: Any, table: sa.Table, row: Row) -> None:
    """What a feature adds to its table later is filled with nothing in particular."""
    for each in table.c:
        if each.name not in row and not each.nullable and each.server_default is None:
            row[each.name] = ""
    names = ", ".join(row)
    places = ", ".join(f"${number}" for number in range(1, len(row) + 1))
    await connection.execute(f"INSERT INTO {SCHEMA}.{table.name} ({names}) VALUES ({places})", *row.values())
