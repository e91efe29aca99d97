"""/t/{tenant}/events.place: with one's code or the link in a letter, a registration is read and changed.

The code stands in the letter's link: whoever has it may do what its holder may. GET changes nothing: a
mail scanner that follows the link cancels and accepts nothing.
"""

from collections.abc import Mapping
from functools import partial
from typing import Final

from libs.errors.problems import InvalidInput, Problem
from libs.serving.pages.endpoint import not_here
from libs.serving.pages.requests import PageRequest
from libs.serving.pages.templates import see_other
from libs.serving.responses import Response
from libs.serving.visitors import Visitors
from services.platform import codes
from services.platform.events.actions import attending, returning
from services.platform.events.actions.returning import Kept
from services.platform.events.addresses import DOOR, EVENTS, PLACE
from services.platform.events.web.forms import number
from services.platform.events.web.whats_on import TEMPLATES
from services.platform.events.words import when

FIELDS: Final = ("name", "kana", "email", "telephone")
DONE: Final[Mapping[str, tuple[str, str]]] = {
    "accept": ("席を確保しました。お待ちしています。", "The place is yours. We look forward to seeing you."),
    "cancel-surely": (
        "申込みを取り消しました。お名前と連絡先は消去しました。",
        "Your registration is cancelled, and your name and contact are erased.",
    ),
    "change": ("申込みを変更しました。", "Your registration has been changed."),
    "attend": ("出席を受け付けました。", "You are counted as attending."),
}


class OwnPage:
    """The door at which the code is typed, and the registration behind it."""

    def __init__(self, visitors: Visitors) -> None:
        self._visitors = visitors

    async def show_door(self, request: PageRequest) -> Response:
        return TEMPLATES.page(request, "door.html", typed="", list=request.at(EVENTS))

    async def enter(self, request: PageRequest) -> Response:
        typed = request.form.text("code")
        code = codes.typed(typed)
        if code is not None and await self._visitors.act(request.tenant, partial(returning.read, code=code)):
            return see_other(request.at(PLACE + code))
        told = request.say(
            "このコードの申込みは見つかりません。控えをもう一度お確かめください。",
            "No registration is found by this code. Please look at your note again.",
        )
        return TEMPLATES.page(
            request,
            "door.html",
            status=404,
            errors={"code": told},
            typed=typed[:64],
            list=request.at(EVENTS),
        )

    async def show(self, request: PageRequest) -> Response:
        return await self._page(request, None)

    async def take(self, request: PageRequest) -> Response:
        do = request.form.text("do")
        if do == "cancel":
            return await self._page(request, None, asks_whether=True)
        try:
            kept = await self._done(request, do)
        except InvalidInput as wrong:
            return await self._page(request, {wrong.field: wrong}, status=400)
        except Problem as problem:
            return await self._page(request, {"main": problem}, status=409)
        return self._shown(request, kept, done=DONE.get(do))

    async def _done(self, request: PageRequest, do: str) -> Kept | None:
        code, form = _code(request), request.form
        match do:
            case "accept":
                return await self._visitors.act(request.tenant, partial(returning.accept, code=code))
            case "cancel-surely":
                return await self._visitors.act(request.tenant, partial(returning.give_up, code=code))
            case "attend":
                return await self._attended(request, code)
            case _:
                said = {name: form.text(name) for name in FIELDS}
                count = number(form.text("count"), "count")
                changing = partial(returning.change, code=code, count=count, said=said)
                return await self._visitors.act(request.tenant, changing)

    async def _attended(self, request: PageRequest, code: str) -> Kept | None:
        shown = request.form.text("attendanceCode")
        kept, right = await self._visitors.act(
            request.tenant, partial(returning.attend, code=code, shown=shown)
        )
        if kept is not None and not right:  # the try is counted: only now it is told
            raise attending.wrong_code()
        return kept

    async def _page(
        self,
        request: PageRequest,
        problems: Mapping[str, Problem] | None,
        *,
        status: int = 200,
        asks_whether: bool = False,
    ) -> Response:
        kept = await self._visitors.act(request.tenant, partial(returning.read, code=_code(request)))
        return self._shown(request, kept, problems, status=status, asks_whether=asks_whether)

    def _shown(  # noqa: PLR0913 - the state of one page
        self,
        request: PageRequest,
        kept: Kept | None,
        problems: Mapping[str, Problem] | None = None,
        *,
        status: int = 200,
        asks_whether: bool = False,
        done: tuple[str, str] | None = None,
    ) -> Response:
        if kept is None:
            return not_here(request)
        return TEMPLATES.page(
            request,
            "place.html",
            status=status,
            errors={name: request.say(each.ja, each.en) for name, each in (problems or {}).items()},
            event=kept.event,
            place=kept.place,
            who=kept.who,
            given={name: request.form.text(name) for name in FIELDS},
            when=when,
            done=None if done is None else request.say(*done),
            asks_whether=asks_whether,
            takes_attendance=kept.takes_attendance(self._visitors.now()),
            begun=kept.event["starts_at"] <= self._visitors.now(),
            door=request.at(DOOR),
        )


def _code(request: PageRequest) -> str:
    return codes.typed(request.key or "") or ""
