"""/t/{tenant}/events/{id}: an event's card, and where residents may come, the form to register."""

import secrets
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from libs.errors.problems import InvalidInput, Problem
from libs.reading import ids
from libs.serving.pages.requests import PageRequest
from libs.serving.problems import RateLimited, Unavailable
from libs.serving.responses import Response
from libs.serving.service import GraphQLService
from libs.serving.visitors import Visitors
from services.platform import codes
from services.platform.events.actions.registering import Registered, Registration, register
from services.platform.events.addresses import DOOR, EVENTS, PLACE
from services.platform.events.web.forms import given_answers, number
from services.platform.events.web.whats_on import event_of, event_page

FIELDS: Final = ("name", "kana", "email", "telephone")
_NONE: Final[Mapping[str, Problem]] = {}


class EventPage:
    """Reading it changes nothing."""

    def __init__(self, service: GraphQLService, visitors: Visitors) -> None:
        self._service = service
        self._visitors = visitors

    async def show(self, request: PageRequest) -> Response:
        return await self._form(request, {"form": _name_of_form(), "count": "1"})

    async def take(self, request: PageRequest) -> Response:
        """Whatever cannot be taken now, what was written stays in the form."""
        given = {**request.form.fields, "form": request.form.text("form")[:64] or _name_of_form()}
        event = await event_of(self._service, request)
        try:
            registration = _registration(request, given, event)
            place = partial(register, event_id=ids.of_type("event", event["id"], "id"), given=registration)
            made = await self._visitors.act(request.tenant, place)
        except InvalidInput as wrong:
            return await self._form(request, given, {wrong.field: wrong}, 400)
        except (RateLimited, Unavailable) as later:
            return await self._form(request, given, {"main": later}, 503)
        except Problem as problem:
            return await self._form(request, {**given, "form": _name_of_form()}, {"main": problem}, 409)
        return self._registered(request, event, made)

    def _registered(self, request: PageRequest, event: dict[str, Any], made: Registered) -> Response:
        """The one time that the code is shown."""
        return event_page(
            request,
            event,
            "registered.html",
            made=made,
            code=codes.shown(made.code),
            own=request.at(PLACE + made.code),
            door=request.at(DOOR),
        )

    async def _form(
        self,
        request: PageRequest,
        given: Mapping[str, str],
        problems: Mapping[str, Problem] = _NONE,
        status: int = 200,
    ) -> Response:
        return event_page(
            request,
            await event_of(self._service, request),
            "event.html",
            status=status,
            errors={name: request.say(each.ja, each.en) for name, each in problems.items()},
            given={name: given.get(name, "") for name in (*given, *FIELDS)},
            list=request.at(EVENTS),
            door=request.at(DOOR),
        )


def _registration(request: PageRequest, given: Mapping[str, str], event: dict[str, Any]) -> Registration:
    """Raises InvalidInput."""
    return Registration(
        form=given["form"],
        **{name: request.form.text(name) for name in FIELDS},
        count=number(request.form.text("count"), "count"),
        answers=given_answers(request.form, event["questions"]),
        language=request.language,
    )


def _name_of_form() -> str:
    """By which a form that is sent twice is known."""
    return secrets.token_urlsafe(16)
