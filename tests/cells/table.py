"""The field table as text, and read back from it.

One line for each field of the GraphQL schema, so that a diff shows which field a change opens, to whom, and
in which standing. Written by `make schema`; whoever answers for the policy reads the difference.
"""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from libs.policy.grants import Grants
from libs.policy.predicates import Relations
from libs.policy.relations import FACTS
from libs.policy.rules import Policy
from libs.policy.vocabulary import KINDS, ROLES, product
from libs.reading.fields import Field
from libs.reading.registry import Registry
from tests.cells.askers import ALL, ASKERS, NO_ROLE, OUTSIDERS, ROLE_SETS, Asker
from tests.cells.standings import Standing, standings

OPEN: Final = "open"
WITHHELD: Final = "withheld"
ABSENT: Final = "absent"
NOT_FOUND: Final = "·"
STROKE: Final = "/"

_FIRST: Final = 34
_AS_ABOVE: Final = "(as without a role)"


class Cell(NamedTuple):
    """Who (its place in `askers.ALL`), with which role, standing how to a row, about which field."""

    type_name: str
    field: str
    standing: str
    asker: int
    role: str


def render(registry: Registry, policy: Policy, relations: Relations) -> str:
    """The whole table. Raises UnnamedInPolicy for a field that no line of the policy names."""
    sections = [
        line for name in registry.stored for line in _section(_Section(name, registry, policy, relations))
    ]
    counted = len(parse("\n".join(sections)))
    return "\n".join([*_head(counted), *sections]) + "\n"


def parse(text: str) -> dict[Cell, str]:
    """Every cell of the table's text with its state."""
    cells: dict[Cell, str] = {}
    titles: list[str] = []
    role = NO_ROLE
    for line in text.splitlines():
        first, *columns = (part.strip() for part in line.split(" | "))
        if first in ROLE_SETS:
            role, titles = first, columns or titles
        elif columns and titles:
            type_name, _, field = first.partition(".")
            states = [_states(column) for column in columns[: len(titles)]]
            for title, each in zip(titles, states, strict=True):
                for asker, state in enumerate(each):
                    cells[Cell(type_name, field, title, asker, role)] = state
                    if role == NO_ROLE:
                        cells |= {Cell(type_name, field, title, asker, other): state for other in ROLES}
    return cells


def _states(column: str) -> Iterator[str]:
    for letter in column.replace(STROKE, ""):
        yield ABSENT if letter == NOT_FOUND else OPEN if letter.isupper() else WITHHELD


class _Section(NamedTuple):
    type_name: str
    registry: Registry
    policy: Policy
    relations: Relations

    @property
    def object(self) -> str:
        return self.registry.stored[self.type_name].object

    @property
    def fields(self) -> list[Field]:
        return self.registry.masked_fields_of(self.type_name)

    @property
    def columns(self) -> list[Standing]:
        return standings(self.object, self.policy, self.relations)


def _section(section: _Section) -> Iterator[str]:
    label = product().objects[section.object]
    columns = section.columns
    yield f"## {section.type_name} {label.ja} ({label.en})"
    yield ""
    plain = list(_lines(section, columns, NO_ROLE))
    yield _row(NO_ROLE, [column.title for column in columns], columns)
    yield from plain
    for role in ROLES:
        differing = [line for line in _lines(section, columns, role) if line not in plain]
        yield f"{role} {_AS_ABOVE}" if not differing else role
        yield from differing
    yield ""


def _lines(section: _Section, columns: list[Standing], role: str) -> Iterator[str]:
    held = ROLE_SETS[role]
    grants = [(asker, section.policy.grants(frozenset({asker.kind}), held)) for asker in ALL]
    for field in section.fields:
        cells = [_cell(section.object, field.policy_name, column, grants) for column in columns]
        label = product().fields[f"{section.object}.{field.policy_name}"].ja
        yield f"{_row(f'{section.type_name}.{field.name}', cells, columns)} | {label}"


def _row(first: str, cells: Iterable[str], columns: list[Standing]) -> str:
    widths = [max(len(column.title), len(ALL) + 1) for column in columns]
    padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    return " | ".join((first.ljust(_FIRST), *padded))


def _cell(object: str, name: str, column: Standing, grants: list[tuple[Asker, Grants]]) -> str:
    letters = [_letter(object, name, column, asker, granted) for asker, granted in grants]
    return "".join((*letters[: len(ASKERS)], STROKE, *letters[len(ASKERS) :]))


def _letter(object: str, name: str, column: Standing, asker: Asker, grants: Grants) -> str:
    known = asker.known(column.facts)
    if not grants.row(object).holds(known):
        return NOT_FOUND
    return asker.letter if grants.read(object, name).holds(known) else asker.letter.lower()


def _head(counted: int) -> Iterator[str]:
    yield "項目ごとの閲覧表  Field table: what each Type.field of the API shows to whom, in which standing"
    yield ""
    yield "大文字: 見える。小文字: 行は見つかるが項目は伏せる。·: 行そのものが見つからない。"
    yield f"CAPITAL: open. small: the row is found, the field is withheld. {NOT_FOUND}: no such row for them."
    members = ", ".join(f"{asker.letter} {KINDS[asker.kind].ja} {asker.kind}" for asker in ASKERS)
    outside = ", ".join(f"{asker.letter} {asker.kind}" for asker in OUTSIDERS)
    yield f"{STROKE} の前: {members}。"
    yield f"{STROKE} の後: 会員でない団体(申請中・却下) applied or declined: {outside}."
    yield "列は行との関係(それだけが成り立つ)。 Columns: the standing to the row; nothing else holds."
    yield "役割の節には、役割なしと違う行だけ。 Below a role: only the lines that differ from 'no role'."
    yield f"{counted} cells: kind x role x relation x Type.field."
    yield ""
    yield from _legend()
    yield ""


def _legend() -> Iterator[str]:
    for name, fact in FACTS.items():
        yield f"- {name}: {fact.short}"
