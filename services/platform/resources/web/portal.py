"""What everybody may read of services and places: asked in GraphQL as somebody without an account."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from libs.errors.problems import NotFound, Problem
from libs.serving.asgi import Scope
from libs.serving.problems import RateLimited, Unavailable
from libs.serving.responses import JSON, TEXT, Header, Response
from libs.serving.service import Caller, GraphQLRequest, GraphQLService

Node = Mapping[str, Any]
CACHING: Final[Header] = (b"cache-control", b"public, max-age=300")
PAGE: Final = 100
MOST: Final = 5_000
"""Of one platform's list; Japan's largest cities publish some hundreds."""
_CARD: Final = """id number kind name nameKana description eligibility areas fee languages phone email url
  hours hoursJa capacity capacityAsOf verifiedOn updatedAt placeName municipalityCode postalCode address
  building latitude longitude access organisation { id name services website } hiddenFields"""
LIST: Final = f"""query Portal($first: Int!, $after: String, $search: String, $organisation: ID) {{
  platform {{ name municipalityCodes }}
  resources(first: $first, after: $after, search: $search, organisation: $organisation, order: NEWEST) {{
    totalCount pageInfo {{ hasNextPage endCursor }}
    nodes {{ {_CARD} }}
  }}
}}"""
ONE: Final = f"query PortalService($id: ID!) {{ resource(id: $id) {{ {_CARD} }} }}"


async def page(service: GraphQLService, tenant: str, **variables: Any) -> dict[str, Any]:  # noqa: ANN401 - GraphQL's variables
    """One page of the list, with the platform's name. Raises NotFound for a platform that is none."""
    return await _asked(service, tenant, LIST, variables)


async def one(service: GraphQLService, tenant: str, identity: str) -> Node:
    """Raises NotFound: absent, not published and another platform's alike."""
    found = (await _asked(service, tenant, ONE, {"id": identity}))["resource"]
    if found is None:
        raise NotFound
    return found


def refused(problem: Problem) -> Response:
    """To programs: a status, and what to do."""
    if isinstance(problem, RateLimited | Unavailable):
        return Response(503, TEXT, b"", ((b"retry-after", b"%d" % problem.retry_after),))
    status = 404 if isinstance(problem, NotFound) else 400
    return Response(status, JSON, msgspec.json.encode({"error": problem.en, "ja": problem.ja}))


def tenant_of(scope: Scope) -> str:
    return scope["path_params"]["tenant"]


async def _asked(
    service: GraphQLService, tenant: str, document: str, variables: dict[str, Any]
) -> dict[str, Any]:
    request = GraphQLRequest(document, None, variables, None, read_only=True)
    caller = Caller(
        authorization=None,
        acting_for=None,
        tenant_hint=tenant,
        idempotency_key=None,
        request_id="portal",
        language="ja",
    )
    answer = await service.execute(request, caller)
    return msgspec.json.decode(answer.body)["data"]
