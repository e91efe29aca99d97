"""A platform's calendar as a file to subscribe to: what everybody may see of its events, and nothing more."""

import hashlib
from typing import Any, Final

import msgspec

from libs.errors.problems import NotFound, Problem
from libs.serving.asgi import Scope
from libs.serving.responses import TEXT, Page, Response
from libs.serving.service import Caller, GraphQLRequest, GraphQLService
from services.platform.events.web.calendar_text import calendar

NAME: Final = "calendar.ics"
MEDIA: Final = b"text/calendar; charset=utf-8"
PAGE: Final = 25
MOST_EVENTS: Final = 500
# subscribers ask again and again: a proxy may answer them for five minutes
_CACHING: Final = (b"cache-control", b"public, max-age=300")

DOCUMENT: Final = """query Calendar($first: Int!, $after: String) {
  events(order: LATEST, first: $first, after: $after) {
    pageInfo { hasNextPage endCursor }
    nodes {
      title description state venue address latitude longitude audience url fee capacity deadline inquiries
      cancelReason deliveryMode createdAt updatedAt version
      organiser { name }
      occurrences(first: 100) { id startsAt endsAt allDay days }
    }
  }
}"""


def calendar_page(service: GraphQLService) -> Page:
    """GET /t/{tenant}/calendar.ics: the newest 500 published events by their start.

    It asks in GraphQL as somebody without an account, so the policy of the public card is its only one.
    """

    async def read(scope: Scope) -> Response:
        tenant: str = scope["path_params"]["tenant"]
        try:
            events = await _events(service, tenant)
        except NotFound:
            return Response(404, TEXT, b"")
        except Problem:
            return Response(503, TEXT, b"", ((b"retry-after", b"60"),))
        body = calendar(tenant, events)
        tag = b'"%s"' % hashlib.sha256(body).hexdigest()[:32].encode()
        headers = ((b"etag", tag),)
        if _knows(scope, tag):
            return Response(304, MEDIA, b"", headers, _CACHING)
        return Response(200, MEDIA, body, headers, _CACHING)

    return read


async def _events(service: GraphQLService, tenant: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    after: str | None = None
    while len(found) < MOST_EVENTS:
        page = await _page(service, tenant, after)
        found += page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    return found


async def _page(service: GraphQLService, tenant: str, after: str | None) -> dict[str, Any]:
    request = GraphQLRequest(DOCUMENT, None, {"first": PAGE, "after": after}, None, read_only=True)
    answer = await service.execute(request, _anyone(tenant))
    return msgspec.json.decode(answer.body)["data"]["events"]


def _anyone(tenant: str) -> Caller:
    return Caller(
        authorization=None,
        acting_for=None,
        tenant_hint=tenant,
        idempotency_key=None,
        request_id="calendar",
        language="ja",
    )


def _knows(scope: Scope, tag: bytes) -> bool:
    """Whether If-None-Match names what would be sent (RFC 9110: weak comparison)."""
    given = b",".join(value for name, value in scope["headers"] if name == b"if-none-match")
    return any(each.strip().removeprefix(b"W/") in (tag, b"*") for each in given.split(b","))
