"""Pages of surveys: answering with a code that was handed out, and results that the organiser made public.

The code is typed, and travels in the body alone: it stands in no address and in no log.
"""

import uuid
from collections.abc import Mapping
from functools import partial
from typing import Final

from libs.errors.problems import InvalidInput, NotFound, Problem, WrongState
from libs.persistence.database import Context
from libs.policy.acting import Acting
from libs.serving.budgets import FLAT_COST
from libs.serving.pages.endpoint import html_page
from libs.serving.pages.requests import PageRequest
from libs.serving.pages.templates import Templates
from libs.serving.responses import Response
from libs.serving.routes import Pages
from libs.serving.visitors import Visitors
from libs.tenancy.viewers import Address
from services.platform import codes
from services.platform.questions import answers as answering
from services.platform.questions.answers import Given
from services.platform.questions.form import given_by
from services.platform.surveys import pictures, results
from services.platform.surveys.actions import ballots
from services.platform.surveys.actions.ballots import Asked

ANSWER: Final = "survey"
RESULTS: Final = "survey.results/"
_TEMPLATES: Final = Templates.of("services.platform.surveys")
_NO_CODE: Final = InvalidInput(
    "code",
    "コードは英数字16文字です。お手元の紙をもう一度お確かめください。",
    "The code has 16 letters and digits. Please look at your paper again.",
)
_NOT_FOUND: Final = InvalidInput(
    "code",
    "このコードでは回答できません。お手元の紙をお確かめください。回答済みのコードと、締め切ったアンケートの"
    "コードも使えません。",
    "Nothing can be answered with this code. Please look at your paper again. A code is used once, and not "
    "after the survey was closed.",
)


def survey_pages(visitors: Visitors) -> Pages:
    """By name below a platform's own path."""
    return {
        ANSWER: html_page(_show, partial(_take, visitors)),
        RESULTS: html_page(partial(_results, visitors)),
    }


async def _show(request: PageRequest) -> Response:
    return _door(request)


async def _take(visitors: Visitors, request: PageRequest) -> Response:
    code = codes.typed(request.form.text("code"))
    if code is None:
        return _door(request, _NO_CODE, 400)
    try:
        asked = await visitors.act(request.tenant, partial(_look, code))
        if asked is None:
            return _door(request, _NOT_FOUND, 404)
        if request.form.text("do") != "answer":
            return _form(request, code, asked, {}, {})
        return await _answered(visitors, request, code, asked)
    except WrongState:
        return _door(request, _NOT_FOUND, 404)


async def _answered(visitors: Visitors, request: PageRequest, code: str, asked: Asked) -> Response:
    """What does not fit is said beside its question, and what was written stays."""
    given = given_by(request.form, asked.questions)
    _, problems = answering.fitted(asked.questions, given)
    if problems:
        return _form(request, code, asked, given, problems)
    if not await visitors.act(request.tenant, partial(_cast, code, given)):
        return _door(request, _NOT_FOUND, 404)
    return _TEMPLATES.page(request, "thanks.html")


async def _look(code: str, acting: Acting) -> Asked | None:
    return await ballots.look(acting, code)


async def _cast(code: str, given: Mapping[str, Given], acting: Acting) -> bool:
    return await ballots.answer_by_code(acting, code, given)


def _form(
    request: PageRequest,
    code: str,
    asked: Asked,
    given: Mapping[str, Given],
    problems: Mapping[str, Problem],
) -> Response:
    return _TEMPLATES.page(
        request,
        "survey.html",
        status=400 if problems else 200,
        errors={key: request.say(each.ja, each.en) for key, each in problems.items()},
        title=request.say(asked.row["title"], asked.row["title_en"] or asked.row["title"]),
        introduction=asked.row["introduction"],
        questions=asked.questions,
        given=given,
        code=codes.shown(code),
    )


def _door(request: PageRequest, problem: Problem | None = None, status: int = 200) -> Response:
    return _TEMPLATES.page(
        request,
        "door.html",
        status=status,
        errors=None if problem is None else {"code": request.say(problem.ja, problem.en)},
        typed=request.form.text("code")[:64],
    )


async def _results(visitors: Visitors, request: PageRequest) -> Response:
    doors = visitors.doors
    anyone = await doors.viewers.of(None, Address(request.tenant))
    await doors.budgets.charge(anyone, FLAT_COST)
    access = await doors.engine.access(anyone)
    database = doors.engine.database
    async with database.reading(Context(anyone.tenant_id)) as connection:
        found = await results.read(
            connection, access, anyone.places(database.clock()), _identity(request.key or "")
        )
    if found is None:
        raise NotFound
    return _TEMPLATES.page(
        request,
        "results.html",
        title=request.say(found.title, found.title_en or found.title),
        found=found,
        picture=pictures.bars,
    )


def _identity(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
