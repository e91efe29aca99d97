"""A sample of the approved field table as named people get it: by token, over HTTP, under the shipped policy.

A person's kinds add up, so what is approved for them is the most open of their columns.
"""

import uuid
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Final

import pytest

from libs.persistence.connections import Connection
from libs.policy.rules import Policy
from libs.reading.engine import Engine
from services.platform.app import registry
from services.platform.relations import RELATIONS
from tests.cells.approved import approved
from tests.cells.askers import ALL, NO_ROLE
from tests.cells.documents import Fields, document_of, fields_of, is_link, state_of
from tests.cells.opened import opened_but
from tests.cells.reading import Placed, read_row
from tests.cells.rows import Rows
from tests.cells.scenes import Scene, build
from tests.cells.standings import Standing, standings
from tests.cells.table import ABSENT, OPEN, WITHHELD, Cell
from tests.stage.cities import Cities

NOT_OVER_HTTP: Final = frozenset({"holder", "consent", "self"})
"""A link and an item to be opened are nothing that a request says; who is oneself is not made by a scene."""
EVERY: Final = 3


@dataclass(frozen=True, slots=True)
class Somebody:
    """By the columns that add up for them, the one role they have and their organisation's state."""

    name: str
    columns: tuple[str, ...]
    role: str = NO_ROLE
    status: str | None = "active"


PEOPLE: Final = (
    Somebody("hana", ("government", "anyone"), "caseworker"),
    Somebody("ines", ("npo", "anyone"), "desk"),
    Somebody("kato", ("company", "anyone"), "representative"),
    Somebody("mori", ("government", "coordinator", "anyone")),
    Somebody("sato", ("npo outside", "anyone"), "desk", "declined"),
    Somebody("sato", ("anyone",), "desk", "suspended"),
    Somebody("sato", ("anyone",), "desk", "withdrawn"),
    Somebody("stranger", ("anyone",), status=None),
    Somebody("anyone", ("anyone",), status=None),
)


@dataclass
class Sample:
    """生駒市 with rows to which one of its people stands as asked, and a control that shows every value."""

    cities: Cities
    rows: Rows
    control: Engine
    who: Somebody
    organisation: uuid.UUID | None

    async def differences(self, type_name: str) -> tuple[int, list[str]]:
        """How many cells were read of the type, and where they are not as approved."""
        name, read, told = registry().stored[type_name].object, 0, list[str]()
        for standing in _sampled(name):
            scene = await self._scene(name, standing)
            if scene is None:
                continue
            for field, state in (await self._states(type_name, scene)).items():
                expected = self._approved(type_name, field, standing.title)
                read += 1
                if state != expected:
                    told.append(f"{type_name}.{field}, {standing.title}: {state}; approved: {expected}")
        return read, told

    async def _scene(self, name: str, standing: Standing) -> Scene | None:
        """None where the row would be the person's organisation itself, which is there already."""
        scene = await build(self.rows, name, standing.facts, self.organisation)
        return scene if self.organisation in {None, scene.organisation} else None

    async def _states(self, type_name: str, scene: Scene) -> dict[str, str]:
        identity = f"{registry().stored[type_name].prefix}_{scene.row}"
        said = await self.cities.person(self.who.name).ask(document_of(type_name), id=identity)
        values = await self._values(type_name, scene)
        answer: Fields | None = said.data["node"]
        return {field: _state(type_name, field, answer, values) for field in fields_of(type_name)}

    async def _values(self, type_name: str, scene: Scene) -> Fields:
        viewer = Placed(
            self.rows.tenant,
            *await self.rows.versions(),
            person_id=scene.person,
            organisation_id=scene.organisation,
        )
        values = await read_row(self.control, type_name, scene.row, viewer)
        assert values is not None, (type_name, scene)
        return values

    def _approved(self, type_name: str, field: str, title: str) -> str:
        states = {
            approved()[Cell(type_name, field, title, number, self.who.role)]
            for number, asker in enumerate(ALL)
            if asker.name in self.who.columns
        }
        return next(state for state in (OPEN, WITHHELD, ABSENT) if state in states)


def _sampled(name: str) -> list[Standing]:
    """Every third standing, from the last: conjunctions come last."""
    found = standings(name, Policy.baseline(), RELATIONS)
    return [each for each in found if not each.facts & NOT_OVER_HTTP][::-1][::EVERY]


def _state(type_name: str, field: str, answer: Fields | None, values: Fields) -> str:
    """A link that is open may be null all the same: under the shipped policy its other end has lines too."""
    if answer is not None and is_link(type_name, field) and field not in answer.get("hiddenFields", ()):
        return OPEN
    return state_of(type_name, field, answer, values)


@pytest.fixture
async def sample(cities: Cities, who: Somebody) -> AsyncGenerator[Sample]:
    async with cities.stage.sql() as sql, cities.stage.database() as database:
        tenant = await sql.fetchval("SELECT tenant_id FROM tsunagari.tenant WHERE slug = 'ikoma'")
        organisation = await _settled(sql, tenant, who) if who.status else None
        rows = Rows(sql, tenant, cities.stage.clock())
        yield Sample(
            cities, rows, Engine(registry(), RELATIONS, opened_but(None), database), who, organisation
        )


async def _settled(sql: Connection, tenant: uuid.UUID, who: Somebody) -> uuid.UUID:
    """Gives the person their one role, or none, and the organisation its state; the organisation."""
    organisation = await sql.fetchval(
        "UPDATE tsunagari.membership m SET roles = $3 FROM tsunagari.person p "
        "WHERE p.tenant_id = $1 AND p.subject = $2 AND m.tenant_id = $1 AND m.person_id = p.id "
        "RETURNING m.organisation_id",
        tenant, who.name, [] if who.role == NO_ROLE else [who.role],
    )  # fmt: skip
    assert isinstance(organisation, uuid.UUID), who
    await sql.execute(
        "UPDATE tsunagari.organisation SET status = $3 WHERE tenant_id = $1 AND id = $2",
        tenant, organisation, who.status,
    )  # fmt: skip
    return organisation


@pytest.mark.parametrize("who", PEOPLE, ids=[f"{who.name} {who.status or 'outside'}" for who in PEOPLE])
async def test_what_people_read_is_what_is_approved_for_them(sample: Sample) -> None:
    counted, told = 0, list[str]()
    for type_name in registry().stored:
        read, differences = await sample.differences(type_name)
        counted += read
        told += differences
    assert told == []
    assert counted > 300
