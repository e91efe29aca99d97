"""The HSDS API of a platform: what it is, its services in pages, one service with all that belongs to it."""

import math
from typing import Any, Final
from urllib.parse import parse_qsl

import msgspec

from libs.errors.problems import InvalidInput, NotFound, Problem
from libs.serving.asgi import Scope
from libs.serving.responses import JSON, Page, Response
from libs.serving.service import GraphQLService
from services.platform.resources.web import hsds, portal

PROFILE: Final = "https://docs.openreferral.org/en/3.0/"
PER_PAGE: Final = 50
_MOST_PARAMETERS: Final = 20


async def about(scope: Scope) -> Response:
    """GET /t/{tenant}/hsds."""
    del scope
    return _json({"version": hsds.VERSION, "profile": PROFILE})


def services(service: GraphQLService) -> Page:
    """GET /t/{tenant}/hsds/services?page=&per_page=&search=&organization_id=: newest first."""

    async def read(scope: Scope) -> Response:
        try:
            given = _parameters(scope)
            number = _number(given, "page", 1, portal.MOST)
            size = _number(given, "per_page", PER_PAGE, portal.PAGE)
            found = await _page(service, portal.tenant_of(scope), number, size, given)
        except Problem as problem:
            return portal.refused(problem)
        return _json(found)

    return read


def one_service(service: GraphQLService) -> Page:
    """GET /t/{tenant}/hsds/services/{id}."""

    async def read(scope: Scope) -> Response:
        try:
            key = f"resource_{scope['path_params']['key']}"
            return _json(hsds.service(await portal.one(service, portal.tenant_of(scope), key)))
        except InvalidInput:
            return portal.refused(NotFound())
        except Problem as problem:
            return portal.refused(problem)

    return read


async def _page(
    service: GraphQLService, tenant: str, number: int, size: int, given: dict[str, str]
) -> dict[str, Any]:
    """Pages are counted, the list goes by cursors: the pages before are read for their last one's."""
    narrowed: dict[str, Any] = {}
    if given.get("search"):
        narrowed["search"] = given["search"]
    if given.get("organization_id"):
        narrowed["organisation"] = f"organisation_{given['organization_id']}"
    after: str | None = None
    found: dict[str, Any] = {}
    for earlier in range(1, number + 1):
        answer = await portal.page(service, tenant, first=size, after=after, **narrowed)
        found = answer["resources"]
        if not found["pageInfo"]["hasNextPage"] and earlier < number:
            found = {**found, "nodes": []}
            break
        after = found["pageInfo"]["endCursor"]
    contents = [hsds.service(node) for node in found["nodes"]]
    return {
        "total_items": found["totalCount"],
        "total_pages": math.ceil(found["totalCount"] / size),
        "page_number": number,
        "size": len(contents),
        "first_page": number == 1,
        "last_page": not found["pageInfo"]["hasNextPage"],
        "empty": not contents,
        "contents": contents,
    }


def _parameters(scope: Scope) -> dict[str, str]:
    try:
        text: str = scope["query_string"].decode("ascii")
        return dict(parse_qsl(text, errors="strict", max_num_fields=_MOST_PARAMETERS))
    except ValueError:
        raise InvalidInput(
            "query", "URLのクエリー文字列が読めません。", "The URL's query string cannot be read."
        ) from None


def _number(given: dict[str, str], name: str, usual: int, most: int) -> int:
    text = given.get(name, str(usual))
    if not text.isascii() or not text.isdigit() or len(text) > len(str(most)) or not 1 <= int(text) <= most:
        raise InvalidInput(
            name, f"「{name}」は1から{most}までの数です。", f"'{name}' is a number from 1 to {most}."
        )
    return int(text)


def _json(body: object) -> Response:
    return Response(200, JSON, msgspec.json.encode(body), caching=portal.CACHING)
