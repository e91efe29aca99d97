"""Boards that many listen to, and their changes by the product's own Work."""

import asyncio
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from uuid_utils.compat import uuid7

from libs.persistence.actor import Actor
from libs.persistence.connections import connect
from libs.persistence.database import Database
from services.platform.groups.models import post
from tests.bench.nation import City
from tests.stage.server import url_of

TITLE: Final = "bench"
GOVERNMENT: Final = "government"


@dataclass(frozen=True, slots=True)
class Seated:
    """Somebody whose organisation sits in the group."""

    subject: str
    person: uuid.UUID
    organisation: uuid.UUID
    kind: str


@dataclass(slots=True)
class Board:
    """One group with those who listen; `committed`: when each numbered change was."""

    city: City
    group: uuid.UUID
    seated: list[Seated]
    committed: list[float] = field(default_factory=list[float])
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def change(self, database: Database) -> None:
        """One after the other, so that their numbers are in the order of their commits."""
        async with self._turn:
            await self._change(database)

    async def _change(self, database: Database) -> None:
        """A post for the public sector, then one for all, in one Work, numbered; the board is told once."""
        number, writer = len(self.committed), self.seated[0]
        actor = Actor(writer.person, writer.organisation)
        async with database.work(self.city.tenant_id, actor) as work:
            for audience in ("public", "all"):
                await work.insert(
                    post,
                    id=uuid7(),
                    working_group_id=self.group,
                    audience=audience,
                    author_id=writer.person,
                    author_organisation_id=writer.organisation,
                    title=f"{TITLE} {audience} {number}",
                    body="掲示板に新しい知らせがあります。",
                    created_at=work.now,
                )
            work.tell("board", self.group)
        self.committed.append(time.monotonic())


async def boards(database: str, cities: Sequence[City], boards: int, listeners: int) -> list[Board]:
    """So many boards with so many listeners each, over as many tenants as have them."""
    by_id = {city.tenant_id: city for city in cities}
    sql = await connect(url_of(database))
    try:
        await sql.execute("DELETE FROM tsunagari.post WHERE title LIKE $1", f"{TITLE} %")
        rows = await sql.fetch(BOARDS, listeners, boards, TENANTS)
        return [
            Board(by_id[row["tenant_id"]], row["working_group_id"], await _seated(sql, row, listeners))
            for row in rows
        ]
    finally:
        await sql.close()


async def forget(database: str) -> None:
    sql = await connect(url_of(database))
    await sql.execute("DELETE FROM tsunagari.post WHERE title LIKE $1", f"{TITLE} %")
    await sql.close()


async def keep_changing(
    database: Database, boards: Sequence[Board], per_second: float, seconds: float
) -> None:
    """Changes by the clock, not one after the other: a slow one does not slow the next."""
    began = time.monotonic()
    async with asyncio.TaskGroup() as changing:
        for number in range(round(per_second * seconds)):
            await asyncio.sleep(began + number / per_second - time.monotonic())
            changing.create_task(boards[number % len(boards)].change(database))


async def _seated(sql: Any, row: Any, listeners: int) -> list[Seated]:
    found = await sql.fetch(SEATED, row["tenant_id"], row["working_group_id"], listeners)
    return [Seated(each["subject"], each["person"], each["organisation"], each["kind"]) for each in found]


TENANTS: Final = 20
_PEOPLE: Final = """FROM tsunagari.seat s
  JOIN tsunagari.membership m ON m.tenant_id = s.tenant_id AND m.organisation_id = s.organisation_id
  JOIN tsunagari.person p ON p.tenant_id = m.tenant_id AND p.id = m.person_id
  JOIN tsunagari.organisation o ON o.tenant_id = m.tenant_id AND o.id = m.organisation_id"""
BOARDS: Final = f"""WITH fit AS (
    SELECT s.tenant_id, s.working_group_id, count(*) {_PEOPLE} GROUP BY 1, 2 HAVING count(*) >= $1),
  numbered AS (
    SELECT *, row_number() OVER (PARTITION BY tenant_id ORDER BY working_group_id) AS place FROM fit),
  chosen AS (SELECT tenant_id FROM numbered GROUP BY 1 ORDER BY max(place) DESC, 1 LIMIT $3)
  SELECT tenant_id, working_group_id FROM numbered JOIN chosen USING (tenant_id)
  ORDER BY place, tenant_id LIMIT $2"""
SEATED: Final = f"""SELECT p.subject, p.id AS person, o.id AS organisation, o.kind {_PEOPLE}
  WHERE s.tenant_id = $1 AND s.working_group_id = $2 ORDER BY p.id LIMIT $3"""
