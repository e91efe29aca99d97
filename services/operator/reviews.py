"""How many break-glass accesses nobody has reviewed in time, by platform: counts, and no story."""

import uuid

from libs.persistence.database import Context, Database
from libs.persistence.roles import APP
from services.operator.environment import url_of

WAITING = """SELECT count(*) FROM tsunagari.break_glass
  WHERE tenant_id = $1 AND reviewed_at IS NULL AND review_due_at <= $2"""


async def reviews_overdue() -> dict[str, int]:
    """By slug, where there are any."""
    database = await Database.open(url_of(APP), name="tsunagari-operator", size=1)
    try:
        async with database.reading(Context(None)) as connection:
            platforms = await connection.fetch("SELECT tenant_id, slug FROM tsunagari.tenant ORDER BY slug")
        waiting = {row["slug"]: await _waiting(database, row["tenant_id"]) for row in platforms}
    finally:
        await database.close()
    return {slug: count for slug, count in waiting.items() if count}


async def _waiting(database: Database, tenant_id: uuid.UUID) -> int:
    async with database.reading(Context(tenant_id)) as connection:
        count: int = await connection.fetchval(WAITING, tenant_id, database.clock())
        return count
