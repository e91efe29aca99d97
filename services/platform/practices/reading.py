"""What of the library a platform reads: what was accepted, and all of its own."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa

from libs.figures.practices import practice
from libs.japan.text import contains_pattern
from libs.persistence.database import Context, Database
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.tenancy.models import tenant
from libs.tenancy.viewer import Viewer

PAGE: Final = 50
SHOWN: Final = (
    practice.c.id,
    practice.c.title,
    practice.c.body,
    practice.c.tags,
    practice.c.state,
    practice.c.note,
    practice.c.offered_at,
    practice.c.decided_at,
    practice.c.version,
    tenant.c.name.label("source"),
)


async def accepted(
    database: Database, viewer: Viewer, search: str | None, before: uuid.UUID | None
) -> Sequence[Any]:
    """A page of the library, newest first; `before` is the last one of the page before."""
    given = {"search": None if search is None else contains_pattern(search), "before": before}
    return await _rows(database, viewer, ACCEPTED, given)


async def own(database: Database, viewer: Viewer) -> Sequence[Any]:
    """What this platform offered, newest first."""
    return await _rows(database, viewer, OWN, {})


async def one_own(database: Database, viewer: Viewer, identity: uuid.UUID) -> Any:  # noqa: ANN401 - asyncpg's record
    found = await _rows(database, viewer, ONE_OWN, {"id": identity})
    return found[0]


async def _rows(
    database: Database, viewer: Viewer, statement: Statement, given: Mapping[str, object]
) -> Sequence[Any]:
    places = {**viewer.places(database.clock()), **given}
    async with database.reading(Context(viewer.tenant_id, viewer.account)) as connection:
        return await connection.fetch(statement.sql, *statement.arguments(places))


_SEARCH = sa.bindparam("search", type_=sa.Text())
_BEFORE = sa.bindparam("before", type_=sa.Uuid())
_LISTED = (
    sa.select(*SHOWN)
    .join(tenant, tenant.c.tenant_id == practice.c.tenant_id)
    .order_by(practice.c.id.desc())
    .limit(sa.literal_column(str(PAGE)))
)
ACCEPTED = Statement(
    _LISTED.where(
        practice.c.state == sa.literal("accepted"),
        sa.or_(_SEARCH.is_(None), practice.c.search_key.like(_SEARCH, escape="\\")),
        sa.or_(_BEFORE.is_(None), practice.c.id < _BEFORE),
    )
)
OWN = Statement(_LISTED.where(practice.c.tenant_id == TENANT))
ONE_OWN = Statement(_LISTED.where(practice.c.tenant_id == TENANT, practice.c.id == parameter(practice.c.id)))
