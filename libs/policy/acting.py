"""A person acting: one Work, and the policy through which everything it touches is found.

A row that the person may not see cannot be found, so there is no second check to forget.
"""

import uuid
from collections import OrderedDict
from typing import Any

import asyncpg
import sqlalchemy as sa

from libs.errors.problems import NotAllowed, NotFound, StaleVersion
from libs.persistence.sealing.vault import Vault
from libs.persistence.statements import Statement
from libs.persistence.work import Work
from libs.policy.access import Access
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

    async def find(  # noqa: PLR0913 - whom, what, which, for what
        self,
        object: str,
        table: sa.Table,
        identity: uuid.UUID | None,
        *,
        action: str,
        version: int | None = None,
        item: str | None = None,
    ) -> asyncpg.Record:
        """The row, locked for this work, on which the viewer may do `action`; `item`: what a reveal opens.

        Raises NotFound (absent and hidden alike), NotAllowed, StaleVersion.
        """
        statement = self._finding(object, table, action)
        row = await self.work.one(statement, **self._places(identity, item)) if identity else None
        if row is None:
            raise NotFound
        if not row["_may"]:
            self.work.refused(action, object, row["id"])
            raise NotAllowed
        if version is not None and version != row["version"]:
            raise StaleVersion(row["version"])
        return row

    async def see(self, object: str, table: sa.Table, identity: uuid.UUID | None) -> asyncpg.Record:
        """A row that an action on another row names, locked against being changed meanwhile.

        Raises NotFound.
        """
        if identity is None:
            raise NotFound
        statement = self._finding(object, table, None)
        row = await self.work.one(statement, **self._places(identity, None))
        if row is None:
            raise NotFound
        return row

    def require(self, object: str, action: str, *facts: str) -> None:
        """For something that is no row yet, of which `facts` hold. Raises NotAllowed."""
        if not self.access.may(object, action, facts):
            raise NotAllowed

    def _places(self, identity: uuid.UUID, item: str | None) -> dict[str, Any]:
        return {**self.viewer.places(self.work.now), "id": identity, "viewer_item": item}

    def _finding(self, object: str, table: sa.Table, action: str | None) -> Statement:
        access = self.access
        key = (object, action, access.grants.fingerprint, access.facts)
        statement = _statements.get(key)
        if statement is None:
            statement = _statements[key] = _find_statement(access, object, table, action)
            if len(_statements) > STATEMENTS_REMEMBERED:
                _statements.popitem(last=False)
        return statement


def _find_statement(access: Access, object: str, table: sa.Table, action: str | None) -> Statement:
    found = access.condition(access.rows(object), object, table)
    may = sa.false() if action is None else access.condition(access.action(object, action), object, table)
    return Statement(
        sa.select(*table.c, sa.and_(may, sa.true()).label("_may"))
        # the policy stands in WHERE, so that a row which may not be seen is not even locked
        .where(
            table.c.tenant_id == access.asker.tenant,
            table.c.id == sa.bindparam("id", type_=sa.Uuid()),
            found,
        )
        .with_for_update(of=table)
    )
