"""Setting a council up, announcing it, and naming its coordinating agency."""

import uuid
from datetime import date

import sqlalchemy as sa

from libs.errors.problems import InvalidInput
from libs.japan.text import clean
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from libs.policy.predicates import ASKER
from libs.tenancy.models import organisation
from libs.tenancy.viewer import JAPAN
from services.platform.councils.actions.members import ON_THE_LIST, check_history
from services.platform.councils.models import council, council_member, listed_today
from services.platform.councils.steps import KEEP, not_listed
from services.platform.notices.actions.telling import of_organisations, tell

NAME_LENGTH = 200


async def establish_council(acting: Acting, name: str, established_on: date) -> uuid.UUID:
    """A council set up by the head of the local government (art. 15(1)). Raises NotAllowed, InvalidInput."""
    acting.require("council", KEEP)
    made = await acting.work.insert(
        council, name=_name(name), established_on=established_on, created_at=acting.work.now
    )
    acting.work.record("establish_council", "council", made)
    return made


async def keep_council(  # noqa: PLR0913 - the columns of the entry
    acting: Acting,
    identity: uuid.UUID | None,
    version: int,
    name: str,
    established_on: date,
    notice_on: date | None,
) -> uuid.UUID:
    """Corrects the register's entry. Raises NotFound, NotAllowed, StaleVersion, InvalidInput."""
    row = await acting.find("council", council, identity, action="keep_council", version=version)
    check_history(acting, noticeOn=notice_on)
    written = {"name": _name(name), "established_on": established_on}
    await acting.work.one(WRITE, id=row["id"], notice_on=notice_on or row["notice_on"], **written)
    acting.work.record("keep_council", "council", row["id"])
    return row["id"]


async def announce_council(
    acting: Acting, identity: uuid.UUID | None, version: int, on: date | None
) -> uuid.UUID:
    """The public notice (art. 15(2), 施行規則1条) was given: from today on its members are published ones,
    and who was named its coordinating agency is. `on`, the day that the notice bears, is history.

    Raises NotFound, NotAllowed, StaleVersion, InvalidInput for a day to come.
    """
    row = await acting.find("council", council, identity, action="announce_council", version=version)
    check_history(acting, on=on)
    today = acting.work.now.astimezone(JAPAN).date()
    days = {"announced_on": today, "notice_on": on or today}
    await acting.work.one(ANNOUNCE, id=row["id"], **days)
    listed = await acting.work.rows(ANNOUNCE_MEMBERS, council_id=row["id"], **days)
    acting.work.record(
        "announce_council", "council", row["id"], members=len(listed), on=days["notice_on"].isoformat()
    )
    if row["named_agency_id"] is not None:
        await _announce_agency(acting, row["id"], row["named_agency_id"], today)
    return row["id"]


async def _announce_agency(acting: Acting, council_id: uuid.UUID, agency: uuid.UUID, today: date) -> None:
    """From now on it is assigned to what is brought: every member body is told. Who is no member of today is
    none."""
    work = acting.work
    members = [
        row["organisation_id"] for row in await work.rows(LISTED, council_id=council_id, viewer_today=today)
    ]
    if agency not in members:
        await work.one(NAME_AGENCY, id=council_id, named_agency_id=None)
        return
    await work.one(ANNOUNCE_AGENCY, id=council_id, coordinating_agency_id=agency, agency_announced_on=today)
    work.record("announce_coordinating_agency", "council", council_id, organisation=str(agency))
    bodies = of_organisations(members, "representative", "desk")
    await tell(work, "coordinating_agency_announced", ("council", council_id), bodies)


async def name_coordinating_agency(
    acting: Acting, identity: uuid.UUID | None, version: int, organisation_id: uuid.UUID | None
) -> uuid.UUID:
    """調整機関 (art. 17(1)): one of the members, in place of an earlier one from the next notice on, which
    has to say it (施行規則1条).

    Raises NotFound, NotAllowed, StaleVersion, WrongState.
    """
    row = await acting.find("council", council, identity, action="name_coordinating_agency", version=version)
    named = await acting.see("organisation", organisation, organisation_id)
    today = acting.work.now.astimezone(JAPAN).date()
    place = {"council_id": row["id"], "organisation_id": named["id"], "viewer_today": today}
    if await acting.work.one(ON_THE_LIST, **place) is None:
        raise not_listed()
    await acting.work.one(NAME_AGENCY, id=row["id"], named_agency_id=named["id"])
    acting.work.record("name_coordinating_agency", "council", row["id"], organisation=str(named["id"]))
    return row["id"]


def _name(text: str) -> str:
    tidy = clean(text, "name", NAME_LENGTH)
    if not tidy:
        raise InvalidInput("name", "協議会の名称を入力してください。", "Name the council.", detail="REQUIRED")
    return tidy


_THIS = (council.c.tenant_id == TENANT, council.c.id == parameter(council.c.id))

WRITE = Statement(
    sa.update(council)
    .where(*_THIS)
    .values(
        name=parameter(council.c.name),
        established_on=parameter(council.c.established_on),
        notice_on=parameter(council.c.notice_on),
        version=council.c.version + 1,
    )
    .returning(council.c.id)
)
ANNOUNCE = Statement(
    sa.update(council)
    .where(*_THIS)
    .values(
        announced_on=sa.func.coalesce(council.c.announced_on, parameter(council.c.announced_on)),
        notice_on=sa.func.coalesce(council.c.notice_on, parameter(council.c.notice_on)),
        version=council.c.version + 1,
    )
    .returning(council.c.id)
)
ANNOUNCE_MEMBERS = Statement(
    sa.update(council_member)
    .where(
        council_member.c.tenant_id == TENANT,
        council_member.c.council_id == parameter(council_member.c.council_id),
        council_member.c.announced_on.is_(None),
    )
    .values(
        announced_on=parameter(council_member.c.announced_on),
        notice_on=parameter(council_member.c.notice_on),
        version=council_member.c.version + 1,
    )
    .returning(council_member.c.id)
)
NAME_AGENCY = Statement(
    sa.update(council)
    .where(*_THIS)
    .values(named_agency_id=parameter(council.c.named_agency_id), version=council.c.version + 1)
    .returning(council.c.id)
)
ANNOUNCE_AGENCY = Statement(
    sa.update(council)
    .where(*_THIS)
    .values(
        coordinating_agency_id=parameter(council.c.coordinating_agency_id),
        agency_announced_on=parameter(council.c.agency_announced_on),
        named_agency_id=sa.null(),
        version=council.c.version + 1,
    )
    .returning(council.c.id)
)
LISTED = Statement(
    sa.select(council_member.c.organisation_id)
    .where(
        council_member.c.tenant_id == TENANT,
        council_member.c.council_id == parameter(council_member.c.council_id),
        listed_today(council_member, ASKER),
    )
    .order_by(council_member.c.organisation_id)
)
