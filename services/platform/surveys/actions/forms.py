"""The form: drafted, opened, closed, published; what was opened changes only as the next edition."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from libs.errors.problems import InvalidInput, NotAllowed
from libs.japan.text import clean
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from services.platform.events.models import event, place
from services.platform.inputs import required
from services.platform.notices.actions.telling import of_organisations, tell
from services.platform.questions import models as questions
from services.platform.questions.models import Question
from services.platform.surveys.models import FEWEST_READ, answer, ballot, survey

MOST_TITLE: Final = 200
MOST_INTRODUCTION: Final = 2_000
LONGEST: Final = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Form:
    """What an organiser asks, and until when."""

    title: str
    title_en: str
    introduction: str
    questions: Sequence[Question]
    closes_at: datetime


async def create_survey(acting: Acting, event_id: uuid.UUID | None, form: Form) -> uuid.UUID:
    """A draft; of an event it is its organiser's, else one's own organisation's.

    Raises InvalidInput, NotAllowed, NotFound, WrongState.
    """
    host = acting.viewer.organisation_id
    if event_id is not None:
        of_event = await acting.find("event", event, event_id, action="edit_event")
        host = of_event["organisation_id"]
    acting.require("survey", "create_survey", *(("own",) if host == acting.viewer.organisation_id else ()))
    if host is None:
        raise NotAllowed
    made = await _insert(acting, host, event_id, _columns(acting, form))
    acting.work.record("create_survey", "survey", made, organisation=str(host))
    return made


async def edit_survey(acting: Acting, identity: uuid.UUID | None, version: int, form: Form) -> uuid.UUID:
    """Replaces a draft's form. Raises NotFound, NotAllowed, StaleVersion, WrongState, InvalidInput."""
    row = await acting.find("survey", survey, identity, action="edit_survey", version=version)
    return await _changed(acting, "edit_survey", row["id"], **_columns(acting, form))


async def open_survey(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    """From now on it is answered, and its questions stand; who holds places at its event is told."""
    row = await acting.find("survey", survey, identity, action="open_survey", version=version)
    asked = await acting.work.rows(ASKED, event_id=row["event_id"])
    if asked:
        organisations = [each["organisation_id"] for each in asked]
        told = of_organisations(organisations, "representative", "desk")
        await tell(acting.work, "survey_opened", ("survey", row["id"]), told)
    return await _changed(acting, "open_survey", row["id"], state="open", opened_at=acting.work.now)


async def close_survey(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    """Ends the answering for good. Only now are answers read: no difference of two looks is one answer."""
    row = await acting.find("survey", survey, identity, action="close_survey", version=version)
    counted = await acting.work.one(COUNT, survey_id=row["id"])
    readable = counted is not None and counted["answers"] >= FEWEST_READ
    closed = {"state": "closed", "closed_at": acting.work.now, "readable": readable}
    return await _changed(acting, "close_survey", row["id"], **closed)


async def renew_survey(
    acting: Acting, identity: uuid.UUID | None, version: int, closes_at: datetime
) -> uuid.UUID:
    """The next edition as a draft with the same questions; the earlier one stays as it was answered."""
    row = await acting.find("survey", survey, identity, action="renew_survey", version=version)
    kept = {name: row[name] for name in ("title", "title_en", "introduction", "questions")}
    following = kept | {"edition": row["edition"] + 1, "previous_id": row["id"]}
    following["closes_at"] = _closing(acting, closes_at)
    made = await _insert(acting, row["organisation_id"], row["event_id"], following)
    acting.work.record("renew_survey", "survey", row["id"], edition=following["edition"])
    return made


async def publish_results(
    acting: Acting, identity: uuid.UUID | None, version: int, *, published: bool
) -> uuid.UUID:
    """Shows the counts to everybody, or to nobody else again; never what people wrote in words."""
    row = await acting.find("survey", survey, identity, action="publish_results", version=version)
    return await _changed(acting, "publish_results", row["id"], published=published)


async def _insert(
    acting: Acting, host: uuid.UUID, event_id: uuid.UUID | None, columns: dict[str, Any]
) -> uuid.UUID:
    work = acting.work
    owned = {"organisation_id": host, "event_id": event_id, "created_at": work.now, "updated_at": work.now}
    made = await work.insert(survey, **owned, **columns)
    await work.insert(ballot, id=made)
    return made


def _columns(acting: Acting, form: Form) -> dict[str, Any]:
    return {
        "title": required(form.title, "title", MOST_TITLE),
        "title_en": clean(form.title_en, "titleEn", MOST_TITLE),
        "introduction": clean(form.introduction, "introduction", MOST_INTRODUCTION, multiline=True),
        "questions": questions.stored(questions.checked(form.questions)),
        "closes_at": _closing(acting, form.closes_at),
    }


def _closing(acting: Acting, closes_at: datetime) -> datetime:
    if not acting.work.now < closes_at <= acting.work.now + LONGEST:
        raise InvalidInput(
            "closesAt",
            "締切は、これから1年以内の日時にしてください。",
            "Give a time to come, within a year.",
            detail="CLOSING",
        )
    return closes_at


async def _changed(acting: Acting, action: str, identity: uuid.UUID, **columns: Any) -> uuid.UUID:  # noqa: ANN401 - columns' values
    await acting.work.one(CHANGES[action], id=identity, **columns)
    acting.work.record(action, "survey", identity)
    return identity


def _change(*names: str) -> Statement:
    return Statement(
        sa.update(survey)
        .where(survey.c.tenant_id == TENANT, survey.c.id == parameter(survey.c.id))
        .values(
            {name: parameter(survey.c[name]) for name in names}
            | {
                "updated_at": sa.bindparam("viewer_now", type_=survey.c.updated_at.type),
                "version": survey.c.version + 1,
            }
        )
    )


CHANGES: Final = {
    "edit_survey": _change("title", "title_en", "introduction", "questions", "closes_at"),
    "open_survey": _change("state", "opened_at"),
    "close_survey": _change("state", "closed_at", "readable"),
    "publish_results": _change("published"),
}
ASKED = Statement(
    sa.select(place.c.organisation_id)
    .where(
        place.c.tenant_id == TENANT,
        place.c.event_id == parameter(place.c.event_id),
        place.c.state == sa.literal("taken"),
        place.c.organisation_id.is_not(None),
    )
    .order_by(place.c.organisation_id)
)
COUNT = Statement(
    sa.select(sa.func.count().label("answers")).where(
        answer.c.tenant_id == TENANT, answer.c.survey_id == parameter(answer.c.survey_id)
    )
)
