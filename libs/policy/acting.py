"""A person acting: one Work, and the policy through which everything it touches is found.

A row that the person may not see cannot be found, so there is no second check to forget.
"""

import uuid
from collections import OrderedDict
from typing import Any

import asyncpg
import sqlalchemy as sa

from libs.errors.problems import NotAllowed, NotFound, StaleVersion
from libs.persistence.statements import Statement
from libs.persistence.work import Work
from libs.policy.access import Access
from libs.tenancy.viewer import Viewer

STATEMENTS_REMEMBERED = 512

_statements: OrderedDict[tuple[str, str, str, frozenset[str]], Statement] = OrderedDict()


class Acting:
    """What an action gets: the work to write with, the viewer who acts, the access that decides."""

    def __init__(self, work: Work, viewer: Viewer, access: Access) -> None:
        self.work = work
        self.viewer = viewer
        self.access = access

    async def find(
        self,
        object: str,  # noqa: A002 - the policy's own word
        table: sa.Table,
        identity: uuid.UUID | None,
        *,
        action: str,
        version: int | None = None,
    ) -> asyncpg.Record:
        """The row, locked for this work, on which the viewer may do `action`.

        Raises NotFound (absent and hidden alike), NotAllowed, StaleVersion.
        """
        statement = self._finding(object, table, action)
        row = await self.work.one(statement, id=identity, **self._places()) if identity else None
        if row is None or not row["_found"]:
            raise NotFound
        if not row["_may"]:
            self.work.refused(action, object, row["id"])
            raise NotAllowed
        if version is not None and version != row["version"]:
            raise StaleVersion(row["version"])
        return row

    def require(self, object: str, action: str, *facts: str) -> None:  # noqa: A002
        """For something that is no row yet, of which `facts` hold. Raises NotAllowed."""
        if not self.access.may(object, action, facts):
            raise NotAllowed

    def _places(self) -> dict[str, Any]:
        return self.viewer.places(self.work.now)

    def _finding(self, object: str, table: sa.Table, action: str) -> Statement:  # noqa: A002
        access = self.access
        key = (object, action, access.grants.fingerprint, access.facts)
        statement = _statements.get(key)
        if statement is None:
            statement = _statements[key] = _find_statement(access, object, table, action)
            if len(_statements) > STATEMENTS_REMEMBERED:
                _statements.popitem(last=False)
        return statement


def _find_statement(access: Access, object: str, table: sa.Table, action: str) -> Statement:  # noqa: A002
    found = access.condition(access.rows(object), object, table)
    may = access.condition(access.action(object, action), object, table)
    return Statement(
        sa.select(*table.c, sa.and_(found, sa.true()).label("_found"), sa.and_(may, sa.true()).label("_may"))
        .where(table.c.tenant_id == access.asker.tenant, table.c.id == sa.bindparam("id", type_=sa.Uuid()))
        .with_for_update(of=table)
    )
