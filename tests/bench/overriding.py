"""Tenants' own policies, published by SQL as the product keeps them: one changed line each."""

import json
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from itertools import cycle
from typing import Final

from libs.persistence.connections import Connection, connect
from libs.policy.rules import Policy
from tests.bench.nation import City
from tests.bench.run import LeftOut
from tests.stage.server import url_of

KIND: Final = "npo"
READ: Final = "read"
ON_THE_BOARD: Final = (
    *("person.card", "card_note.content", "referral.handle", "referral.card"),
    *("referral.ask", "referral.summary", "referral.need", "referral.ends"),
)
"""What the board page shows: after a change of one its plan must be made anew."""
OWN: Final = frozenset({"own", "self", "case_holder", "sender", "party", "ever_party"})
"""A kind's view of its own rows is not for a tenant to change."""


def changes() -> list[Mapping[str, str]]:
    """Lines of what associations may read that a tenant may close, as an edition keeps them."""
    policy = Policy.baseline()
    return [
        {"change": "tighten", **rule._asdict(), "becomes": "nobody"}
        for rule in policy.rules
        if rule.kind == KIND
        and rule.act == READ
        and (rule.object, READ) not in policy.fixed
        and not rule.conjunction & OWN
    ]


@asynccontextmanager
async def published(database: str, cities: Sequence[City]) -> AsyncGenerator[None]:
    """Each tenant with another line closed than its neighbours, until the block ends. Raises LeftOut."""
    sql = await connect(url_of(database))
    try:
        if not await sql.fetchval("SELECT to_regclass('tsunagari.policy_edition') IS NOT NULL"):
            raise LeftOut("this product has no tenants' own policies yet (table policy_edition)")
        await take_back(sql)  # what a run that was killed has left
        await publish(sql, cities, cycle(changes()))
        try:
            yield
        finally:
            await take_back(sql)
    finally:
        await sql.close()


async def publish(sql: Connection, cities: Sequence[City], lines: Iterator[Mapping[str, str]]) -> None:
    """The next edition of each tenant, in force from its commit."""
    for city in cities:
        line = json.dumps([next(lines)])
        async with sql.transaction():
            version = await sql.fetchval(RAISE, city.tenant_id)
            await sql.execute(PUBLISH, city.tenant_id, version, line)


async def take_back(sql: Connection) -> None:
    """The baseline for everybody, under a version that no process has seen."""
    await sql.execute("DELETE FROM tsunagari.policy_edition")
    await sql.execute("UPDATE tsunagari.platform_settings SET policy_version = policy_version + 1")


RAISE: Final = """UPDATE tsunagari.platform_settings SET policy_version = policy_version + 1
  WHERE tenant_id = $1 RETURNING policy_version"""
PUBLISH: Final = """INSERT INTO tsunagari.policy_edition
  (tenant_id, id, version, overrides, content_hash, changes_ja, changes_en, note, author_id, at)
  SELECT $1, uuidv7(), $2, $3::jsonb, md5($3::text), '{}', '{}', 'bench', person_id, now()
  FROM tsunagari.coordinator_appointment WHERE tenant_id = $1 LIMIT 1"""
