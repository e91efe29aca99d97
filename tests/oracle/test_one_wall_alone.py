"""Row security and the policy each hold alone: one is taken away, and nothing of another tenant is there."""

import random
from collections.abc import AsyncGenerator, Collection
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import asyncpg
import pytest
import sqlalchemy as sa

from libs.persistence.connections import connect
from libs.persistence.database import Database
from libs.persistence.roles import APP, OWNER, SCHEMA
from libs.policy.access import Access
from libs.reading.blocks import Blocks
from tests.oracle import whole
from tests.oracle.answered import Listed, answer_to
from tests.oracle.asking import engine_on
from tests.oracle.lists import LISTS
from tests.oracle.moments import NOW
from tests.oracle.seeing import OBJECT_OF, PREFIX_OF, TABLE_OF
from tests.reading.asking import Reading
from tests.stage.server import url_of

DRAWN = 80
SOME = ("npo caseworker", "government of all roles", "company desk", "anyone", "neighbour coordinator")
WHO = ("npo coordinator", "neighbour npo")


@asynccontextmanager
async def as_role(asked: Reading, role: str) -> AsyncGenerator[Reading]:
    """The same platform, read through another role's connections; what they send is not judged here."""
    connection_class: Any = asyncpg.Connection
    database = await Database.open(
        _url(asked, role), name="wall", size=2, clock=lambda: NOW, connection_class=connection_class
    )
    try:
        yield replace(asked, engine=engine_on(database))
    finally:
        await database.close()


def _url(asked: Reading, role: str | None = None) -> str:
    return url_of(asked.name, role)


@pytest.fixture
def everything_allowed(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    allow_everything(monkeypatch)
    return monkeypatch


def allow_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """The policy layer at allow-all: every row, every field."""
    monkeypatch.setattr(Access, "rows", always)
    monkeypatch.setattr(Access, "field", always)


def always(*_: object) -> bool:
    return True


def name_no_tenant(monkeypatch: pytest.MonkeyPatch) -> None:
    """The blocks' own equality of the tenant goes, too: row security stands quite alone."""
    right: Any = vars(Blocks)["_conditions"]

    def without(blocks: Blocks, *asked: Any) -> list[Any]:
        _, *rest = right(blocks, *asked)
        return [sa.literal_column("true", sa.Boolean()), *rest]

    monkeypatch.setattr(Blocks, "_conditions", without)


@pytest.mark.parametrize("tenant_named", [True, False])
@pytest.mark.parametrize("who", WHO)
async def test_row_security_alone_keeps_every_other_tenants_row(
    asked: Reading, everything_allowed: pytest.MonkeyPatch, who: str, *, tenant_named: bool
) -> None:
    if not tenant_named:
        name_no_tenant(everything_allowed)
    async with as_role(asked, APP) as alone:
        assert await strangers_found(alone, who) == []


async def strangers_found(alone: Reading, who: str) -> list[str]:
    """Ids of another tenant that any root or list answers; each own row must be found by its id."""
    own, other = alone.world, alone.elsewhere
    if alone.viewers[who].tenant_id != own.tenant_id:
        own, other = other, own
    found: list[str] = []
    for type_name in OBJECT_OF:
        found += await _by_id(alone, who, whole.ids_of(type_name, other))
        ours = [
            f"{PREFIX_OF[type_name]}_{row['id']}"
            for row in own.all(TABLE_OF[type_name])
            if not row.get("dropped")
        ]
        assert await _by_id(alone, who, ours) == ours, "with everything allowed, one's own rows are found"
    strangers = {identity for name in OBJECT_OF for identity in whole.ids_of(name, other)}
    found += [each for each in await _listed(alone, who) if each in strangers]
    return found


async def _by_id(alone: Reading, who: str, ids: list[str]) -> list[str]:
    found: list[str] = []
    for start in range(0, len(ids), 50):
        part = ids[start : start + 50]
        declared = ", ".join(f"$i{number}: ID!" for number in range(len(part)))
        roots = " ".join(f"r{number}: node(id: $i{number}) {{ id }}" for number in range(len(part)))
        variables = {f"i{number}": each for number, each in enumerate(part)}
        answer = await answer_to(alone, who, f"query ({declared}) {{ {roots} }}", variables)
        found += [each["id"] for each in answer.values() if each is not None]
    return found


async def _listed(alone: Reading, who: str) -> list[str]:
    """All lists of the schema: of the root, and of some parents by their ids, whichever tenant's."""
    found: list[str] = []
    for (of, name), rows in LISTS.items():
        parents: list[str | None] = [None]
        if of != "Query":
            parents = [*whole.ids_of(of, alone.world)[:3], *whole.ids_of(of, alone.elsewhere)[:3]]
        said = _board(alone) if name == "board" else [""]
        for parent in parents:
            for each in said:
                listed = Listed(alone, who, of, name, rows, parent, each)
                if parent is None or await _by_id(alone, who, [parent]):
                    ids, count = await listed.whole() or ([], 0)
                    assert count == len(ids) or len(ids) == 100
                    found += ids
    return found


def _board(alone: Reading) -> list[str]:
    return [
        f'workingGroupId: "{identity}"'
        for world in (alone.world, alone.elsewhere)
        for identity in whole.ids_of("WorkingGroup", world)
    ]


async def test_the_policy_alone_answers_the_same_bytes(asked: Reading) -> None:
    """As a role that row security does not bind, on both tenants' data."""
    async with as_role(asked, OWNER) as unbound:
        unbound.engine.plans = asked.engine.plans  # a plan knows no connection
        await both_are_seen(unbound)
        assert await other_answers(asked, unbound, DRAWN) == []


async def both_are_seen(unbound: Reading) -> None:
    connection = await connect(_url(unbound, OWNER))
    seen = await connection.fetch(f"SELECT DISTINCT tenant_id FROM {SCHEMA}.referral")
    await connection.close()
    assert len(seen) == 2


async def other_answers(
    asked: Reading, unbound: Reading, drawn: int, types: Collection[str] = tuple(OBJECT_OF)
) -> list[str]:
    """Documents that are answered otherwise: every type's whole ones, and drawn ones."""
    found: list[str] = []
    for type_name in types:
        text = whole.document(asked.schema, type_name)
        ids = [*whole.ids_of(type_name, asked.world)[:6], *whole.ids_of(type_name, asked.elsewhere)[:4]]
        for variables in whole.in_parts(ids):
            for who in SOME:
                found += await _other(asked, unbound, text, who, variables)
    for seed in range(drawn):
        randomness = random.Random(seed)
        document = asked.drawn(randomness)
        if document is not None:
            who = randomness.choice(list(asked.viewers))
            found += await _other(asked, unbound, document.text, who, document.variables)
    return found


async def _other(asked: Reading, unbound: Reading, text: str, who: str, variables: Any) -> list[str]:
    bound = await asked.read(text, who, variables)
    return [] if (await unbound.read(text, who, variables)).json == bound.json else [f"{who}: {text}"]
