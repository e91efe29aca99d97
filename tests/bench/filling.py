"""A database's rows, by SQL: as many as a national deployment has, in a few minutes, the same at each run."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.progress import Progress

from libs.persistence.connections import Connection, connect
from tests.bench.nation import City
from tests.stage.tokens import ISSUER

FILL: Final = Path(__file__).parent / "fill.sql"
MIGRATIONS: Final = Path(__file__).parents[2] / "migrations"
STEP: Final = re.compile(r"^-- step: (.+)$", re.MULTILINE)
FIRST_MONTH: Final = datetime(2024, 4, 1, tzinfo=UTC)
LAST_DAY: Final = datetime(2026, 6, 1, tzinfo=UTC)
_COLUMNS: Final = {
    "number": "int PRIMARY KEY",
    "tenant_id": "uuid",
    "code": "text",
    "name": "text",
    "kind": "text",
    "population": "int",
    "organisations": "int",
    "groups": "int",
    "referrals": "int",
}


@dataclass(frozen=True, slots=True)
class _Step:
    name: str
    statements: tuple[str, ...]
    monthly: bool


def recipe() -> str:
    """Changes with whatever the rows are made from: a filled database is kept until then."""
    sources = [FILL, Path(__file__).with_name("nation.py"), *sorted(MIGRATIONS.glob("**/*.py"))]
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:10]


async def fill(url: str, cities: Sequence[City], console: Console) -> None:
    """As the server's superuser: foreign keys wait and are made up for by a check at the end."""
    sql = await connect(url)
    try:
        await _begin(sql, cities)
        steps = _steps()
        with Progress(*Progress.get_default_columns(), console=console) as progress:
            for step in steps:
                task = progress.add_task(step.name, total=len(list(_runs(step))))
                for statement, arguments in _runs(step):
                    await sql.execute(statement, *arguments)
                    progress.advance(task)
        await _refuse_orphans(sql)
        console.print("vacuuming …")
        await sql.execute("VACUUM ANALYZE")
        await sql.execute("CHECKPOINT")
    finally:
        await sql.close()


async def _begin(sql: Connection, cities: Sequence[City]) -> None:
    await sql.execute("SET session_replication_role = replica")
    await sql.execute("SET work_mem = '512MB'")
    await sql.execute("SET jit = off")
    await sql.execute(f"SET bench.issuer = '{ISSUER}'")
    columns = ", ".join(f"{field.name} {_COLUMNS[field.name]}" for field in fields(City))
    await sql.execute(f"CREATE TEMP TABLE city ({columns})")
    places = ", ".join(f"${place}" for place in range(1, len(_COLUMNS) + 1))
    await sql.executemany(f"INSERT INTO city VALUES ({places})", [astuple(city) for city in cities])


def _steps() -> list[_Step]:
    _, *parts = STEP.split(FILL.read_text(encoding="utf-8"))
    return [
        _Step(name, tuple(_statements(body)), monthly=name.endswith("by month"))
        for name, body in zip(parts[::2], parts[1::2], strict=True)
    ]


def _statements(body: str) -> Iterator[str]:
    for statement in re.split(r";\n", body):
        if re.sub(r"--.*", "", statement).strip():
            yield statement


def _runs(step: _Step) -> Iterator[tuple[str, tuple[datetime, ...]]]:
    for statement in step.statements:
        if not step.monthly:
            yield statement, ()
            continue
        month = FIRST_MONTH
        while month < LAST_DAY:
            following = (month + timedelta(days=32)).replace(day=1)
            yield statement, (month, following)
            month = following


async def _refuse_orphans(sql: Connection) -> None:
    """Raises RuntimeError where a row names another that is not there."""
    for key in await sql.fetch(_FOREIGN_KEYS):
        columns, others = key["columns"], key["others"]
        joined = " AND ".join(f"r.{a} = t.{b}" for a, b in zip(columns, others, strict=True))
        named = " AND ".join(f"r.{column} IS NOT NULL" for column in columns)
        question = (
            f"SELECT EXISTS (SELECT FROM {key['of']} r WHERE {named} "
            f"AND NOT EXISTS (SELECT FROM {key['to']} t WHERE {joined}))"
        )
        if await sql.fetchval(question):
            raise RuntimeError(f"the filled rows break {key['name']}")


_FOREIGN_KEYS = """
SELECT c.conname AS name, c.conrelid::regclass::text AS of, c.confrelid::regclass::text AS to,
  ARRAY(SELECT attname::text FROM unnest(c.conkey) WITH ORDINALITY k(n, i)
        JOIN pg_attribute ON attrelid = c.conrelid AND attnum = n ORDER BY i) AS columns,
  ARRAY(SELECT attname::text FROM unnest(c.confkey) WITH ORDINALITY k(n, i)
        JOIN pg_attribute ON attrelid = c.confrelid AND attnum = n ORDER BY i) AS others
FROM pg_constraint c JOIN pg_namespace s ON s.oid = c.connamespace
WHERE c.contype = 'f' AND s.nspname = 'tsunagari' ORDER BY 1"""
