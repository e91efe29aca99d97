"""The product's engine on a drawn population, and the same questions answered in memory."""

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import cache

from graphql import print_schema

from libs.persistence.connections import connect
from libs.persistence.database import Database
from libs.persistence.roles import APP
from libs.policy.rules import Policy
from libs.reading.documents import Documents
from libs.reading.engine import Engine
from libs.tenancy.viewers import Viewers
from services.platform.app import registry
from services.platform.relations import RELATIONS
from tests.oracle import lists, oddities
from tests.oracle.moments import NOW
from tests.oracle.people import ELSEWHERE, OURS, all_viewers
from tests.oracle.population import populate
from tests.oracle.reference import Reference
from tests.oracle.seeing import PREFIX_OF, TABLE_OF
from tests.reading.asking import SIZES, UNBOUNDED, Reading
from tests.reading.drawing import Ground
from tests.reading.world import World
from tests.stage.server import TEMPLATE, cloned, url_of

SEED = int(os.environ.get("TSUNAGARI_ORACLE_POPULATION", "20261123"))
CODES = {OURS: "292095", ELSEWHERE: "372013"}


@asynccontextmanager
async def asked_on(seed: int = SEED) -> AsyncGenerator[Reading]:
    """A database of one's own with two platforms full of rows."""
    async with cloned(os.environ[TEMPLATE]) as name:
        connection = await connect(url_of(name))
        world = await populate(connection, seed, OURS, CODES[OURS])
        elsewhere = await populate(connection, seed + 1, ELSEWHERE, CODES[ELSEWHERE])
        await connection.close()
        database = await Database.open(url_of(name, APP), name="oracle", size=4, clock=lambda: NOW)
        try:
            viewers = await all_viewers(Viewers(database))
            ground = ground_of(world, elsewhere)
            yield Reading(name, reference(), ground, engine_on(database), documents(), viewers, seed)
        finally:
            await database.close()


def engine_on(database: Database) -> Engine:
    """As the product opens it, without a bound on the cost: drawn documents are larger than people's."""
    return Engine(registry(), RELATIONS, Policy.baseline(), database, most_cost=10**12)


@cache
def documents() -> Documents:
    return Documents(registry().schema, UNBOUNDED)


@cache
def reference() -> Reference:
    return Reference.of(print_schema(registry().schema))


def ground_of(world: World, elsewhere: World) -> Ground:
    return Ground(
        world=world,
        elsewhere=elsewhere,
        tables=TABLE_OF,
        prefixes=PREFIX_OF,
        orders={key: (rows.keys, rows.order) for key, rows in lists.LISTS.items()},
        values={
            "first": SIZES,
            "last": SIZES,
            "search": ("ひだ", "ﾋﾀﾞﾏﾘ", "", "o'", '"', "\\", "%", "_", "😀", "100%", "北部"),
            "about": ("将棋", "しょう", "改行", "%"),
            "field": ("食", "居場所", "なし"),
            "area": ("292095", "290009", "011029", "011002", "なし"),
            "language": ("ja", "zh-Hans", "fr"),
            "openNow": (True, False),
            "unread": (True, False),
            "fiscalYear": (2026, 2027, -1),
            "pinned": (True, False),
            "after": ("",),
            "before": ("",),
        },
        ids={
            "workingGroupId": "WorkingGroup",
            "workingGroup": "WorkingGroup",
            "organiser": "Organisation",
            "organisation": "Organisation",
            "memberClass": "MemberClass",
            "councilId": "Council",
            "referralId": "Referral",
            "event": "Event",
            "series": "Event",
        },
        is_unasked=oddities.is_left_out,
        sized=0.9,
    )
