"""Dead letters of all platforms, counted for who watches the worker: by channel, never whose."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Final

import sqlalchemy as sa

from libs.persistence.actor import SYSTEM
from libs.persistence.database import Context, Database
from libs.persistence.statements import Statement
from libs.tenancy.models import tenant
from services.platform.notices.actions import dead_letters

COUNT_SECONDS: Final = 60.0
"""Below what `Rounds` calls fresh; a transaction a platform, so not as often as the worker counts its own."""


async def count_dead_letters(tenants: Database, counted: Callable[[Mapping[str, int]], None]) -> None:
    """Platform by platform, each in a transaction of its own: no role sees the letters of two at once."""
    async with tenants.reading(Context(None)) as connection:
        platforms = await connection.fetch(PLATFORMS.sql, *PLATFORMS.arguments({}))
    dead = Counter[str]()
    for platform in platforms:
        async with tenants.work(platform["tenant_id"], SYSTEM) as work:
            for row in await dead_letters.counted(work):
                dead[row["channel"]] += row["count"]
    counted(dead)


PLATFORMS: Final = Statement(sa.select(tenant.c.tenant_id))
