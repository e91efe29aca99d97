"""/t/{tenant}/help: the telephone numbers that answer now, and a form for one's own words."""

import secrets
from collections.abc import Mapping
from functools import partial
from typing import Final

from libs.errors.problems import Problem, WrongState
from libs.serving.pages.requests import PageRequest
from libs.serving.pages.senders import Senders
from libs.serving.pages.templates import Templates
from libs.serving.problems import RateLimited, Unavailable
from libs.serving.responses import Response
from libs.serving.visitors import Visitors
from services.platform import codes
from services.platform.requests.actions import asking
from services.platform.requests.actions.forms import filled
from services.platform.requests.models import WORDS
from services.platform.requests.web import telling
from services.platform.requests.web.answer import ANSWER
from services.platform.requests.web.fronts import Fronts, visit

HELP: Final = "help"
MOST_OF_ONE: Final = 10
"""Of one address within ten minutes: half of what the platform takes by default; one never fills it."""
FIELDS: Final = ("about", "words", "name", "contact", "form")
_TEMPLATES: Final = Templates.of("services.platform.requests")
_NONE: Final[Mapping[str, Problem]] = {}


class HelpPage:
    """Reading it changes nothing and costs little."""

    def __init__(self, visitors: Visitors, fronts: Fronts, address_from: str | None = None) -> None:
        self._visitors = visitors
        self._senders = Senders(address_from, MOST_OF_ONE, visitors.now)
        self._fronts = fronts

    async def show(self, request: PageRequest) -> Response:
        given = dict.fromkeys(FIELDS, "") | {"about": "self", "form": _name_of_form()}
        return await self._form(request, given)

    async def take(self, request: PageRequest) -> Response:
        """Whatever cannot be taken now, what was written stays in the form."""
        given = {name: request.form.text(name) for name in FIELDS}
        given["form"] = given["form"][:64] or _name_of_form()
        form = filled(given["about"], given["words"], given["name"], given["contact"], given["form"])
        if form.request is None:
            return await self._form(request, given, form.problems, 400)
        try:
            self._senders.admit(request)
            ask = partial(asking.ask_for_help, new=form.request)
            code = await visit(self._visitors, request.tenant, ask)
        except RateLimited as problem:
            return await self._form(request, given, {WORDS: telling.later(problem)}, 429)
        except Unavailable as problem:
            return await self._form(request, given, {WORDS: telling.later(problem)}, 503)
        except WrongState as problem:
            anew = given | {"form": _name_of_form()}
            return await self._form(request, anew, {WORDS: problem}, 409)
        return await self._sent(request, code)

    async def _sent(self, request: PageRequest, code: str) -> Response:
        """The one time that the code is seen."""
        return _TEMPLATES.page(
            request,
            "sent.html",
            shown=await self._fronts.of(request.tenant),
            code=codes.shown(code),
            answer=request.at(ANSWER),
        )

    async def _form(
        self,
        request: PageRequest,
        given: Mapping[str, str],
        problems: Mapping[str, Problem] = _NONE,
        status: int = 200,
    ) -> Response:
        return _TEMPLATES.page(
            request,
            "help.html",
            status=status,
            headers=telling.waiting(*problems.values()),
            errors={name: request.say(each.ja, each.en) for name, each in problems.items()},
            shown=await self._fronts.of(request.tenant),
            given=given,
            answer=request.at(ANSWER),
        )


def _name_of_form() -> str:
    """By which a form that is sent twice is known."""
    return secrets.token_urlsafe(16)
