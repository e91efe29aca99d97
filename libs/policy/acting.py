"""A person acting: one Work, and the policy through which everything it touches is found.

A row that the person may not see cannot be found, so there is no second check to forget.
"""

import uuid
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import asyncpg
import sqlalchemy as sa

from libs.errors.problems import NotAllowed, NotFound, StaleVersion
from libs.persistence.sealing.vault import Vault
from libs.persistence.statements import Statement
from libs.persistence.work import Work
from libs.policy.access import Access
from libs.policy.grants import Grant
from libs.policy.predicates import ASKER
from libs.policy.relations import Conjunction
from libs.policy.steps import Step, granted, is_granted, opening
from libs.tenancy.viewer import Viewer

STATEMENTS_REMEMBERED = 512

_statements: OrderedDict[tuple[str, str | None, str, frozenset[str]], Statement] = OrderedDict()


class Acting:
    """What an action gets: the work to write with, who acts, what they may do, the vault of cases' texts."""

    def __init__(self, work: Work, viewer: Viewer, access: Access, vault: Vault) -> None:
        self.work = work
        self.viewer = viewer
        self.access = access
        self.vault = vault

    def holding(self, identity: uuid.UUID) -> "Acting":
        """The same, for a holder whose code or link has been found to open exactly this row."""
        return Acting(self.work, replace(self.viewer, held=identity), self.access, self.vault)

    async def find(
        self,
        object: str,
        table: sa.Table,
        identity: uuid.UUID | None,
        *,
        action: str,
        version: int | None = None,
    ) -> asyncpg.Record:
        """The row, locked for this work, on which the viewer may take the registered step `action` now.

        Raises NotFound (absent and hidden alike), NotAllowed, StaleVersion, and the step's own refusals.
        """
        step = self.access.relations.steps.of(object, action)
        statement = self._remembered(step.name, object, lambda: _find_statement(self.access, table, step))
        row = await self.work.one(statement, **self._places(identity)) if identity else None
        if row is None:
            raise NotFound
        if not row["_may"]:
            self.work.refused(action, object, row["id"])
            raise NotAllowed
        if version is not None and version != row["version"]:
            raise StaleVersion(row["version"])
        await self._admitted(step, table, row)
        return row

    async def see(
        self, object: str, table: sa.Table, identity: uuid.UUID | None, *, field: str | None = None
    ) -> asyncpg.Record:
        """A row that an action on another row names, locked against being changed meanwhile.

        `field`: it must show this field too. Raises NotFound.
        """
        if identity is None:
            raise NotFound
        looked = None if field is None else f"see {field}"
        statement = self._remembered(
            looked, object, lambda: _see_statement(self.access, object, table, field)
        )
        row = await self.work.one(statement, **self._places(identity))
        if row is None:
            raise NotFound
        return row

    async def admitting(
        self, object: str, table: sa.Table, identity: uuid.UUID, action: str, facts: Sequence[str]
    ) -> list[str]:
        """Of these facts those on which the policy gives the viewer the registered step on the row now."""
        step = self.access.relations.steps.of(object, action)
        statement = self._remembered(
            f"{step.name} by", object, lambda: _admitting_statement(self.access, table, step, facts)
        )
        row = await self.work.one(statement, **self._places(identity))
        return [] if row is None else [fact for fact in facts if row[fact]]

    def require(self, object: str, action: str, *facts: str) -> None:
        """For something that is no row yet, of which `facts` hold. Raises NotAllowed."""
        if not self.access.may(object, action, facts):
            raise NotAllowed

    async def _admitted(self, step: Step, table: sa.Table, row: asyncpg.Record) -> None:
        """Raises the refusal of the first guard that does not hold; it is kept in the audit chain."""
        beyond: asyncpg.Record | None = None
        if any(guard.beyond for guard in step.guards):
            statement = self._remembered(f"{step.name} beyond", step.object, lambda: _beyond(table, step))
            beyond = await self.work.one(statement, **self._places(row["id"]))
        for number, guard in enumerate(step.guards):
            judged = beyond if guard.beyond else row
            if judged is None or not judged[f"_guard{number}"]:
                self.work.refused(step.name, step.object, row["id"])
                raise guard.refusal({**row, **(judged or {})})

    def _places(self, identity: uuid.UUID) -> dict[str, Any]:
        return {**self.viewer.places(self.work.now), "id": identity}

    def _remembered(self, step: str | None, object: str, make: Callable[[], Statement]) -> Statement:
        key = (object, step, self.access.grants.fingerprint, self.access.facts)
        statement = _statements.get(key)
        if statement is None:
            statement = _statements[key] = make()
            if len(_statements) > STATEMENTS_REMEMBERED:
                _statements.popitem(last=False)
        return statement


def _find_statement(access: Access, table: sa.Table, step: Step) -> Statement:
    may = sa.and_(is_granted(access, step, table), sa.true()).label("_may")
    return Statement(_locking(access, step.object, table, may, *_judged(table, step, beyond=False)))


def _admitting_statement(access: Access, table: sa.Table, step: Step, facts: Sequence[str]) -> Statement:
    grant = granted(access, step)
    judging = access if step.item is None else opening(access, step.item)
    ways = grant.ways if isinstance(grant, Grant) else frozenset[Conjunction]()

    def by(fact: str) -> "sa.ColumnElement[Any]":
        of_fact = Grant(frozenset(way for way in ways if fact in way))
        return sa.and_(judging.condition(of_fact, step.object, table), sa.true()).label(fact)

    return Statement(sa.select(*(by(fact) for fact in facts)).where(*_this(table)))


def _see_statement(access: Access, object: str, table: sa.Table, field: str | None) -> Statement:
    if field is None:
        return Statement(_locking(access, object, table))
    shown = access.condition(access.field(object, field), object, table)
    return Statement(_locking(access, object, table).where(shown))


def _locking(
    access: Access, object: str, table: sa.Table, *judged: "sa.ColumnElement[Any]"
) -> "sa.Select[Any]":
    return (
        sa.select(*table.c, *judged)
        # the policy stands in WHERE, so that a row which may not be seen is not even locked
        .where(*_this(table), access.condition(access.rows(object), object, table))
        .with_for_update(of=table)
    )


def _beyond(table: sa.Table, step: Step) -> Statement:
    return Statement(sa.select(*_judged(table, step, beyond=True)).where(*_this(table)))


def _this(table: sa.Table) -> "list[sa.ColumnElement[bool]]":
    return [table.c.tenant_id == ASKER.tenant, table.c.id == sa.bindparam("id", type_=sa.Uuid())]


def _judged(table: sa.Table, step: Step, *, beyond: bool) -> "list[sa.ColumnElement[Any]]":
    judged = [(number, guard) for number, guard in enumerate(step.guards) if guard.beyond is beyond]
    return [
        *(sa.and_(guard.holds(table, ASKER), sa.true()).label(f"_guard{number}") for number, guard in judged),
        *(said(table, ASKER).label(name) for _, guard in judged for name, said in guard.told),
    ]
