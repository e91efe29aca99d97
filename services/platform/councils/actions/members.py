"""The list of members: who is on it from which day, and until which."""

import uuid
from datetime import date, datetime, time

import sqlalchemy as sa

from libs.errors.problems import InvalidInput, WrongState
from libs.japan.calendar import JST
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from libs.policy.predicates import ASKER
from libs.tenancy.models import organisation
from libs.tenancy.viewer import JAPAN
from services.platform.councils.models import MEMBER_LEFT, council, council_member, not_ended
from services.platform.councils.steps import listed_already


async def add_council_member(
    acting: Acting,
    council_id: uuid.UUID | None,
    organisation_id: uuid.UUID | None,
    from_on: date | None,
    joined_on: date | None = None,
) -> uuid.UUID:
    """Puts an organisation on the list; it counts from its day on, once the list was announced. `joined_on`,
    by the papers, may be long ago: it tells, and opens nothing.

    Raises NotFound, NotAllowed, WrongState, AlreadyExists, InvalidInput for a day in the past (or to come).
    """
    row = await acting.find("council", council, council_id, action="add_council_member")
    member = await acting.see("organisation", organisation, organisation_id)
    if member["status"] != "active":
        raise WrongState(
            "no_member",
            "この団体はいま会員ではありません。",
            "This organisation is no member here.",
        )
    today = _today(acting)
    if from_on is not None and from_on < today:
        raise too_early("fromOn")
    check_history(acting, joinedOn=joined_on)
    place = {"council_id": row["id"], "organisation_id": member["id"]}
    if await acting.work.one(ON_THE_LIST, **place, viewer_today=today):
        raise listed_already()
    made = await acting.work.insert(
        council_member, **place, from_on=from_on or today, joined_on=joined_on, created_at=acting.work.now
    )
    acting.work.record("add_council_member", "council_member", made, organisation=str(member["id"]))
    return made


async def end_council_member(
    acting: Acting, identity: uuid.UUID | None, version: int, until_on: date | None
) -> uuid.UUID:
    """Takes an organisation off the list, at once or on a later day: what rested on it falls with that day.

    Raises NotFound, NotAllowed, StaleVersion, WrongState, InvalidInput.
    """
    row = await acting.find(
        "council_member", council_member, identity, action="end_council_member", version=version
    )
    today = _today(acting)
    day = until_on or today
    if day < today:
        raise too_early("untilOn")
    await acting.work.one(END, id=row["id"], until_on=day)
    acting.work.later(MEMBER_LEFT, row["id"], datetime.combine(day, time(), JST))
    acting.work.record("end_council_member", "council_member", row["id"], until_on=day.isoformat())
    return row["id"]


async def correct_council_member(
    acting: Acting,
    identity: uuid.UUID | None,
    version: int,
    joined_on: date | None,
    notice_on: date | None,
) -> uuid.UUID:
    """Puts right what the papers say of the entry; the days that count here stay. The audit chain keeps both.

    Raises NotFound, NotAllowed, StaleVersion, InvalidInput for a day to come.
    """
    row = await acting.find(
        "council_member", council_member, identity, action="correct_council_member", version=version
    )
    check_history(acting, joinedOn=joined_on, noticeOn=notice_on)
    await acting.work.one(CORRECT, id=row["id"], joined_on=joined_on, notice_on=notice_on)
    acting.work.record(
        "correct_council_member",
        "council_member",
        row["id"],
        joined_before=_said(row["joined_on"]),
        joined_on=_said(joined_on),
        notice_before=_said(row["notice_on"]),
        notice_on=_said(notice_on),
    )
    return row["id"]


def check_history(acting: Acting, **days: date | None) -> None:
    """History has happened. Raises InvalidInput for a day to come."""
    for field, day in days.items():
        if day is not None and day > _today(acting):
            raise InvalidInput(
                field, "今日までの日にしてください。", "Give today or an earlier day.", detail="TO_COME"
            )


def too_early(field: str) -> InvalidInput:
    """What counts here counts from today on: nobody was let in before."""
    return InvalidInput(
        field,
        "今日以降の日にしてください。それより前のことは、経緯の日付として記録できます。",
        "Give today or a later day. What was before can be kept as history.",
        detail="PAST",
    )


def _said(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _today(acting: Acting) -> date:
    return acting.work.now.astimezone(JAPAN).date()


ON_THE_LIST = Statement(
    sa.select(council_member.c.id).where(
        council_member.c.tenant_id == TENANT,
        council_member.c.council_id == parameter(council_member.c.council_id),
        council_member.c.organisation_id == parameter(council_member.c.organisation_id),
        not_ended(council_member, ASKER),
    )
)
END = Statement(
    sa.update(council_member)
    .where(council_member.c.tenant_id == TENANT, council_member.c.id == parameter(council_member.c.id))
    .values(until_on=parameter(council_member.c.until_on), version=council_member.c.version + 1)
    .returning(council_member.c.id)
)
CORRECT = Statement(
    sa.update(council_member)
    .where(council_member.c.tenant_id == TENANT, council_member.c.id == parameter(council_member.c.id))
    .values(
        joined_on=parameter(council_member.c.joined_on),
        notice_on=parameter(council_member.c.notice_on),
        version=council_member.c.version + 1,
    )
    .returning(council_member.c.id)
)
