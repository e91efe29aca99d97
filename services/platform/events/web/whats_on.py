"""/t/{tenant}/events: what everybody may come to. It asks in GraphQL as somebody without an account."""

from typing import Any, Final

import msgspec

from libs.errors.problems import InvalidInput, NotFound
from libs.serving.pages.requests import Handler, PageRequest
from libs.serving.pages.templates import Templates
from libs.serving.responses import Response
from libs.serving.service import Caller, GraphQLRequest, GraphQLService, Language
from services.platform.events.addresses import DOOR, EVENT
from services.platform.events.words import KINDS, MODES, when

TEMPLATES: Final = Templates.of("services.platform.events")
LIST: Final = """query WhatsOn { events(when: UPCOMING, first: 50) { nodes {
  id title kind startsAt endsAt state venue deliveryMode forResidents placesLeft capacity deadline
  organiser { name } } } }"""
ONE: Final = """query Event($id: ID!) { event(id: $id) {
  id title kind description startsAt endsAt state venue address deliveryMode audience fee capacity placesLeft
  forResidents reservable approval deadline questions keepDays speakers inquiries url cancelReason
  organiser { name } coHosts(first: 20) { name } occurrences(first: 20) { startsAt endsAt allDay days } } }"""


def list_page(service: GraphQLService) -> Handler:
    async def show(request: PageRequest) -> Response:
        events = (await ask(service, request.tenant, request.language, LIST))["events"]["nodes"]
        return TEMPLATES.page(
            request, "events.html", events=events, EVENT=EVENT, DOOR=DOOR, kinds=KINDS, when=when
        )

    return show


async def event_of(service: GraphQLService, request: PageRequest) -> dict[str, Any]:
    """Raises NotFound for what everybody may not see."""
    try:
        found = await ask(service, request.tenant, request.language, ONE, {"id": request.key})
    except InvalidInput:  # no id at all
        raise NotFound from None
    if found["event"] is None:
        raise NotFound
    return found["event"]


def event_page(request: PageRequest, event: dict[str, Any], template: str, **values: Any) -> Response:  # noqa: ANN401 - what the template shows
    return TEMPLATES.page(request, template, event=event, kinds=KINDS, modes=MODES, when=when, **values)


async def ask(
    service: GraphQLService,
    tenant: str,
    language: Language,
    document: str,
    variables: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """The data for somebody without an account. Raises NotFound for an id that is none, RateLimited."""
    request = GraphQLRequest(document, None, variables or {}, None, read_only=True)
    answer = await service.execute(request, _anyone(tenant, language))
    data = msgspec.json.decode(answer.body).get("data")
    if data is None:
        raise NotFound
    return data


def _anyone(tenant: str, language: Language) -> Caller:
    return Caller(
        authorization=None,
        acting_for=None,
        tenant_hint=tenant,
        idempotency_key=None,
        request_id="events",
        language=language,
    )
