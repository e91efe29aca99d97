"""Break-glass: the minimum to named people of government, for hours; a second person reviews it.

APPI art. 27(1)(ii) and its public counterpart let life, body or property come before consent; what is opened
here is told to the coordinator in the same transaction and ends by itself.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import asyncpg
import sqlalchemy as sa

from libs.errors.problems import InvalidInput
from libs.japan.text import clean
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.persistence.work import Work
from libs.policy.acting import Acting
from services.platform.notices.actions.telling import coordinators, of_organisation, people, tell
from services.platform.referrals import basis_deadlines
from services.platform.referrals.actions.bodies import member, people_of_government, references_of
from services.platform.referrals.actions.falling import break_glass_fell
from services.platform.referrals.actions.grounds import VitalInterest
from services.platform.referrals.actions.inputs import LONG, SHORT, required
from services.platform.referrals.actions.moving import Referral
from services.platform.referrals.actions.packages import Ground, freeze, minimum
from services.platform.referrals.actions.reviewing import tell_if_nobody_reviews
from services.platform.referrals.actions.scanning import Shown, refuse_personal_data
from services.platform.referrals.actions.settings import terms
from services.platform.referrals.models import break_glass, break_glass_person, codes, referral

MOST_HOURS: Final = 72
OPENED_ITEMS: Final = (*codes.NARRATIVE, *codes.IDENTITY)


@dataclass(frozen=True, slots=True)
class Danger:
    """A break-glass that may be opened."""

    reason: str
    items: Sequence[str]
    expires_at: datetime
    people: Sequence[uuid.UUID]
    organisations: Sequence[uuid.UUID]


async def open_break_glass(
    acting: Acting, identity: uuid.UUID | None, version: int, basis: VitalInterest
) -> uuid.UUID:
    """Opens a live referral to named people, wherever it stands. Raises NotFound, NotAllowed, StaleVersion,
    WrongState, InvalidInput."""
    row = await acting.find("referral", referral, identity, action="open_break_glass", version=version)
    return await open_for(acting, row, await judged(acting, row, basis))


async def judged(
    acting: Acting, row: Referral, basis: VitalInterest, recipient: asyncpg.Record | None = None
) -> Danger:
    """Raises InvalidInput; with a `recipient` somebody of it must be named."""
    named = references_of(basis.people, "personIds")
    places = await people_of_government(acting, named)
    organisations = list(dict.fromkeys(place["organisation_id"] for place in places))
    if recipient is not None and recipient["id"] not in organisations:
        raise InvalidInput(
            "personIds",
            "打診先の行政の人を、少なくとも一人名指ししてください。",
            "Name at least one person of the recipient, which is of government.",
            detail="NOBODY_OF_RECIPIENT",
        )
    if not 1 <= basis.hours <= MOST_HOURS:
        raise InvalidInput(
            "hours",
            f"1時間から{MOST_HOURS}時間までにしてください。",
            f"From 1 to {MOST_HOURS} hours.",
            detail="OUT_OF_RANGE",
        )
    reason = required(basis.reason, "reason", SHORT)
    await refuse_personal_data(acting, Shown({"reason": reason}, row["case_id"]))
    until = acting.work.now + timedelta(hours=basis.hours)
    return Danger(reason, minimum(basis.items, OPENED_ITEMS), until, named, organisations)


async def open_for(acting: Acting, row: Referral, danger: Danger) -> uuid.UUID:
    """The named people find the referral from the commit on, until it expires."""
    work = acting.work
    review = basis_deadlines.review_due(work.now, await terms(work))
    made = await work.insert(
        break_glass,
        referral_id=row["id"],
        opener_id=acting.viewer.person_id,
        organisation_id=acting.viewer.organisation_id,
        reason=danger.reason,
        items=list(danger.items),
        expires_at=danger.expires_at,
        review_due_at=review,
        created_at=work.now,
    )
    for person in danger.people:
        await work.insert(break_glass_person, break_glass_id=made, person_id=person)
    for organisation in danger.organisations:
        body = await member(acting, organisation)
        await freeze(acting, row, Ground("vital_interest", made, danger.items), body)
    work.later(basis_deadlines.REVIEW_DUE, made, review)
    work.later(basis_deadlines.BREAK_GLASS_ENDS, made, danger.expires_at)
    work.record("open_break_glass", "break_glass", made, referral=str(row["id"]), people=len(danger.people))
    await tell(work, "break_glass_opened", ("break_glass", made), coordinators())
    await tell_if_nobody_reviews(work, made)
    # whoever is named finds the referral, not the break-glass
    await tell(work, "break_glass_opened", ("referral", row["id"]), people(*danger.people))
    return made


async def review_break_glass(
    acting: Acting, identity: uuid.UUID | None, version: int, finding: str, note: str
) -> uuid.UUID:
    """A second person says what they find; anything but justified ends it at once.

    Raises NotFound, NotAllowed, StaleVersion, WrongState, InvalidInput.
    """
    row = await acting.find(
        "break_glass", break_glass, identity, action="review_break_glass", version=version
    )
    said = clean(note, "note", LONG, multiline=True)
    await refuse_personal_data(acting, Shown({"note": said}))
    await acting.work.one(
        REVIEW,
        id=row["id"],
        reviewed_by_id=acting.viewer.person_id,
        finding=finding,
        finding_note=said or None,
        expires_at=row["expires_at"] if finding == "justified" else min(row["expires_at"], acting.work.now),
    )
    acting.work.record("review_break_glass", "break_glass", row["id"], finding=finding)
    opener = of_organisation(row["organisation_id"], "caseworker")
    about = ("break_glass", row["id"])
    await tell(acting.work, "break_glass_reviewed", about, opener, people(row["opener_id"]))
    if finding != "justified" and row["expires_at"] > acting.work.now:
        await _tell_that_it_ended(acting.work, row)
    return row["id"]


async def _tell_that_it_ended(work: Work, row: asyncpg.Record) -> None:
    """Before its time: whoever was named is to stop using what was opened, and so are both ends."""
    named = [each["person_id"] for each in await work.rows(NAMED, break_glass_id=row["id"])]
    await break_glass_fell(work, row["referral_id"], people(row["opener_id"], *named))


NAMED = Statement(
    sa.select(break_glass_person.c.person_id)
    .where(
        break_glass_person.c.tenant_id == TENANT,
        break_glass_person.c.break_glass_id == parameter(break_glass_person.c.break_glass_id),
    )
    .order_by(break_glass_person.c.person_id)
)


REVIEW = Statement(
    sa.update(break_glass)
    .where(break_glass.c.tenant_id == TENANT, break_glass.c.id == parameter(break_glass.c.id))
    .values(
        reviewed_by_id=parameter(break_glass.c.reviewed_by_id),
        reviewed_at=sa.bindparam("viewer_now", type_=break_glass.c.reviewed_at.type),
        finding=parameter(break_glass.c.finding),
        finding_note=parameter(break_glass.c.finding_note),
        expires_at=parameter(break_glass.c.expires_at),
        version=break_glass.c.version + 1,
    )
    .returning(break_glass.c.id)
)
