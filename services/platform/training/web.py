"""Pages of certificates: printing one's own with a code, and verifying one that somebody shows.

The code to print with travels in a body alone. The one that is printed may stand in an address: who holds the
paper knows it, and it tells nothing of the person.
"""

import asyncio
import hmac
from collections.abc import Mapping
from functools import partial
from typing import Final

from libs.errors.problems import InvalidInput, Problem
from libs.policy.acting import Acting
from libs.serving.budgets import MUTATION_COST
from libs.serving.pages.endpoint import html_page
from libs.serving.pages.guarding import HEADERS
from libs.serving.pages.requests import PageRequest
from libs.serving.pages.templates import Templates
from libs.serving.responses import Response
from libs.serving.routes import Pages
from libs.serving.visitors import Visitors
from services.platform import codes
from services.platform.training import certificate_codes, certificate_pdf, words
from services.platform.training.actions import printing
from services.platform.training.actions.printing import Certified

PRINT: Final = "certificate.print"
VERIFY: Final = "certificate"
VERIFIED: Final = "certificate/"
PRINT_COST: Final = MUTATION_COST * 5
"""A page of PDF takes about a second of a processor."""
_TEMPLATES: Final = Templates.of("services.platform.training")
_one_at_a_time: Final = asyncio.Semaphore(1)
_NO_CODE: Final = InvalidInput(
    "code",
    "コードは英数字16文字です。控えをもう一度お確かめください。",
    "The code has 16 letters and digits. Please look at your note again.",
)
_NOT_FOUND: Final = InvalidInput(
    "code",
    "このコードでは修了証を印刷できません。出席の記録と実施の報告がすんでから使えます。",
    "No certificate can be printed with this code before attendance was recorded and the course reported.",
)


def certificate_pages(visitors: Visitors, domain: str | None) -> Pages:
    """By name below a platform's own path; `domain` is what addresses of its platforms end in."""
    return {
        PRINT: html_page(_show_print, partial(_print, visitors, domain)),
        VERIFY: html_page(_show_door, partial(_verify, visitors)),
        VERIFIED: html_page(partial(_show_verified, visitors)),
    }


async def _show_print(request: PageRequest) -> Response:
    return _form(request, "print.html", {})


async def _print(visitors: Visitors, domain: str | None, request: PageRequest) -> Response:
    """The name is judged before anything is counted, drawn, and forgotten."""
    code = codes.typed(request.form.text("code"))
    try:
        name = await asyncio.to_thread(certificate_pdf.printable, request.form.text("name"))
    except InvalidInput as problem:
        return _form(request, "print.html", {"name": problem})
    if code is None:
        return _form(request, "print.html", {"code": _NO_CODE})
    made = await visitors.act(request.tenant, partial(_printed, code, name), cost=PRINT_COST)
    if made is None:
        return _form(request, "print.html", {"code": _NOT_FOUND}, 404)
    certified, name_code = made
    async with _one_at_a_time:
        body = await asyncio.to_thread(_drawn, certified, name, name_code, _address(request, domain))
    disposition = (b"content-disposition", b'attachment; filename="certificate.pdf"')
    return Response(200, b"application/pdf", body, (*HEADERS, disposition))


async def _printed(code: str, name: str, acting: Acting) -> tuple[Certified, str] | None:
    found = await printing.print_certificate(acting, code)
    if found is None:
        return None
    own = await acting.vault.of_tenant(acting.work.tenant_id)
    return found, certificate_codes.name_code(own, found.code, name)


def _drawn(found: Certified, name: str, name_code: str, address: str) -> bytes:
    return certificate_pdf.drawn(
        name=name,
        title=found.title,
        edition=found.edition,
        text_version=found.text_version,
        held_on=found.held_on,
        host=found.host,
        platform=found.platform,
        code=codes.shown(found.code),
        name_code=name_code,
        address=address,
    )


def _address(request: PageRequest, domain: str | None) -> str:
    """Where it is verified; without a domain of the deployment its path."""
    path = request.at(VERIFY, "ja")
    return path if domain is None else f"https://{request.tenant}.{domain}{path}"


async def _show_door(request: PageRequest) -> Response:
    return _form(request, "verify.html", {})


async def _verify(visitors: Visitors, request: PageRequest) -> Response:
    code = codes.typed(request.form.text("code"))
    if code is None:
        return _form(request, "verify.html", {"code": _NO_CODE})
    return await _verified(visitors, request, code, request.form)


async def _show_verified(visitors: Visitors, request: PageRequest) -> Response:
    return await _verified(visitors, request, codes.typed(request.key or ""), None)


async def _verified(visitors: Visitors, request: PageRequest, code: str | None, form: object) -> Response:
    """Valid, revoked, or none of ours: one answer for forged, mistyped and another platform's."""
    checked = form is not None and request.form.has("name")
    names = (request.form.text("name"), request.form.text("check")) if checked else None
    found = None
    if code is not None:
        found = await visitors.act(request.tenant, partial(_looked_up, code, names))
    return _TEMPLATES.page(
        request,
        "verified.html",
        status=200 if found else 404,
        found=None if found is None else found[0],
        fits=None if found is None else found[1],
        checked=checked,
        code="" if code is None else codes.shown(code),
        editions=words.EDITIONS,
        door=request.at(VERIFY),
    )


async def _looked_up(
    code: str, names: tuple[str, str] | None, acting: Acting
) -> tuple[Certified, bool] | None:
    found = await printing.verify(acting, code)
    if found is None or names is None:
        return None if found is None else (found, False)
    own = await acting.vault.of_tenant(acting.work.tenant_id)
    typed = names[1].strip().upper().replace("-", "")
    is_theirs = hmac.compare_digest(certificate_codes.name_code(own, code, names[0]).encode(), typed.encode())
    return found, is_theirs


def _form(
    request: PageRequest, template: str, problems: Mapping[str, Problem], status: int = 400
) -> Response:
    return _TEMPLATES.page(
        request,
        template,
        status=status if problems else 200,
        errors={name: request.say(each.ja, each.en) for name, each in problems.items()},
        typed={name: request.form.text(name)[:64] for name in ("code", "name")},
    )
