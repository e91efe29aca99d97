"""Telling people of memberships: applicants what was decided, coordinators what waits, whose term ends.

The room of members comes before this one: it leaves due work, and this is what is done of it.
"""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Final

import sqlalchemy as sa

from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.persistence.work import Work
from libs.persistence.worker import Job
from libs.policy.predicates import ASKER
from libs.tenancy.models import membership, organisation
from libs.tenancy.viewer import JAPAN
from services.platform.members.actions.applications import APPLIED, DECIDED
from services.platform.members.actions.terms import REPRESENTATIVE, TERM_ENDS, TOLD_BEFORE
from services.platform.members.models import live
from services.platform.notices.actions.telling import coordinators, people, tell

_TOLD: Final = {"active": "application_approved", "declined": "application_declined"}


async def application_received(work: Work, key: uuid.UUID) -> None:
    """The coordinators; one that was decided or withdrawn meanwhile waits for nobody."""
    row = await work.one(STATUS, id=key)
    if row is not None and row["status"] == "applied":
        await tell(work, "application_received", ("organisation", key), coordinators())


async def application_decided(work: Work, key: uuid.UUID) -> None:
    """Who applied, by name: the organisation may be no member."""
    row = await work.one(STATUS, id=key)
    kind = _TOLD.get(row["status"]) if row is not None else None
    if kind is None:
        return
    told = [each["person_id"] for each in await work.rows(PEOPLE, organisation_id=key)]
    await tell(work, kind, ("organisation", key), people(*told))


async def term_ends(work: Work, key: uuid.UUID) -> None:
    """Whose term it is and the coordinators, once it is near; a term that was changed has work of its own."""
    held = await work.one(TERM, id=key)
    if held is None or held["term_until"] is None or REPRESENTATIVE not in held["roles"]:
        return
    near = dt.datetime.combine(held["term_until"] - TOLD_BEFORE, dt.time(), JAPAN)
    if work.now >= near:
        about = ("organisation", held["organisation_id"])
        await tell(work, "term_ends_soon", about, people(held["person_id"]), coordinators())


STATUS = Statement(
    sa.select(organisation.c.status).where(
        organisation.c.tenant_id == TENANT, organisation.c.id == parameter(organisation.c.id)
    )
)
PEOPLE = Statement(
    sa.select(membership.c.person_id).where(
        live(ASKER),
        membership.c.tenant_id == TENANT,
        membership.c.organisation_id == parameter(membership.c.organisation_id),
    )
)
TERM = Statement(
    sa.select(membership).where(
        live(ASKER), membership.c.tenant_id == TENANT, membership.c.id == parameter(membership.c.id)
    )
)
JOBS: Final[Mapping[str, Job]] = {
    APPLIED: application_received,
    DECIDED: application_decided,
    TERM_ENDS: term_ends,
}
