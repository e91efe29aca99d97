"""Calendars as files to subscribe to: the public's of a platform or working group, and a person's own.

Each asks in GraphQL as its reader, so the card's policy is its only one: what may not be seen is not there.
Meetings of working groups are in a person's own alone, without agenda or link: others' servers read it.
"""

import hashlib
from collections.abc import Awaitable, Callable
from typing import Any, Final

from libs.errors.problems import InvalidInput, NotFound, Problem
from libs.serving.asgi import Scope
from libs.serving.responses import TEXT, Header, Page, Response
from libs.serving.service import GraphQLService
from services.platform.events.web.calendar_text import calendar
from services.platform.events.web.personal import PersonalCalendars
from services.platform.events.web.whats_on import ask

NAME: Final = "calendar.ics"
MEDIA: Final = b"text/calendar; charset=utf-8"
PAGE: Final = 25
MOST_EVENTS: Final = 500
# subscribers ask again and again: a proxy may answer them for five minutes, a person's own browser alone
_CACHING: Final = (b"cache-control", b"public, max-age=300")
_OWN: Final = (b"cache-control", b"private, max-age=300")

_CARD: Final = """pageInfo { hasNextPage endCursor }
    nodes {
      title description state venue address latitude longitude audience url fee capacity deadline inquiries
      cancelReason deliveryMode createdAt updatedAt version
      organiser { name }
      allOccurrences(first: 100) { id startsAt endsAt allDay days dropped }
    }"""
DOCUMENT: Final = f"""query Calendar($first: Int!, $after: String, $group: ID) {{
  page: events(order: LATEST, first: $first, after: $after, workingGroup: $group) {{ {_CARD} }} }}"""
MINE: Final = f"""query MyCalendar($first: Int!, $after: String) {{
  page: myEvents(order: LATEST, first: $first, after: $after) {{ {_CARD} }} }}"""
_MEETING: Final = """pageInfo { hasNextPage endCursor }
    nodes { id title state venue startsAt endsAt createdAt updatedAt version workingGroup { name } }"""
MEETINGS: Final = f"""query Meetings($first: Int!, $after: String, $group: ID) {{
  page: meetings(order: LATEST, first: $first, after: $after, workingGroupId: $group) {{ {_MEETING} }} }}"""
MY_MEETINGS: Final = f"""query MyMeetings($first: Int!, $after: String) {{
  page: myMeetings(order: LATEST, first: $first, after: $after) {{ {_MEETING} }} }}"""

Ask = Callable[[str, dict[str, Any]], Awaitable[dict[str, Any]]]
Shown = tuple[list[dict[str, Any]], list[dict[str, Any]]]
"""Events, and meetings."""


def calendar_page(service: GraphQLService) -> Page:
    """GET /t/{tenant}/calendar.ics: the newest 500 published events by their start."""

    async def read(scope: Scope) -> Response:
        tenant: str = scope["path_params"]["tenant"]
        return await _answered(scope, tenant, _CACHING, lambda: _shown(_public(service, tenant), DOCUMENT))

    return read


def group_page(service: GraphQLService) -> Page:
    """GET /t/{tenant}/calendar.group/{id}: of those the events that hang on one working group."""

    async def read(scope: Scope) -> Response:
        tenant: str = scope["path_params"]["tenant"]
        group = {"group": scope["path_params"]["key"]}
        return await _answered(
            scope, tenant, _CACHING, lambda: _shown(_public(service, tenant), DOCUMENT, group)
        )

    return read


def own_page(calendars: PersonalCalendars) -> Page:
    """GET /t/{tenant}/calendar/{secret}: what the link's person may see today."""

    async def read(scope: Scope) -> Response:
        tenant: str = scope["path_params"]["tenant"]

        async def shown() -> Shown:
            own = await calendars.of(tenant, scope["path_params"]["key"] or "")
            if own.scope == "mine":
                return await _all(own.ask, MINE), await _all(own.ask, MY_MEETINGS)
            group = {"group": own.group}
            return await _all(own.ask, DOCUMENT, group), await _all(own.ask, MEETINGS, group)

        return await _answered(scope, tenant, _OWN, shown)

    return read


async def _answered(
    scope: Scope, tenant: str, caching: Header, shown: Callable[[], Awaitable[Shown]]
) -> Response:
    try:
        body = calendar(tenant, *await shown())
    except (NotFound, InvalidInput):
        return Response(404, TEXT, b"")
    except Problem:
        return Response(503, TEXT, b"", ((b"retry-after", b"60"),))
    tag = b'"%s"' % hashlib.sha256(body).hexdigest()[:32].encode()
    headers = ((b"etag", tag),)
    if _knows(scope, tag):
        return Response(304, MEDIA, b"", headers, caching)
    return Response(200, MEDIA, body, headers, caching)


def _public(service: GraphQLService, tenant: str) -> Ask:
    return lambda document, variables: ask(service, tenant, "ja", document, variables)


async def _shown(read: Ask, document: str, more: dict[str, Any] | None = None) -> Shown:
    """Events alone."""
    return await _all(read, document, more), []


async def _all(read: Ask, document: str, more: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    after: str | None = None
    while len(found) < MOST_EVENTS:
        page = (await read(document, {"first": PAGE, "after": after, **(more or {})}))["page"]
        found += page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    return found


def _knows(scope: Scope, tag: bytes) -> bool:
    """Whether If-None-Match names what would be sent (RFC 9110: weak comparison)."""
    given = b",".join(value for name, value in scope["headers"] if name == b"if-none-match")
    return any(each.strip().removeprefix(b"W/") in (tag, b"*") for each in given.split(b","))
