"""Seats: organisations hold them, chair or coordinator give them, and every end is kept."""

import uuid
from datetime import date

import sqlalchemy as sa

from libs.errors.problems import InvalidInput, WrongState
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from libs.policy.predicates import ASKER
from libs.tenancy.models import organisation
from libs.tenancy.viewer import JAPAN
from services.platform.groups import terms
from services.platform.groups.models import not_ended, seat, seat_request, working_group
from services.platform.groups.steps import already_seated, no_seat


async def give_seat(  # noqa: PLR0913 - a seat is all of this
    acting: Acting,
    group_id: uuid.UUID | None,
    organisation_id: uuid.UUID | None,
    from_on: date | None,
    until_on: date | None,
    *,
    is_chair: bool = False,
    is_observer: bool = False,
) -> uuid.UUID:
    """A member's seat from a day on (today), until the first day without it. A request for it is answered.

    The group is locked: its seats and requests change one after another. Raises NotFound, NotAllowed,
    InvalidInput, WrongState, AlreadyExists.
    """
    group = await acting.find("working_group", working_group, group_id, action="give_seat")
    if is_chair and is_observer:
        raise _no_chair()
    if is_chair:
        await acting.find("working_group", working_group, group_id, action="give_chair")
    holder = await acting.see("organisation", organisation, organisation_id)
    if holder["status"] != "active":
        raise _no_member()
    first, last = _term(today(acting), from_on, until_on)
    place = {"working_group_id": group["id"], "organisation_id": holder["id"]}
    if await acting.work.one(SEATED, **place, from_on=first):
        raise already_seated()
    if is_chair:
        await _vacate_chair(acting, group["id"])
    as_what = {"is_chair": is_chair, "is_observer": is_observer}
    made = await acting.work.insert(
        seat, **place, from_on=first, until_on=last, created_at=acting.work.now, **as_what
    )
    await acting.work.one(ANSWER_REQUEST, **place)
    if last is not None:
        acting.work.later(terms.TERM_ENDS, made, terms.told_at(last, acting.work.now))
    acting.work.record(
        "give_seat", "seat", made, **{name: str(value) for name, value in place.items()}, chair=int(is_chair)
    )
    return made


async def name_chair(
    acting: Acting, group_id: uuid.UUID | None, organisation_id: uuid.UUID | None
) -> uuid.UUID:
    """The organisation, which holds a seat, becomes the group's one chair; answers the group.

    Raises NotFound, NotAllowed, WrongState.
    """
    group = await acting.find("working_group", working_group, group_id, action="name_chair")
    holder = await acting.see("organisation", organisation, organisation_id)
    await _vacate_chair(acting, group["id"])
    named = await acting.work.one(
        TAKE_CHAIR,
        working_group_id=group["id"],
        organisation_id=holder["id"],
        viewer_today=today(acting),
    )
    if named is None:
        raise no_seat()
    acting.work.record("name_chair", "working_group", group["id"], organisation=str(holder["id"]))
    return group["id"]


async def end_seat(
    acting: Acting, identity: uuid.UUID | None, version: int, until_on: date | None
) -> uuid.UUID:
    """Ends a seat today, at once, or on a later day: the first one without it.

    Raises NotFound, NotAllowed, StaleVersion, InvalidInput, WrongState.
    """
    row = await acting.find("seat", seat, identity, action="end_seat", version=version)
    now = today(acting)
    if until_on is not None and until_on < now:
        raise _not_before("untilOn")
    await acting.work.one(END, id=row["id"], until_on=until_on or now)
    if until_on is not None and until_on > now:
        acting.work.later(terms.TERM_ENDS, row["id"], terms.told_at(until_on, acting.work.now))
    acting.work.record("end_seat", "seat", row["id"], until_on=(until_on or now).isoformat())
    return row["id"]


def today(acting: Acting) -> date:
    return acting.work.now.astimezone(JAPAN).date()


def _term(now: date, from_on: date | None, until_on: date | None) -> tuple[date, date | None]:
    first = from_on or now
    if first < now:
        raise _not_before("fromOn")
    if until_on is not None and until_on <= first:
        raise InvalidInput(
            "untilOn",
            "席の終わりは、始まりより後の日にしてください。",
            "A seat ends after the day on which it begins.",
            detail="ORDER",
        )
    return first, until_on


def _no_member() -> WrongState:
    """Says no more: in which state a membership is, is the coordinator's to know."""
    return WrongState(
        "no_member",
        "この団体には、いま席を与えられません。事務局にお問い合わせください。",
        "This organisation cannot hold a seat now. Ask the coordinator.",
    )


def _no_chair() -> InvalidInput:
    return InvalidInput(
        "isObserver",
        "オブザーバーは部会長になれません。",
        "An observer cannot chair the group.",
        detail="OBSERVER",
    )


def _not_before(field: str) -> InvalidInput:
    return InvalidInput(field, "今日以降の日にしてください。", "Give today or a later day.", detail="PAST")


async def _vacate_chair(acting: Acting, group_id: uuid.UUID) -> None:
    await acting.work.rows(VACATE_CHAIR, working_group_id=group_id, viewer_today=today(acting))


_OF_GROUP = seat.c.working_group_id == parameter(seat.c.working_group_id)
_OF_HOLDER = seat.c.organisation_id == parameter(seat.c.organisation_id)

SEATED = Statement(
    sa.select(seat.c.id).where(
        seat.c.tenant_id == TENANT,
        _OF_GROUP,
        _OF_HOLDER,
        sa.or_(seat.c.until_on.is_(None), seat.c.until_on > parameter(seat.c.from_on)),
    )
)
VACATE_CHAIR = Statement(
    sa.update(seat)
    .where(not_ended(seat, ASKER), seat.c.tenant_id == TENANT, _OF_GROUP, seat.c.is_chair)
    .values(is_chair=sa.false(), version=seat.c.version + 1)
    .returning(seat.c.id)
)
TAKE_CHAIR = Statement(
    sa.update(seat)
    .where(
        not_ended(seat, ASKER),
        seat.c.tenant_id == TENANT,
        _OF_GROUP,
        _OF_HOLDER,
        seat.c.from_on <= ASKER.today,
        sa.not_(seat.c.is_observer),
    )
    .values(is_chair=sa.true(), version=seat.c.version + 1)
    .returning(seat.c.id)
)
END = Statement(
    sa.update(seat)
    .where(seat.c.tenant_id == TENANT, seat.c.id == parameter(seat.c.id))
    .values(until_on=parameter(seat.c.until_on), version=seat.c.version + 1)
)
ANSWER_REQUEST = Statement(
    sa.update(seat_request)
    .where(
        seat_request.c.tenant_id == TENANT,
        seat_request.c.working_group_id == parameter(seat_request.c.working_group_id),
        seat_request.c.organisation_id == parameter(seat_request.c.organisation_id),
        seat_request.c.state == sa.literal("asked"),
    )
    .values(state=sa.literal("given"), version=seat_request.c.version + 1)
)
