"""/t/{tenant}/help/answer: with the code, the answer is read, words are added, the request is taken back.

The code comes in the body of each form and stands in no URL.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final

from libs.errors.problems import Problem
from libs.japan.calendar import JST
from libs.policy.acting import Acting
from libs.serving.pages.requests import PageRequest
from libs.serving.pages.templates import Templates
from libs.serving.problems import RateLimited, Unavailable
from libs.serving.responses import Response
from libs.serving.visitors import Visitors
from services.platform import codes
from services.platform.requests.actions import returning
from services.platform.requests.actions.returning import Correspondence
from services.platform.requests.models import WORDS
from services.platform.requests.web import telling
from services.platform.requests.web.fronts import Fronts, visit

ANSWER: Final = "help/answer"
_TEMPLATES: Final = Templates.of("services.platform.requests")
Reading = Callable[[Acting, str], Awaitable[Correspondence | None]]


class AnswerPage:
    """The door at which the code is given, and what is behind it."""

    def __init__(self, visitors: Visitors, fronts: Fronts) -> None:
        self._visitors = visitors
        self._fronts = fronts

    async def show(self, request: PageRequest) -> Response:
        return await self._door(request)

    async def take(self, request: PageRequest) -> Response:
        code = codes.typed(request.form.text("code"))
        if code is None:
            return await self._door(request, telling.NO_CODE, 400)
        try:
            return await self._behind(request, code)
        except RateLimited as problem:
            return await self._door(request, telling.later(problem), 429)
        except Unavailable as problem:
            return await self._door(request, telling.later(problem), 503)

    async def _behind(self, request: PageRequest, code: str) -> Response:
        match request.form.text("do"):
            case "withdraw":
                return await self._read(request, code, asks_whether=True)
            case "withdraw-surely":
                return await self._withdrawn(request, code)
            case "write":
                return await self._written(request, code)
            case _:
                return await self._read(request, code)

    async def _read(self, request: PageRequest, code: str, *, asks_whether: bool = False) -> Response:
        return await self._shown(request, code, returning.read_request, asks_whether=asks_whether)

    async def _written(self, request: PageRequest, code: str) -> Response:
        """What cannot be added stays in the form."""
        words = request.form.text(WORDS)
        try:
            return await self._shown(request, code, partial(returning.write_message, words=words))
        except (RateLimited, Unavailable):
            raise
        except Problem as problem:
            return await self._shown(request, code, returning.read_request, words=words, problem=problem)

    async def _withdrawn(self, request: PageRequest, code: str) -> Response:
        try:
            withdraw = partial(returning.withdraw_request, code=code)
            done = await visit(self._visitors, request.tenant, withdraw)
        except (RateLimited, Unavailable):
            raise
        except Problem as problem:
            return await self._shown(request, code, returning.read_request, problem=problem)
        if not done:
            return await self._door(request, telling.NOT_FOUND, 404)
        return _TEMPLATES.page(request, "withdrawn.html", shown=await self._fronts.of(request.tenant))

    async def _shown(  # noqa: PLR0913 - the state of one page
        self,
        request: PageRequest,
        code: str,
        reading: Reading,
        *,
        words: str = "",
        problem: Problem | None = None,
        asks_whether: bool = False,
    ) -> Response:
        found = await visit(self._visitors, request.tenant, partial(_of_code, reading, code))
        if found is None:
            return await self._door(request, telling.NOT_FOUND, 404)
        return _TEMPLATES.page(
            request,
            "correspondence.html",
            status=200 if problem is None else 400,
            errors=None if problem is None else {WORDS: request.say(problem.ja, problem.en)},
            shown=await self._fronts.of(request.tenant),
            found=found,
            code=codes.shown(code),
            words=words,
            asks_whether=asks_whether,
            JST=JST,
        )

    async def _door(
        self, request: PageRequest, problem: Problem | None = None, status: int = 200
    ) -> Response:
        return _TEMPLATES.page(
            request,
            "door.html",
            status=status,
            headers=telling.waiting(problem),
            errors=None if problem is None else {"code": request.say(problem.ja, problem.en)},
            shown=await self._fronts.of(request.tenant),
            typed=request.form.text("code")[:64],
            help=request.at("help"),
        )


async def _of_code(reading: Reading, code: str, acting: Acting) -> Correspondence | None:
    return await reading(acting, code)
