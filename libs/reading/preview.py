"""One object as somebody else meets it: each field and step, and the line of the policy that decides.

The relations are asked of the one row in one statement, by the predicates that reads and actions use; casbin
explains each answer from them. Never a value, and never whether a lawful basis exists (docs/decisions/0019).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from libs.persistence.statements import Statement
from libs.policy.access import Access
from libs.policy.explaining import Explained, Explaining
from libs.policy.predicates import ASKER, Asker, Relations
from libs.policy.relations import LAWFUL_BASES
from libs.policy.rules import Policy
from libs.policy.steps import Step, Through
from libs.reading.declare import Can, Stored
from libs.reading.fields import codes_of
from libs.reading.registry import Registry
from libs.tenancy.viewer import Viewer

AS: Final = Asker(
    person=sa.bindparam("as_person", type_=sa.Uuid()),
    organisation=sa.bindparam("as_organisation", type_=sa.Uuid()),
)
"""The one as whom is looked, beside the one who looks."""
UNASKED: Final = LAWFUL_BASES | {"holder"}


@dataclass(frozen=True, slots=True)
class Cell:
    """A field or step by its GraphQL name."""

    name: str
    explained: Explained


@dataclass(frozen=True, slots=True)
class Preview:
    """`row`: whether the object is found at all; where it is not, nothing of it is open."""

    row: Explained
    fields: tuple[Cell, ...]
    steps: tuple[Cell, ...]


class Previewing:
    """Previews objects of one type."""

    def __init__(self, registry: Registry, relations: Relations, type_name: str) -> None:
        self.stored: Stored = registry.stored[type_name]
        self._registry = registry
        self._relations = relations
        self._type_name = type_name
        self._steps = tuple(self._can())

    def statement(self, access: Access | None) -> Statement:
        """What holds between the row `id` and the one as whom is looked; no row where the caller finds none.

        `access` None: an operator, who is nobody in the tenant and finds every row.
        """
        table = self.stored.table.alias("previewed")
        conditions = [table.c.tenant_id == AS.tenant, table.c.id == sa.bindparam("id", type_=sa.Uuid())]
        if access is not None:
            conditions.append(access.condition(access.rows(self.stored.object), self.stored.object, table))
        columns = [*self._facts(table), *self._judged(table, access), *self._states(table)]
        return Statement(
            sa.select(*(sa.and_(each, sa.true()).label(name) for name, each in columns)).where(*conditions)
        )

    def places(self, asker: Viewer) -> dict[str, Any]:
        return {"as_person": asker.person_id, "as_organisation": asker.organisation_id}

    def of(self, policy: Policy, asker: Viewer, held: Mapping[str, Any]) -> Preview:
        """Raises nothing: what the policy does not name is withheld."""
        explaining = Explaining(policy, asker.kinds, asker.roles, asker.facts)
        facts = _held(self.stored.object, held)
        row = explaining.field(f"{self.stored.object}.id", facts)
        return Preview(
            row,
            tuple(
                Cell(field.name, explaining.field(f"{self.stored.object}.{field.policy_name}", facts))
                for field in self._registry.masked_fields_of(self._type_name)
            ),
            tuple(
                Cell(name, self._step(explaining, step, held).where_found(row)) for name, step in self._steps
            ),
        )

    def _step(self, explaining: Explaining, step: Step, held: Mapping[str, Any]) -> Explained:
        owner, action = step.cell
        facts = _held(owner, held)
        found = explaining.step(owner, action, facts)
        if step.through is not None:
            found = found.where_found(explaining.field(f"{owner}.id", facts))
        for name, other, more in step.also:
            found = found.where_found(explaining.step(name, other, dict.fromkeys(more, True)))
        return found if held.get(f"state {step.name}") is not False else found.not_now()

    def _can(self) -> Iterator[tuple[str, Step]]:
        for type_name, field in self._registry.fields():
            if type_name == self._type_name and isinstance(field.declaration, Can) and field.enum is not None:
                for name, code in codes_of(field.enum).items():
                    yield name, self._relations.steps.of(self.stored.object, code)

    def _facts(self, row: sa.FromClause) -> "Iterator[tuple[str, sa.ColumnElement[bool]]]":
        yield from self._facts_of(self.stored.object, row)

    def _facts_of(self, object: str, row: sa.FromClause) -> "Iterator[tuple[str, sa.ColumnElement[bool]]]":
        for owner, fact in sorted(self._relations.registered()):
            if owner == object and fact not in UNASKED:
                yield f"{owner} {fact}", self._relations.predicate(owner, fact, row, AS)

    def _judged(
        self, row: sa.FromClause, access: Access | None
    ) -> "Iterator[tuple[str, sa.ColumnElement[bool]]]":
        """What holds of the other rows by which steps are judged."""
        for through in dict.fromkeys(step.through for _, step in self._steps if step.through):
            other = through.table.alias(f"of_{through.object}")
            found = sa.true()
            if access is not None:  # nothing is told of a row that the caller cannot find
                found = access.condition(access.rows(through.object), through.object, other)
            for name, fact in self._facts_of(through.object, other):
                yield name, _other(through, other, row, sa.and_(fact, found))

    def _states(self, row: sa.FromClause) -> "Iterator[tuple[str, sa.ColumnElement[bool]]]":
        for _, step in self._steps:
            if step.guards:
                yield f"state {step.name}", sa.and_(*(guard.holds(row, AS) for guard in step.guards))


def _other(
    through: Through, other: sa.FromClause, row: sa.FromClause, fact: "sa.ColumnElement[bool]"
) -> "sa.ColumnElement[bool]":
    found: sa.Select[Any] = sa.select(other.c.id).where(
        other.c.tenant_id == ASKER.tenant, through.on(row, other, AS), fact
    )
    return sa.exists(found)


def _held(object: str, held: Mapping[str, Any]) -> dict[str, bool]:
    prefix = f"{object} "
    return {
        name.removeprefix(prefix): value is True for name, value in held.items() if name.startswith(prefix)
    }
