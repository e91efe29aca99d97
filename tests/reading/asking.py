"""One document asked twice: of the compiled engine on PostgreSQL, and of graphql-core over rows in memory."""

import difflib
import json
import os
import random
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, Protocol

from graphql import ExecutionResult, GraphQLSchema, parse, print_schema, validate

from libs.persistence.connections import connect
from libs.persistence.database import Database
from libs.persistence.roles import APP, SCHEMA
from libs.policy.rules import Policy
from libs.reading.bounds import Limits
from libs.reading.documents import Documents
from libs.reading.engine import Engine, Read
from libs.reading.naming import check_policy
from libs.reading.registry import Registry
from libs.serving.execution import answer_beside
from libs.tenancy.viewer import Viewer
from services.platform.relations import RELATIONS
from tests.reading import shown
from tests.reading.drawing import Drawing, Drawn, Ground
from tests.reading.population import NOW, populate
from tests.reading.reference import ORGANISATION_KEYS, PREFIX_OF, SEAT_KEYS, TABLE_OF, Reference
from tests.reading.world import World
from tests.stage.server import TEMPLATE, cloned, url_of

SCHEMA_SHOWN = shown.build()
REGISTRY = Registry(SCHEMA_SHOWN)
SDL = print_schema(REGISTRY.schema)
REFERENCE = Reference(SDL)
SIZES = (0, 1, 2, 3, 5, 8, 40)
MANY = 1_000_000
UNBOUNDED = Limits(MANY, MANY, MANY, MANY, MANY, MANY, MANY, MANY, MANY)
"""Drawn documents are larger than people's; the bounds have tests of their own."""


class Answering(Protocol):
    """graphql-core over rows in memory."""

    def answer(
        self, text: str, variables: Mapping[str, Any], viewer: Viewer, world: World
    ) -> ExecutionResult: ...


@dataclass(frozen=True, repr=False)
class Reading:
    """The engine on a populated database, the people who ask, and what they are answered in memory."""

    name: str
    reference: Answering
    ground: Ground
    engine: Engine
    documents: Documents
    viewers: Mapping[str, Viewer]
    seed: int = 0
    """Of the population."""

    def _repr_pretty_(self, printer: Any, _: bool) -> None:
        """Short: hypothesis prints it with every failing case."""
        printer.text(f"Reading({self.name})")

    @property
    def schema(self) -> GraphQLSchema:
        return self.engine.registry.schema

    @property
    def world(self) -> World:
        return self.ground.world

    @property
    def elsewhere(self) -> World:
        return self.ground.elsewhere

    def drawn(self, randomness: random.Random) -> Drawn | None:
        """A document, or None where two of its fields clash under one name."""
        drawn = Drawing(randomness, self.schema, self.ground).document()
        return None if validate(self.schema, parse(drawn.text)) else drawn

    async def read(self, text: str, who: str, variables: Mapping[str, Any] | None = None) -> Read:
        document = self.documents.find(text)
        operation = document.operation(None)
        coerced = self.documents.variables(operation, variables or {})
        return await self.engine.read(document, operation, coerced, self.viewers[who])

    async def compiled(self, text: str, who: str, variables: Mapping[str, Any] | None = None) -> str:
        """The engine's data as JSON, with introspection spliced in as the service does."""
        read = await self.read(text, who, variables)
        data: dict[str, Any] = json.loads(read.json)
        if read.beside:
            document = self.documents.find(text)
            nobody: Any = None  # introspection asks for no account
            result = await answer_beside(
                self.schema, document, document.operation(None), read, nobody, variables or {}
            )
            assert result.data is not None, result.errors
            beside: dict[str, Any] = result.data
            data = {key: beside[key] if key in beside else data[key] for key in read.keys}
        return _written(data)

    def expected(self, text: str, who: str, variables: Mapping[str, Any] | None = None) -> str:
        viewer = self.viewers[who]
        world = self.world if viewer.tenant_id == self.world.tenant_id else self.elsewhere
        result = self.reference.answer(text, variables or {}, viewer, world)
        assert result.errors is None, (text, variables, result.errors)
        return _written(result.data)

    async def same(self, text: str, who: str, variables: Mapping[str, Any] | None = None) -> str:
        """Asserts that both answer alike, to the order of keys; the answer."""
        compiled = await self.compiled(text, who, variables)
        expected = self.expected(text, who, variables)
        if compiled != expected:
            raise Mismatch(who, text, variables, _difference(expected, compiled))
        return compiled


class Mismatch(AssertionError):
    """The engine answered otherwise than graphql-core."""

    def __init__(self, who: str, text: str, variables: Mapping[str, Any] | None, lines: str) -> None:
        super().__init__(f"{who} asks {text} with {variables}:\n{lines}")


def _difference(expected: str, compiled: str) -> str:
    lines = difflib.unified_diff(
        expected.splitlines(), compiled.splitlines(), "graphql-core", "compiled", lineterm="", n=2
    )
    return "\n".join(list(lines)[:60])


