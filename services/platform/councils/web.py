"""The public notice of the statutory council as a page: what 施行規則1条 asks for, from the register."""

from typing import Any, Final

import msgspec

from libs.errors.problems import NotFound
from libs.serving.pages.endpoint import html_page
from libs.serving.pages.requests import PageRequest
from libs.serving.pages.templates import Templates
from libs.serving.responses import Application, Response
from libs.serving.service import Caller, GraphQLRequest, GraphQLService

NAME: Final = "council"
TEMPLATES: Final = Templates.of("services.platform.councils")
DOCUMENT: Final = (
    "query Councils { councils(first: 20) { nodes { name publicNotice announcedOn noticeOn } } }"
)


def council_page(service: GraphQLService) -> Application:
    """GET /t/{tenant}/council. It asks in GraphQL as somebody without an account: the public's policy."""

    async def show(request: PageRequest) -> Response:
        return TEMPLATES.page(request, "council.html", councils=await _councils(service, request))

    return html_page(show)


async def _councils(service: GraphQLService, request: PageRequest) -> list[dict[str, Any]]:
    asked = GraphQLRequest(DOCUMENT, None, {}, None, read_only=True)
    answer = await service.execute(asked, _anyone(request))
    data = msgspec.json.decode(answer.body).get("data")
    if data is None:
        raise NotFound
    return data["councils"]["nodes"]


def _anyone(request: PageRequest) -> Caller:
    return Caller(
        authorization=None,
        acting_for=None,
        tenant_hint=request.tenant,
        idempotency_key=None,
        request_id=NAME,
        language=request.language,
    )
