"""A row in every tenant table for every tenant, made from the catalogue: a new table needs no mention."""

import uuid
from dataclasses import dataclass, field

import asyncpg

from libs.persistence.connections import Connection
from libs.persistence.roles import SCHEMA
from tests.isolation.catalogue import tenant_tables

COLUMNS = """SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, y.typcategory AS category
  FROM pg_attribute a JOIN pg_type y ON y.oid = a.atttypid
  WHERE a.attrelid = $1::text::regclass AND a.attnum > 0 AND NOT a.attisdropped
    AND a.attnotnull AND NOT a.atthasdef AND a.attidentity = '' AND a.attgenerated = ''"""

PARENTS = """SELECT f.relname AS parent,
    (SELECT array_agg(a.attname::text ORDER BY x.o) FROM unnest(k.conkey) WITH ORDINALITY x(n, o)
     JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = x.n) AS own,
    (SELECT array_agg(a.attname::text ORDER BY x.o) FROM unnest(k.confkey) WITH ORDINALITY x(n, o)
     JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = x.n) AS theirs
  FROM pg_constraint k JOIN pg_class f ON f.oid = k.confrelid
  WHERE k.conrelid = $1::text::regclass AND k.contype = 'f' AND k.confrelid <> k.conrelid AND NOT EXISTS (
    SELECT 1 FROM unnest(k.conkey) n JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = n
    WHERE NOT a.attnotnull)"""

CHECKS = """SELECT c.relname AS of_table, k.conname AS name
  FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
  WHERE k.connamespace = to_regnamespace($1) AND k.contype = 'c'"""

LITERALS = {
    "text": "x",
    "bytea": "\\x00",
    "jsonb": "{}",
    "json": "{}",
    "date": "2026-04-01",
    "timestamp with time zone": "2026-04-01 00:00+09",
    "time without time zone": "10:00",
    "interval": "1 hour",
    "tsvector": "",
}
BY_CATEGORY = {"N": "7", "B": "true", "A": "{}", "R": "empty"}


@dataclass
class Filling:
    """Fills the tenants' empty tables; `filled` counts the rows that had to be made."""

    connection: Connection
    filled: int = 0
    _done: set[tuple[str, uuid.UUID]] = field(default_factory=set[tuple[str, uuid.UUID]])

    async def fill(self, tenants: list[uuid.UUID]) -> None:
        """As the owner. CHECKs go first: what a state may be is no question of isolation."""
        for row in await self.connection.fetch(CHECKS, SCHEMA):
            await self.connection.execute(
                f'ALTER TABLE {SCHEMA}.{row["of_table"]} DROP CONSTRAINT "{row["name"]}"'
            )
        for table in await tenant_tables(self.connection):
            for tenant in tenants:
                await self._fill(table, tenant)

    async def _fill(self, table: str, tenant: uuid.UUID) -> None:
        if (table, tenant) in self._done:
            return
        self._done.add((table, tenant))
        name = f"{SCHEMA}.{table}"
        if await self.connection.fetchval(
            f"SELECT EXISTS (SELECT 1 FROM {name} WHERE tenant_id = $1)", tenant
        ):
            return
        given = await self._parents(name, tenant)
        values = {"tenant_id": f"'{tenant}'::uuid"}
        for column in await self.connection.fetch(COLUMNS, name):
            values.setdefault(column["name"], given.get(column["name"]) or _literal(column))
        await self.connection.execute(
            f"INSERT INTO {name} ({', '.join(values)}) VALUES ({', '.join(values.values())})"
        )
        self.filled += 1

    async def _parents(self, name: str, tenant: uuid.UUID) -> dict[str, str]:
        """For each foreign key that may not be null, the key of a row of this tenant."""
        given: dict[str, str] = {}
        for key in await self.connection.fetch(PARENTS, name):
            if "tenant_id" not in key["own"] or len(key["own"]) < 2:
                continue
            await self._fill(key["parent"], tenant)
            row = await self.connection.fetchrow(
                f"SELECT {', '.join(f'{column}::text' for column in key['theirs'])} "
                f"FROM {SCHEMA}.{key['parent']} WHERE tenant_id = $1 LIMIT 1",
                tenant,
            )
            assert row is not None, f"{name} and {key['parent']} each need the other first"
            given |= {own: f"'{row[theirs]}'" for own, theirs in zip(key["own"], key["theirs"], strict=True)}
        return given


def _literal(column: asyncpg.Record) -> str:
    kind: str = column["type"]
    if kind == "uuid":
        return f"'{uuid.uuid4()}'::uuid"
    text = LITERALS.get(kind) if kind in LITERALS else BY_CATEGORY.get(_category(column))
    assert text is not None, f"tests/isolation/rows.py knows no value of type {kind}"
    return f"'{text}'::{kind}"


def _category(column: asyncpg.Record) -> str:
    category: str | bytes = column["category"]
    return category if isinstance(category, str) else category.decode()
