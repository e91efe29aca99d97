"""Reads every field of a row as everybody in turn, and says where the answer is not the approved one."""

import json
import os
import uuid
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, cast

from libs.persistence.connections import connect
from libs.persistence.database import Database
from libs.persistence.roles import APP
from libs.policy.relations import TENANT
from libs.policy.rules import Policy
from libs.reading.bounds import Limits
from libs.reading.documents import Documents
from libs.reading.engine import Engine
from libs.tenancy.viewer import Viewer
from services.platform.app import registry
from services.platform.relations import RELATIONS
from tests.cells.approved import approved
from tests.cells.askers import ALL, NO_ROLE, ROLE_SETS
from tests.cells.documents import Fields, document_of, fields_of, state_of
from tests.cells.opened import TEXT, opened_but
from tests.cells.rows import NOW, Rows, found_platform
from tests.cells.scenes import Scene, build
from tests.cells.standings import standings
from tests.cells.table import WITHHELD, Cell
from tests.stage.server import TEMPLATE, cloned, url_of

_DOCUMENTS: Final = Documents(registry().schema, Limits())


@dataclass(frozen=True, slots=True)
class Placed(Viewer):
    """A viewer who also holds a link or is about to open an item, as no GraphQL request does yet."""

    held: uuid.UUID | None = None
    item: str | None = None

    def places(self, now: datetime) -> dict[str, Any]:
        return {**Viewer.places(self, now), "viewer_held": self.held, "viewer_item": self.item}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was read. `unproven`: withheld cells where there was no value to withhold."""

    states: dict[Cell, str] = field(default_factory=dict[Cell, str])
    unproven: list[Cell] = field(default_factory=list[Cell])

    def differences(self) -> list[str]:
        """Each cell whose answer is not the approved one."""
        return [
            f"{cell.type_name}.{cell.field}, {cell.standing}, {ALL[cell.asker].name}, {cell.role}: {state}; "
            f"approved: {approved().get(cell, 'no such line')}"
            for cell, state in self.states.items()
            if state != approved().get(cell)
        ]


@dataclass(frozen=True)
class Exercise:
    """One type's rows in a database of their own, read under a policy whose other objects are opened."""

    type_name: str
    rows: Rows
    shipped: Engine
    control: Engine

    async def outcome(self) -> Outcome:
        """Every cell of the type, by a query."""
        name, outcome = registry().stored[self.type_name].object, Outcome()
        for standing in standings(name, Policy.baseline(), RELATIONS):
            scene = await build(self.rows, name, standing.facts)
            await self._everybody(standing.title, scene, outcome)
        return outcome

    async def _everybody(self, title: str, scene: Scene, outcome: Outcome) -> None:
        versions = await self.rows.versions()
        values = await self._read(self.control, self._viewer(scene, versions, 0, NO_ROLE))
        assert values is not None, f"{self.type_name}, {title}: the control found no row"
        for asker in range(len(ALL)):
            for role in ROLE_SETS:
                answer = await self._read(self.shipped, self._viewer(scene, versions, asker, role))
                for name in fields_of(self.type_name):
                    cell = Cell(self.type_name, name, title, asker, role)
                    outcome.states[cell] = state_of(self.type_name, name, answer, values)
                    if outcome.states[cell] == WITHHELD and values[name] is None:
                        outcome.unproven.append(cell)

    def _viewer(
        self, scene: Scene, versions: tuple[int, int], asker: int, role: str
    ) -> tuple[Viewer, uuid.UUID]:
        asking = ALL[asker]
        viewer = Placed(
            self.rows.tenant,
            *versions,
            kinds=frozenset({asking.kind}),
            roles=ROLE_SETS[role],
            facts=frozenset({TENANT}) if asking.is_member else frozenset(),
            person_id=scene.person,
            organisation_id=scene.organisation,
            held=scene.held,
            item=scene.item,
        )
        return viewer, scene.row

    async def _read(self, engine: Engine, asked: tuple[Viewer, uuid.UUID]) -> Fields | None:
        viewer, row = asked
        return await read_row(engine, self.type_name, row, viewer)


async def read_row(engine: Engine, type_name: str, row: uuid.UUID, viewer: Viewer) -> Fields | None:
    """All fields of the row as this viewer gets them; None where the row is not found."""
    document = _DOCUMENTS.find(document_of(type_name))
    identity = f"{registry().stored[type_name].prefix}_{row}"
    read = await engine.read(document, document.operation(None), {"id": identity}, viewer)
    return cast("Fields | None", json.loads(read.json)["node"])


@asynccontextmanager
async def exercise_of(type_name: str, text: str = TEXT) -> AsyncGenerator[Exercise]:
    """Under the shipped policy, or the text that a test gives in its place."""
    async with cloned(os.environ[TEMPLATE]) as name:
        connection = await connect(url_of(name))
        rows = await found_platform(connection)
        database = await Database.open(url_of(name, APP), name="cells", size=1, clock=lambda: NOW)
        shipped = opened_but(registry().stored[type_name].object, text)
        engines = [Engine(registry(), RELATIONS, policy, database) for policy in (shipped, opened_but(None))]
        try:
            yield Exercise(type_name, rows, *engines)
        finally:
            await database.close()
            await connection.close()
