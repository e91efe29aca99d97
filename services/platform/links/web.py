"""The pages behind a link: what waits, a code, the referral, the answer. GET changes and tells nothing.

A mail scanner that follows the link, and whoever it was forwarded to, sees that something waits and no more.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from libs.errors.problems import InvalidInput
from libs.serving.pages.endpoint import html_page
from libs.serving.pages.requests import PageRequest
from libs.serving.pages.templates import Templates, see_other
from libs.serving.responses import Response
from libs.serving.routes import Pages
from libs.serving.visitors import Visitors
from services.platform.links import words
from services.platform.links.actions import answering, opening
from services.platform.links.actions.ends import LinkOver, PageOver
from services.platform.links.actions.holding import Holding
from services.platform.links.actions.opening import Opened, WrongCode
from services.platform.links.addresses import CODE, DONE, WAITING
from services.platform.links.door import Door
from services.platform.referrals.actions.answering import Decline

_TEMPLATES: Final = Templates.of("services.platform.links")
_WRITTEN: Final = ("question", "declinedBy", "reason", "text")


def link_pages(visitors: Visitors) -> Pages:
    """By name below a platform's own path."""
    door = Door(visitors)
    return {
        WAITING: html_page(partial(_show_waiting, door), partial(_send_code, door)),
        CODE: html_page(partial(_show_code, door), partial(_take, door)),
        DONE: html_page(_show_done),
    }


async def _show_waiting(door: Door, request: PageRequest) -> Response:
    return await _waiting(door, request, {})


async def _send_code(door: Door, request: PageRequest) -> Response:
    if await door.enter(request.tenant, _key(request), opening.send_code):
        return see_other(request.at(CODE + _key(request)))
    told = request.say(
        "確認コードはこれ以上送れません。紹介元の団体か事務局に、新しいリンクをご依頼ください。",
        "No more codes can be sent. Ask the organisation that refers, or the coordinator, for a new link.",
    )
    return await _waiting(door, request, {"main": told})


async def _waiting(door: Door, request: PageRequest, errors: Mapping[str, str]) -> Response:
    link = await door.look(request.tenant, _key(request))
    return _TEMPLATES.page(
        request,
        "waiting.html",
        errors=errors,
        by_mail=link["code_by"] == "mail",
        code_page=request.at(CODE + _key(request)),
    )


async def _show_code(door: Door, request: PageRequest) -> Response:
    return await _code(door, request, {})


async def _code(door: Door, request: PageRequest, errors: Mapping[str, str]) -> Response:
    link = await door.look(request.tenant, _key(request))
    return _TEMPLATES.page(
        request,
        "code.html",
        errors=errors,
        by_mail=link["code_by"] == "mail",
        waiting_page=request.at(WAITING + _key(request)),
    )


async def _take(door: Door, request: PageRequest) -> Response:
    return await (_answer if request.form.has("page") else _enter)(door, request)


async def _enter(door: Door, request: PageRequest) -> Response:
    enter = partial(_entered, request.form.text("code"))
    found = await door.enter(request.tenant, _key(request), enter)
    if isinstance(found, Opened):
        return await _opened(door, request, found)
    if found.left <= 0:
        raise LinkOver
    told = request.say(
        f"確認コードが正しくないか、時間が過ぎています。あと{found.left}回入力できます。",
        f"The code is wrong or too old. You can try {found.left} more times.",
    )
    return await _code(door, request, {"code": told})


async def _answer(door: Door, request: PageRequest) -> Response:
    try:
        await door.enter(request.tenant, _key(request), partial(_answered, request))
    except InvalidInput as wrong:
        return await _again(door, request, wrong)
    except PageOver as over:
        return await _code(door, request, {"code": request.say(over.ja, over.en)})
    except LinkOver:
        if not await door.was_answered_on(request.tenant, _key(request), request.form.text("page")):
            raise
    return see_other(request.at(DONE))


async def _again(door: Door, request: PageRequest, wrong: InvalidInput) -> Response:
    """The same page with what was wrong; the referral on it is opened, and logged, once more."""
    show = partial(opening.show_again, page=request.form.text("page"))
    found = await door.enter(request.tenant, _key(request), show)
    asking = request.form.text("answer") == "ask"
    field = "question" if asking and wrong.field == "text" else wrong.field
    return await _opened(door, request, found, {field: request.say(wrong.ja, wrong.en)})


async def _opened(
    door: Door, request: PageRequest, found: Opened, errors: Mapping[str, str] | None = None
) -> Response:
    # the log is committed: only now is anything opened
    texts = await found.admitted.open(door.vault)
    exchanged = await found.exchanged.open_questions(door.vault) if found.exchanged else {}
    return _TEMPLATES.page(
        request,
        "opened.html",
        errors=errors,
        token=found.page,
        card=words.shown(found.card, request.language),
        narrative=texts.get("narrative"),
        constraints=texts.get("constraints"),
        exchanged=[each for each in exchanged.values() if "answer_text" in each],
        declined_by=words.options(words.DECLINED_BY, request.language),
        declines=words.options(words.DECLINES, request.language),
        written={name: request.form.text(name) for name in _WRITTEN},
    )


async def _show_done(request: PageRequest) -> Response:
    return _TEMPLATES.page(request, "done.html")


async def _entered(typed: str, holding: Holding) -> Opened | WrongCode:
    return await opening.enter_code(holding, typed)


async def _answered(request: PageRequest, holding: Holding) -> None:
    form, page = request.form, request.form.text("page")
    match form.text("answer"):
        case "accept":
            await answering.accept(holding, page)
        case "ask":
            await answering.ask(holding, page, form.text("question"))
        case _:
            await answering.decline(holding, page, _reason(form.text))


def _reason(text: Any) -> Decline:  # noqa: ANN401 - the form's reader
    """Raises InvalidInput where nothing was chosen."""
    return Decline(
        _chosen("declinedBy", text("declinedBy"), words.DECLINED_BY),
        _chosen("reason", text("reason"), words.DECLINES),
        text("text"),
    )


def _chosen(field: str, code: str, words: Mapping[str, Any]) -> str:
    if code not in words:
        raise InvalidInput(field, "一つ選んでください。", "Choose one.")
    return code


def _key(request: PageRequest) -> str:
    return request.key or ""
