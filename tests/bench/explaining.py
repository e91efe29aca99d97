"""How PostgreSQL carries out a page's statement from the sixth time on: by its generic plan."""

from typing import Final

from libs.persistence.connections import Connection, connect
from libs.persistence.roles import APP
from tests.bench.limit import Statement, text_of
from tests.bench.writing import quoted
from tests.stage.server import url_of

TRIES: Final = 3
"""The first fills caches."""


async def plan_of(database: str, statement: Statement) -> str:
    """The statement and its plan with times."""
    sql = await connect(url_of(database, APP))
    try:
        await sql.execute("SET jit = off")
        await sql.execute("SET plan_cache_mode = force_generic_plan")
        await sql.execute(f"PREPARE page AS {statement.sql}")
        async with sql.transaction():
            await sql.execute(f"SET LOCAL app.tenant_id = '{statement.tenant}'")
            plan = [await _explained(sql, statement) for _ in range(TRIES)][-1]
    finally:
        await sql.close()
    return f"{statement.sql}\n\n{plan}\n"


async def _explained(sql: Connection, statement: Statement) -> str:
    given = ["NULL" if value is None else quoted(text_of(value)) for value in statement.arguments]
    rows = await sql.fetch(f"EXPLAIN (ANALYZE, BUFFERS) EXECUTE page({', '.join(given)})")
    return "\n".join(row[0] for row in rows)