def _written(data: Any) -> str:
    """Texts compare order of keys, and tell 1 from true and from 1.0."""
    return json.dumps(data, ensure_ascii=False, indent=1)


@asynccontextmanager
async def reading_on(seed: int) -> AsyncGenerator[Reading]:
    """A database of one's own with two platforms."""
    async with cloned(os.environ[TEMPLATE]) as name:
        connection = await connect(url_of(name))
        world = await populate(connection, seed)
        elsewhere = await populate(connection, seed + 1)
        viewers = {
            who: await _current(connection, viewer) for who, viewer in _viewers(world, elsewhere).items()
        }
        await connection.close()
        database = await Database.open(url_of(name, APP), name="reading", size=2, clock=lambda: NOW)
        check_policy(REGISTRY, Policy.baseline(), RELATIONS)
        engine = Engine(REGISTRY, RELATIONS, Policy.baseline(), database, most_cost=10**12)
        documents = Documents(REGISTRY.schema, UNBOUNDED)
        try:
            yield Reading(name, REFERENCE, _ground(world, elsewhere), engine, documents, viewers)
        finally:
            await database.close()


def _ground(world: World, elsewhere: World) -> Ground:
    return Ground(
        world=world,
        elsewhere=elsewhere,
        tables=TABLE_OF,
        prefixes={name: PREFIX_OF.get(name, name.lower()) for name in TABLE_OF},
        orders={
            ("Query", "organisations"): (ORGANISATION_KEYS, "KANA"),
            ("Organisation", "seats"): (SEAT_KEYS, "OLDEST"),
            ("WorkingGroup", "seats"): (SEAT_KEYS, "LATEST"),
        },
        values={
            "first": SIZES,
            "last": SIZES,
            "after": ("",),
            "before": ("",),
            "search": ("ひだ", "り", "", "o'", '"', "\\", "%", "😀"),
            "contact": ("work@example.jp", "0743-00-0000", "none"),
            "since": ("2026-10-03T09:30:00Z", "2026-10-04T18:30:00.12+09:00"),
            "by": ("2026-11-22", "2026-11-24", "2020-02-29"),
            "chair": (True, False),
        },
        withheld_orders={"STANDING"},
    )


async def _current(connection: Any, viewer: Viewer) -> Viewer:
    row = await connection.fetchrow(
        f"SELECT access_version, policy_version FROM {SCHEMA}.platform_settings WHERE tenant_id = $1",
        viewer.tenant_id,
    )
    assert row is not None
    return replace(viewer, access_version=row[0], policy_version=row[1])


def _viewers(world: World, elsewhere: World) -> dict[str, Viewer]:
    """One of each kind and standing, as they would be loaded for a request."""
    npo = _member(world, "npo", frozenset({"desk"}))
    return {
        "npo": npo,
        "other npo": _member(world, "npo", frozenset({"representative", "caseworker"}), number=1),
        "government": _member(world, "government", frozenset({"representative", "desk", "caseworker"})),
        "company": _member(world, "company", frozenset()),
        "coordinator": _member(world, "government", frozenset({"desk"}), "coordinator"),
        "applicant": _applicant(world),
        "stranger": Viewer(world.tenant_id, 0, 0, account="0" * 64),
        "anyone": Viewer(world.tenant_id, 0, 0),
        "neighbour": _member(elsewhere, "npo", frozenset({"desk"})),
    }


def _member(
    world: World, kind: str, roles: frozenset[str], more: str | None = None, *, number: int = 0
) -> Viewer:
    held = {seat["organisation_id"] for seat in world.all("seat")}
    active = [
        row
        for row in world.all("organisation")
        if row["kind"] == kind and row["status"] == "active" and row["id"] in held
    ]
    own = active[number % len(active)]
    return Viewer(
        world.tenant_id,
        0,
        0,
        kinds=frozenset({"anyone", kind} | ({more} if more else set())),
        roles=roles,
        facts=frozenset({"tenant"}),
        person_id=_person_of(world, own["id"]),
        organisation_id=own["id"],
        account="1" * 64,
    )


def _applicant(world: World) -> Viewer:
    """Holds a seat all the same, which must be of no use."""
    held = {seat["organisation_id"] for seat in world.all("seat")}
    own = next(row for row in world.all("organisation") if row["status"] == "applied" and row["id"] in held)
    return Viewer(
        world.tenant_id,
        0,
        0,
        kinds=frozenset({"anyone", own["kind"]}),
        roles=frozenset({"representative"}),
        person_id=_person_of(world, own["id"]),
        organisation_id=own["id"],
        account="2" * 64,
    )


def _person_of(world: World, organisation: Any) -> Any:
    people = [row["person_id"] for row in world.all("membership") if row["organisation_id"] == organisation]
    return people[0] if people else world.all("person")[0]["id"]
