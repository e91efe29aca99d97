"""Course texts: kept by the coordinator; a published one stays, and what is changed is its next version."""

import uuid
from dataclasses import dataclass
from typing import Any, Final

from libs.errors.problems import InvalidInput
from libs.japan.text import clean
from libs.policy.acting import Acting
from services.platform.inputs import required
from services.platform.training.actions import statements
from services.platform.training.models import course_text
from services.platform.training.models.codes import CHILDREN, CHILDREN_MINUTES, MINUTES

SHORT: Final = 200
LONG: Final = 2_000
MOST_MINUTES: Final = 600
LANGUAGE_LENGTH: Final = 35
"""Of a language tag (RFC 5646, 4.4.1)."""


@dataclass(frozen=True, slots=True)
class Text:
    """`minutes`: opening, lecture, survey."""

    edition: str
    title: str
    text_version: str
    language: str
    minutes: tuple[int, int, int]
    materials: str


async def create_course_text(acting: Acting, text: Text) -> uuid.UUID:
    """A draft. Raises NotAllowed, InvalidInput."""
    acting.require("course_text", "keep_text")
    return await _insert(acting, _columns(text), None)


async def edit_course_text(acting: Acting, identity: uuid.UUID | None, version: int, text: Text) -> uuid.UUID:
    """Replaces a draft. Raises NotFound, NotAllowed, StaleVersion, WrongState, InvalidInput."""
    row = await acting.find("course_text", course_text, identity, action="edit_course_text", version=version)
    await acting.work.one(statements.EDIT_TEXT, id=row["id"], **_columns(text))
    acting.work.record("edit_course_text", "course_text", row["id"])
    return row["id"]


async def move(acting: Acting, identity: uuid.UUID | None, version: int, step: str, state: str) -> uuid.UUID:
    """Published or withdrawn. Courses keep the text that they were planned with."""
    row = await acting.find("course_text", course_text, identity, action=step, version=version)
    await acting.work.one(statements.MOVE_TEXT, id=row["id"], state=state)
    acting.work.record(step, "course_text", row["id"])
    return row["id"]


async def renew_course_text(
    acting: Acting, identity: uuid.UUID | None, version: int, text_version: str
) -> uuid.UUID:
    """The next version as a draft with the same content."""
    row = await acting.find("course_text", course_text, identity, action="renew_course_text", version=version)
    kept = {name: row[name] for name in statements.TEXT_COLUMNS}
    kept["text_version"] = required(text_version, "textVersion", SHORT)
    return await _insert(acting, kept, row["id"])


async def _insert(acting: Acting, columns: dict[str, Any], previous: uuid.UUID | None) -> uuid.UUID:
    work = acting.work
    made = await work.insert(
        course_text, **columns, previous_id=previous, created_at=work.now, updated_at=work.now
    )
    work.record("create_course_text", "course_text", made)
    return made


def _columns(text: Text) -> dict[str, Any]:
    opening, lecture, survey = _minutes(text)
    return {
        "edition": text.edition,
        "title": required(text.title, "title", SHORT),
        "text_version": required(text.text_version, "textVersion", SHORT),
        "language": required(text.language, "language", LANGUAGE_LENGTH),
        "opening_minutes": opening,
        "lecture_minutes": lecture,
        "survey_minutes": survey,
        "materials": clean(text.materials, "materials", LONG, multiline=True),
    }


def _minutes(text: Text) -> tuple[int, int, int]:
    """Raises InvalidInput where the edition is known to have others."""
    known = MINUTES.get(text.edition)
    if known is not None and text.minutes != known:
        raise _wrong(
            "一般向けは90分(趣旨説明10・講座60・アンケート20)です。", "The standard course has 10, 60 and 20."
        )
    if text.edition == CHILDREN and sum(text.minutes) != CHILDREN_MINUTES:
        raise _wrong("こども向けは合わせて45分です。", "The children's course has 45 minutes in all.")
    if min(text.minutes) < 0 or not 0 < sum(text.minutes) <= MOST_MINUTES:
        raise _wrong(
            f"時間は合わせて1分から{MOST_MINUTES}分です。", f"Give 1 to {MOST_MINUTES} minutes in all."
        )
    return text.minutes


def _wrong(ja: str, en: str) -> InvalidInput:
    return InvalidInput("minutes", ja, en, detail="MINUTES")
