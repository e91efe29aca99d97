"""Referrals that were sent and can be accepted, over several tenants; gone when the figure is measured."""

import uuid
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from libs.persistence.connections import Connection, connect
from tests.bench.nation import City, reference
from tests.bench.sides import Asker
from tests.stage.server import url_of

TENANTS: Final = 8
PREPARED: Final = Path(__file__).with_name("prepared_referrals.sql").read_text(encoding="utf-8")
NUMBER: Final = "format('aaaaaaaa-0000-7000-8000-%s', to_char(:n::bigint, 'FM000000000000'))::uuid"
"""A referral's id from its number, as pgbench says it."""


@dataclass(frozen=True, slots=True)
class Accepter:
    """Whose desk answers in one tenant."""

    asker: Asker
    person: uuid.UUID
    organisation: uuid.UUID
    sender: uuid.UUID
    group: uuid.UUID


class Referrals:
    """Numbered over all rounds; number n is of tenant (n / 8 + n) mod 8, so that neighbours are others'."""

    def __init__(self, sql: Connection, accepters: Sequence[Accepter]) -> None:
        self._sql = sql
        self.accepters = accepters
        self._next = 0

    async def more(self, count: int) -> range:
        """So many new ones; their numbers."""
        made = range(self._next, self._next + count)
        self._next = made.stop
        for place, one in enumerate(self.accepters):
            tenant = one.asker.city.tenant_id
            numbers = made.start, made.stop - 1, len(self.accepters), place
            for statement in PREPARED.split(";\n"):
                people = tenant, one.sender, one.person, one.organisation, one.group
                await self._sql.execute(statement, *people, *numbers)
        return made

    def accepter(self, number: int) -> Accepter:
        return self.accepters[place_of(number, len(self.accepters))]

    async def accepted(self, numbers: range) -> int:
        """How many of them are accepted, with the event that tells it."""
        return await self._sql.fetchval(ACCEPTED, id_of(numbers.start), id_of(numbers.stop - 1))

    async def clear(self) -> None:
        """Takes away all of them, and what accepting them has left beside the audit chain."""
        await self._sql.execute("SET session_replication_role = replica")
        for statement in CLEAR:
            await self._sql.execute(statement)


def place_of(number: int, tenants: int) -> int:
    return (number // tenants + number) % tenants


def id_of(number: int) -> uuid.UUID:
    return uuid.UUID(f"aaaaaaaa-0000-7000-8000-{number:012d}")


@asynccontextmanager
async def referrals(database: str, cities: Sequence[City]) -> AsyncGenerator[Referrals]:
    """On some of the larger tenants, the reference among them."""
    sql = await connect(url_of(database))
    chosen = sorted(cities, key=lambda city: (city.code != reference(cities).code, -city.population))[
        :TENANTS
    ]
    try:
        found = Referrals(sql, [await _accepter(sql, city) for city in chosen])
        await found.clear()  # what a run that was killed has left
        try:
            yield found
        finally:
            await found.clear()
    finally:
        await sql.close()


async def _accepter(sql: Connection, city: City) -> Accepter:
    asker = Asker(city)
    row = await sql.fetchrow(WHO, city.tenant_id, asker.subject)
    if row is None:
        raise LookupError(f"{asker.subject} is nobody")
    return Accepter(asker, row["person"], row["organisation"], row["sender"], row["working_group"])


WHO: Final = """SELECT p.id AS person, m.organisation_id AS organisation,
    (SELECT id FROM tsunagari.organisation WHERE tenant_id = $1 ORDER BY id LIMIT 1) AS sender,
    (SELECT id FROM tsunagari.working_group WHERE tenant_id = $1 ORDER BY id LIMIT 1) AS working_group
  FROM tsunagari.person p JOIN tsunagari.membership m ON m.tenant_id = p.tenant_id AND m.person_id = p.id
  WHERE p.tenant_id = $1 AND p.subject = $2"""
ACCEPTED: Final = """SELECT count(*) FROM tsunagari.referral r JOIN tsunagari.referral_event e
  ON e.tenant_id = r.tenant_id AND e.referral_id = r.id AND e.to_state = 'accepted'
  WHERE r.id BETWEEN $1 AND $2 AND r.state = 'accepted' AND r.version = 2"""
_OURS: Final = "BETWEEN 'aaaaaaaa-0000-7000-8000-000000000000' AND 'aaaaaaaa-0000-7000-8000-999999999999'"
CLEAR: Final = (
    f"DELETE FROM tsunagari.referral_event WHERE referral_id {_OURS}",
    f"DELETE FROM tsunagari.referral WHERE id {_OURS}",
    "DELETE FROM tsunagari.case_file WHERE number LIKE 'bench-%'",
    "DELETE FROM tsunagari.outbox",
    "DELETE FROM tsunagari.work_due",
)
