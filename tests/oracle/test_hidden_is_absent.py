"""A row that somebody may not see is told from one that never was by nothing in the whole answer's bytes.

Over HTTP, as people ask: data, errors, extensions and cost, by id and in every list and count.
"""

import uuid
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

import asyncpg
import pytest

from libs.persistence.connections import Connection, connect
from libs.persistence.roles import SCHEMA
from tests.oracle import lists, whole
from tests.oracle.asking import asked_on
from tests.oracle.facts import Judge
from tests.oracle.lists import LISTS, Rows
from tests.oracle.moments import NOW, TODAY
from tests.oracle.people import subject_of, tenant_of
from tests.oracle.population import TABLES, read_back
from tests.oracle.seeing import OBJECT_OF, PREFIX_OF, TABLE_OF
from tests.reading.asking import Reading
from tests.reading.world import Row, insert
from tests.stage.server import url_of
from tests.stage.stage import Clock, Stage, staged_on
from tests.stage.tokens import token_of

WHO = ("company desk", "npo desk", "anyone")
OTHER_NUMBER = 900
FEWEST = 6
"""Types of which hidden rows came, at the least: a positive control."""
NEVER = uuid.UUID("01999999-0000-7000-8000-000000000000")


class Still(Clock):
    """The moment around which the rows were drawn."""

    def __call__(self) -> Any:
        return NOW


@dataclass(frozen=True)
class Served:
    asked: Reading
    stage: Stage
    admin: Connection

    async def said(self, who: str, text: str, variables: dict[str, Any]) -> bytes:
        """The body as it came."""
        headers = {"Tsunagari-Acting-For": tenant_of(who)}
        subject = subject_of(who)
        if subject is not None:
            headers["Authorization"] = f"Bearer {token_of(subject)}"
        sent = {"query": text, "variables": variables}
        answer = await self.stage.http.post("/graphql", json=sent, headers=headers)
        return answer.content


@pytest.fixture(scope="module")
async def served() -> AsyncGenerator[Served]:
    async with asked_on() as asked, staged_on(asked.name, Still()) as stage:
        admin = await connect(url_of(asked.name))
        yield Served(asked, stage, admin)
        await admin.close()


@pytest.mark.parametrize("who", WHO)
async def test_a_hidden_id_is_answered_as_one_that_never_was(served: Served, who: str) -> None:
    judge = Judge(served.asked.world, served.asked.viewers[who])
    for type_name, prefix in PREFIX_OF.items():
        for text in _by_id(served.asked, type_name):
            never = await served.said(who, text, {"i0": f"{prefix}_{NEVER}"})
            assert b'"errors"' not in never, never
            for row in [*hidden_rows(judge, type_name)[:3], *foreign_rows(served.asked, type_name)[:1]]:
                hidden = await served.said(who, text, {"i0": f"{prefix}_{row['id']}"})
                assert hidden == never, (who, type_name, row["id"])


def _by_id(asked: Reading, type_name: str) -> list[str]:
    """By `node`, with all that hangs on it, and by the type's own root."""
    roots = [name for name, target in lists.BY_ID.items() if target == type_name]
    return [
        whole.document(asked.schema, type_name, rows=1),
        *(f"query ($i0: ID!) {{ {name}(id: $i0) {{ id hiddenFields }} }}" for name in roots),
    ]


def hidden_rows(judge: Judge, type_name: str) -> list[Row]:
    rows = judge.world.all(TABLE_OF[type_name])
    return [row for row in rows if not judge.finds(OBJECT_OF[type_name], row)]


def foreign_rows(asked: Reading, type_name: str) -> list[Row]:
    return asked.elsewhere.all(TABLE_OF[type_name])


@pytest.mark.parametrize("who", WHO)
async def test_lists_and_counts_are_the_same_bytes_when_hidden_rows_come(served: Served, who: str) -> None:
    before = await everything_listed(served, who)
    came = await more_hidden_rows(served, who)
    assert len(came) >= FEWEST, came
    after = await everything_listed(served, who)
    changed = [asked for asked, body in before.items() if after[asked] != body]
    assert changed == [], (who, came)


async def everything_listed(served: Served, who: str) -> dict[str, bytes]:
    """Each list of the root and of some visible parents: the document with its body."""
    judge = Judge(served.asked.world, served.asked.viewers[who])
    bodies: dict[str, bytes] = {}
    for (of, name), rows in LISTS.items():
        for text in _listing(judge, of, name, rows):
            bodies[text] = await served.said(who, text, {})
            assert b'"errors"' not in bodies[text], bodies[text]
    return bodies


def _listing(judge: Judge, of: str, name: str, rows: Rows) -> list[str]:
    page = "first: 30"
    inner = "id"
    if rows.paged:
        inner = "totalCount edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage endCursor }"
    if name == "board":
        groups = whole.ids_of("WorkingGroup", judge.world)
        return [f'{{ board({page}, workingGroupId: "{group}") {{ {inner} }} }}' for group in groups]
    if of == "Query":
        return [f"{{ {name}({page}) {{ {inner} }} }}"]
    parents = [row for row in judge.world.all(TABLE_OF[of]) if judge.finds(OBJECT_OF[of], row)][:4]
    return [
        f'{{ node(id: "{PREFIX_OF[of]}_{row["id"]}") {{ ... on {of} {{ {name}({page}) {{ {inner} }} }} }} }}'
        for row in parents
    ]


async def more_hidden_rows(served: Served, who: str) -> set[str]:
    """Writes copies of rows that this person may not see; the types of those that are hidden themselves."""
    judge = Judge(served.asked.world, served.asked.viewers[who])
    came: set[str] = set()
    for type_name in OBJECT_OF:
        for row in hidden_rows(judge, type_name)[:4]:
            copy = _copy_of(type_name, row)
            if await _comes(served, type_name, copy) and await _is_hidden(served, judge, type_name, copy):
                came.add(type_name)
    return came


def _copy_of(type_name: str, row: Row) -> Row:
    """What must be one of its kind is made another; places and chairs, which others count, are none."""
    others: dict[str, Row] = {
        "Person": {"subject": None, "issuer": None},
        "Organisation": {"corporate_number": None},
        "Seat": {"is_chair": False, "until_on": TODAY},
        "SeatRequest": {"state": "withdrawn"},
        "Event": {"source_ref": None},
        "EventOccurrence": {"number": OTHER_NUMBER},
        "Place": {"state": "given_up"},
        "Case": {"number": f"copy-{row['id']}"},
        "Offer": {"state": "withdrawn"},
        "ReferralEvent": {"sequence": OTHER_NUMBER},
    }
    return {**row, **others.get(type_name, {}), "id": uuid.uuid4()}


async def _comes(served: Served, type_name: str, row: Row) -> bool:
    table = next(each for each in TABLES if each.name == TABLE_OF[type_name])
    try:
        await insert(served.admin, table, dict(row))
    except asyncpg.IntegrityConstraintViolationError:
        return False
    return True


async def _is_hidden(served: Served, judge: Judge, type_name: str, row: Row) -> bool:
    """Taken out again where it would be seen: then it is nothing hidden."""
    world = await read_back(served.admin, judge.world.tenant_id)
    kept = world.rows[TABLE_OF[type_name]][row["id"]]
    if kept.get("dropped") or not Judge(world, judge.viewer).finds(OBJECT_OF[type_name], kept):
        return True
    await served.admin.execute(f"DELETE FROM {SCHEMA}.{TABLE_OF[type_name]} WHERE id = $1", row["id"])
    return False
