"""What people do to a row, and when: each step with its line in the policy and the states that admit it.

A feature registers a step once. An action refuses by it (`Acting.find`), and `viewerCan` lists by it: what is
offered and what is accepted cannot differ.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from libs.errors.problems import Problem

if TYPE_CHECKING:
    from libs.policy.access import Access
    from libs.policy.grants import Grant
    from libs.policy.predicates import Asker, Predicate

Refusal = Callable[[Mapping[str, Any]], Problem]
Told = Callable[[Any, "Asker"], "sa.ColumnElement[Any]"]


@dataclass(frozen=True, slots=True)
class Guard:
    """A state that admits a step, as SQL over the row, and the refusal of a row that is in another.

    `beyond`: it reads other rows too, which others may be changing. An action judges it by a statement of its
    own once it holds the row's lock: the statement that waited for the lock still sees the rows of before.
    `told`: what the refusal says beside the row's columns, by name.
    """

    holds: "Predicate"
    refusal: Refusal
    beyond: bool = False
    told: tuple[tuple[str, "Told"], ...] = ()


@dataclass(frozen=True, slots=True)
class Through:
    """The row of another object, which the asker must find and on which the policy judges the step."""

    object: str
    table: sa.Table
    on: "Callable[[Any, Any, Asker], sa.ColumnElement[bool]]"


@dataclass(frozen=True, slots=True)
class Step:
    """`policy` is the action's name in the policy where the step has another; `also` are rights beside it,
    as (object, action, facts) of what is no row yet. `item` is what a reveal opens.
    """

    object: str
    name: str
    guards: tuple[Guard, ...] = ()
    policy: str | None = None
    item: str | None = None
    through: Through | None = None
    also: tuple[tuple[str, str, tuple[str, ...]], ...] = ()

    @property
    def cell(self) -> tuple[str, str]:
        """(object, action) of its line in the policy."""
        return self.through.object if self.through else self.object, self.policy or self.name

    @property
    def is_plain(self) -> bool:
        """Whether the relations that reads compute for the row say all that the policy asks of it."""
        return self.through is None and self.item is None


class UnregisteredStep(LookupError):
    """An action asks for a step that no feature registered: nothing is done, and a fault of ours."""


class Steps:
    """All steps, each registered once."""

    def __init__(self) -> None:
        self._steps: dict[tuple[str, str], Step] = {}
        self._guards: dict[tuple[str, str], tuple[Guard, ...]] = {}

    def register(self, *steps: Step) -> None:
        """Raises ValueError for a second one of the same name."""
        for step in steps:
            if (step.object, step.name) in self._steps:
                raise ValueError(f"{step.name} of {step.object} is registered already")
            self._steps[step.object, step.name] = step

    def guard(self, object: str, name: str, *guards: Guard) -> None:
        """A later room's conditions on an earlier room's step, in whatever order the two are imported."""
        self._guards[object, name] = (*self._guards.get((object, name), ()), *guards)

    def of(self, object: str, name: str) -> Step:
        """Raises UnregisteredStep."""
        try:
            step = self._steps[object, name]
        except KeyError:
            raise UnregisteredStep(object, name) from None
        more = self._guards.get((object, name), ())
        return replace(step, guards=(*step.guards, *more)) if more else step

    def registered(self) -> frozenset[tuple[str, str]]:
        return frozenset(self._steps)


def granted(access: "Access", step: Step) -> "bool | Grant":
    """What the policy gives the asker of the step; a grant is over rows of the step's cell."""
    if not all(access.may(*right) for right in step.also):
        return False
    return access.action(*step.cell)


def is_granted(access: "Access", step: Step, row: sa.FromClause) -> "sa.ColumnElement[bool]":
    """Whether the policy gives the asker the step on `row`."""
    grant = granted(access, step)
    judging = access if step.item is None else opening(access, step.item)
    if step.through is None or grant is False:
        return judging.condition(grant, step.object, row)
    return _through(judging, grant, step.through, row)


def opening(access: "Access", item: str) -> "Access":
    """The access of somebody about to open `item`."""
    return replace(access, asker=replace(access.asker, item=sa.literal(item, sa.Text())))


def _through(
    access: "Access", grant: "bool | Grant", through: Through, row: sa.FromClause
) -> "sa.ColumnElement[bool]":
    judged = through.table.alias()
    found: sa.Select[Any] = sa.select(judged.c.id).where(
        judged.c.tenant_id == access.asker.tenant,
        through.on(row, judged, access.asker),
        access.condition(access.rows(through.object), through.object, judged),
        access.condition(grant, through.object, judged),
    )
    return sa.exists(found)
