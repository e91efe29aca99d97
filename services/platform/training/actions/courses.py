"""A course is planned: its event and what a course has beside it, in one transaction."""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from libs.errors.problems import InvalidInput, NotFound
from libs.japan.text import clean
from libs.policy.acting import Acting
from services.platform.events.actions import running
from services.platform.events.content import EventContent
from services.platform.events.models.codes import COURSE
from services.platform.training.actions import statements
from services.platform.training.actions.texts import LONG
from services.platform.training.models import course, course_text
from services.platform.training.models.codes import DEFAULT_CAPACITY, OWN


@dataclass(frozen=True, slots=True)
class Details:
    """`declared`: the host's own lecturer has understood the text. `school_*`: of a children's course."""

    text_id: uuid.UUID | None
    venue_category: str
    lecturing: str
    declared: bool
    school_contact: str = ""
    school_timing: str = ""
    school_counsellor: str = ""
    school_follow_up: str = ""


async def create_course(
    acting: Acting, organisation_id: uuid.UUID | None, content: EventContent, details: Details
) -> uuid.UUID:
    """Its event is a draft of the same organisation; 50 places, unless another number is given.

    Raises NotAllowed, NotFound, InvalidInput.
    """
    host = await running.organiser_of(acting, organisation_id)
    acting.require("course", "create_course", *(("host",) if host == acting.viewer.organisation_id else ()))
    capacity = content.capacity or DEFAULT_CAPACITY
    drafted = await running.draft(acting, host, replace(content, kind=COURSE, capacity=capacity))
    work = acting.work
    columns = await _columns(acting, details, None)
    made = await work.insert(course, event_id=drafted, **columns, created_at=work.now, updated_at=work.now)
    work.record("create_course", "course", made, event=str(drafted))
    return made


async def edit_course(
    acting: Acting, identity: uuid.UUID | None, version: int, details: Details
) -> uuid.UUID:
    """What is the event's is changed there. Raises as other steps do."""
    row = await acting.find("course", course, identity, action="edit_course", version=version)
    columns = await _columns(acting, details, row)
    await acting.work.one(statements.EDIT_COURSE, id=row["id"], **columns)
    acting.work.record("edit_course", "course", row["id"])
    return row["id"]


async def _columns(acting: Acting, details: Details, before: Any) -> dict[str, Any]:  # noqa: ANN401 - asyncpg's record
    text = await acting.see("course_text", course_text, details.text_id)
    kept = before is not None and before["text_id"] == text["id"]
    if text["state"] != "published" and not kept:
        raise NotFound
    return {
        "text_id": text["id"],
        "venue_category": details.venue_category,
        "lecturing": details.lecturing,
        "declared_at": _declared(acting, details, before),
        "school_contact": clean(details.school_contact, "schoolContact", LONG, multiline=True),
        "school_timing": clean(details.school_timing, "schoolTiming", LONG, multiline=True),
        "school_counsellor": clean(details.school_counsellor, "schoolCounsellor", LONG, multiline=True),
        "school_follow_up": clean(details.school_follow_up, "schoolFollowUp", LONG, multiline=True),
    }


def _declared(acting: Acting, details: Details, before: Any) -> datetime | None:  # noqa: ANN401 - likewise
    """Anyone who understands the text may teach it (Cabinet Office): that alone is declared."""
    if details.lecturing != OWN:
        return None
    if not details.declared:
        raise InvalidInput(
            "declared",
            "主催者の講師がテキストの内容を理解していることを確かめて、チェックしてください。",
            "Make sure that the host's lecturer has understood the text, and say so.",
            detail="DECLARATION",
        )
    return (before and before["declared_at"]) or acting.work.now
