"""A person asks for help: sealed words at the desk that the municipality chose, and a code to return with."""

import uuid

import asyncpg
import msgspec
import sqlalchemy as sa
from uuid_utils.compat import uuid7

from libs.errors.problems import WrongState
from libs.persistence.sealing.vault import Sealer
from libs.persistence.statements import Statement, among, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from services.platform import codes
from services.platform.notices.actions.telling import of_organisation, tell
from services.platform.requests import deadlines
from services.platform.requests.actions import rates, texts
from services.platform.requests.actions.forms import NewRequest
from services.platform.requests.actions.page import DESK_ROLES, Front, front, require_desk
from services.platform.requests.models import LIVE, help_request


async def ask_for_help(acting: Acting, new: NewRequest) -> str:
    """The code, which is kept by its keyed hash alone. A form that comes twice is one request, and the code
    that was answered last is its.

    Raises NotAllowed, RateLimited, WrongState where no desk reads, or where it came before and is no more.
    """
    acting.require("request", "ask_for_help", "holder")
    work, own, code = acting.work, await acting.vault.of_tenant(acting.work.tenant_id), codes.new_code()
    hashes = {"code_hash": code_hash(own, code), "form_hash": _form_hash(own, new)}
    shown, rate = await front(work), await rates.hold(work)
    again = await work.one(AGAIN, **hashes)
    if again is None:
        await rates.count_sent(work, rate, shown.most_sent)
        await _begin(acting, new, shown, hashes)
    else:
        work.record("send_again", "request", again["id"])
    return code


def code_hash(own: Sealer, code: str) -> bytes:
    """By which the request of a code is found."""
    return own.mark("request code", code)


async def _begin(acting: Acting, new: NewRequest, shown: Front, hashes: dict[str, bytes]) -> uuid.UUID:
    work, identity, desk = acting.work, uuid7(), require_desk(shown)
    sealer = await acting.vault.create(work.tenant_id, identity)
    kept = {"id": identity, "organisation_id": desk, "about": new.about}
    try:
        await work.insert(help_request, **kept, created_at=work.now, updated_at=work.now, **hashes)
    except asyncpg.UniqueViolationError as error:
        raise _came_before() from error
    await texts.write(work, sealer, identity, "person", new.texts)
    work.record("ask_for_help", "request", identity)
    await tell(work, "request_received", ("request", identity), of_organisation(desk, *DESK_ROLES))
    work.later(deadlines.REMIND, identity, deadlines.reminded_at(work.now))
    work.later(deadlines.ERASE, identity, deadlines.erased_at(work.now, shown.keep_days))
    return identity


def _form_hash(own: Sealer, new: NewRequest) -> bytes:
    sent = msgspec.json.encode((new.form, new.about, dict(new.texts)), order="deterministic")
    return own.mark("request form", sent.decode())


def _came_before() -> WrongState:
    return WrongState(
        "came_before",
        "同じ画面から前に送られた相談は、取り下げられたか、消去されています。"
        "新しい相談として送るときは、もう一度「送る」を押してください。",
        "What was sent from this page before was taken back or erased. Press 'Send' again to send it as a "
        "new request.",
    )


AGAIN = Statement(
    sa.update(help_request)
    .where(
        help_request.c.tenant_id == TENANT,
        help_request.c.form_hash == parameter(help_request.c.form_hash),
        among(help_request.c.state, LIVE),
        help_request.c.erased_at.is_(None),
    )
    .values(code_hash=parameter(help_request.c.code_hash))
    .returning(help_request.c.id)
)
