"""What publishing the draft would change, and for whom: the number of rows, never a row.

The two policies' own grants become the SQL, as they do for every read, so that a preview cannot say otherwise
than what publishing does.
"""

import asyncio
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any, Final

import asyncpg
import sqlalchemy as sa

from libs.errors.problems import NotAllowed
from libs.persistence.connections import Connection
from libs.persistence.database import Context, Database
from libs.persistence.statements import Statement
from libs.persistence.tables import TENANT
from libs.policy.access import Access
from libs.policy.acting import Acting
from libs.policy.grants import Cell
from libs.policy.overrides import Overrides
from libs.policy.predicates import ASKER
from libs.policy.rules import Policy
from libs.policy.tenant_policy import TenantPolicy
from libs.reading.declare import Stored
from libs.tenancy.models import ORGANISATION_KINDS, organisation
from libs.tenancy.viewer import ANYONE, COORDINATOR, MEMBER, Viewer
from services.platform.policies.actions import concerned, drafting
from services.platform.policies.actions.concerned import Concerned
from services.platform.policies.actions.counting import Tables, counting
from services.platform.relations import RELATIONS

SECONDS: Final = 3.0
"""As long as a preview counts; what is left then is named without numbers."""


@dataclass(frozen=True, slots=True)
class Effect:
    """One cell for one organisation (none: the public, coordinators). Rows None: not counted in time."""

    kind: str
    roles: tuple[str, ...]
    cell: Cell
    gained: int | None
    lost: int | None
    organisation_id: uuid.UUID | None = None
    organisation_name: str | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """The draft against what is in force, under the one who asks."""

    viewer: Viewer
    draft: Overrides
    in_force: Overrides

    async def effects(self, database: Database, tables: Tables) -> list[Effect]:
        """Those that are not nothing, within SECONDS."""
        before, after = (TenantPolicy(Policy.baseline(), each) for each in (self.in_force, self.draft))
        counts = await asyncio.to_thread(_prepared, self.viewer, before, after, tables)
        async with database.reading(Context(self.viewer.tenant_id)) as connection:
            return await _counted(connection, self.viewer, counts, database.clock())


async def admit(acting: Acting, version: int) -> Preview:
    """Logs that the draft is previewed. Raises NotFound, NotAllowed, StaleVersion."""
    draft = await drafting.opened(acting, version, "preview_policy")
    if acting.access.rows("organisation") is False:
        raise NotAllowed
    acting.work.record("preview_policy", "policy_draft", draft.id, version=version)
    return Preview(acting.viewer, draft.overrides, draft.in_force)


@dataclass(frozen=True, slots=True)
class _Count:
    """`statement` None: rows that the asker cannot find are not counted, for a count would tell of them."""

    whom: Concerned
    statement: Statement | None


def _prepared(viewer: Viewer, before: TenantPolicy, after: TenantPolicy, tables: Tables) -> list[_Count]:
    own = Access(before.grants(viewer.kinds, viewer.roles), viewer.facts, RELATIONS, ASKER)

    def statement(whom: Concerned, table: Stored) -> Statement | None:
        if own.rows(table.object) is False:
            return None
        return counting(_access(before, viewer, whom), _access(after, viewer, whom), whom.cells, table)

    return [
        _Count(whom, statement(whom, table))
        for whom in concerned.by(before, after)
        if whom.kind in {*ORGANISATION_KINDS, COORDINATOR, ANYONE}
        for table in tables.get(whom.object, ())
    ]


def _access(policy: TenantPolicy, viewer: Viewer, whom: Concerned) -> Access:
    if whom.kind == COORDINATOR:
        grants, facts = policy.grants(viewer.kinds, viewer.roles), viewer.facts
    else:
        member = whom.kind != ANYONE
        grants = policy.grants(frozenset({ANYONE, whom.kind}), whom.roles)
        facts = frozenset({MEMBER}) if member else frozenset[str]()
    return Access(grants, facts, RELATIONS, ASKER)


async def _counted(
    connection: Connection, viewer: Viewer, counts: list[_Count], now: datetime
) -> list[Effect]:
    members = await connection.fetch(MEMBERS.sql, *MEMBERS.arguments({"viewer_tenant": viewer.tenant_id}))
    until, found = monotonic() + SECONDS, list[Effect]()
    for count in counts:
        for places in _askers(viewer.places(now), count.whom.kind, members):
            row = await _row(connection, count.statement, places, until - monotonic())
            found += _effects(count.whom, places, row)
    told = (each for each in found if (each.gained, each.lost) != (0, 0))
    return sorted(told, key=lambda each: (each.cell, each.kind, each.roles, each.organisation_name or ""))


def _askers(places: dict[str, Any], kind: str, members: Sequence[Any]) -> list[dict[str, Any]]:
    """Whom the column stands for: each organisation of the kind, the asking coordinator, or the public."""
    own = places | {"name": None, "organisation": None}
    public = own | {"viewer_person": None, "viewer_organisation": None}
    if kind not in ORGANISATION_KINDS:
        return [own if kind == COORDINATOR else public]
    return [
        public | {"viewer_organisation": row["id"], "organisation": row["id"], "name": row["name"]}
        for row in members
        if row["kind"] == kind
    ]


async def _row(
    connection: Connection, statement: Statement | None, places: Mapping[str, Any], seconds: float
) -> asyncpg.Record | None:
    """None where nothing may be counted or time is up; what is cut off ends the transaction too, in which
    nothing is asked any more."""
    if statement is None or seconds <= 0:
        return None
    try:
        async with asyncio.timeout(seconds):
            return await connection.fetchrow(statement.sql, *statement.arguments(places))
    except TimeoutError:
        return None


def _effects(whom: Concerned, places: Mapping[str, Any], row: asyncpg.Record | None) -> Iterator[Effect]:
    for number, cell in enumerate(whom.cells):
        yield Effect(
            whom.kind,
            tuple(sorted(whom.roles)),
            cell,
            None if row is None else row[f"gained{number}"],
            None if row is None else row[f"lost{number}"],
            places["organisation"],
            places["name"],
        )


MEMBERS = Statement(
    sa.select(organisation.c.id, organisation.c.name, organisation.c.kind)
    .where(organisation.c.tenant_id == TENANT, organisation.c.status == "active")
    .order_by(organisation.c.sort_key, organisation.c.id)
)
