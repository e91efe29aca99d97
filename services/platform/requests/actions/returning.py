"""Coming back with the code: the answer is read, something is added, the request is taken back."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import asyncpg
import sqlalchemy as sa

from libs.errors.problems import TooMuch
from libs.persistence.sealing.key_store import KeyErased
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from libs.tenancy.models import organisation
from services.platform.notices.actions.telling import of_organisation, tell
from services.platform.requests import deadlines
from services.platform.requests.actions import rates, texts
from services.platform.requests.actions.asking import code_hash
from services.platform.requests.actions.forms import message
from services.platform.requests.actions.page import DESK_ROLES, front
from services.platform.requests.actions.texts import Text
from services.platform.requests.models import help_request

MOST_TEXTS: Final = 200
"""Of one request, both sides together: a flood by somebody with a code ends there."""


@dataclass(frozen=True, slots=True)
class Correspondence:
    """A request as its sender reads it."""

    state: str
    desk: str
    created_at: datetime
    read_at: datetime | None
    erased_at: datetime
    is_erased: bool
    texts: Sequence[Text] = field(repr=False)


async def read_request(acting: Acting, code: str) -> Correspondence | None:
    """None for a code that opens nothing here, whatever the reason. Raises RateLimited after many."""
    row = await _found(acting, code)
    return None if row is None else await _correspondence(acting, row)


async def write_message(acting: Acting, code: str, words: str) -> Correspondence | None:
    """Adds words; the same ones sent twice in a row stand once. Raises InvalidInput, WrongState, TooMuch."""
    row, said = await _found(acting, code), message(words)
    if row is None:
        return None
    held, work = acting.holding(row["id"]), acting.work
    row = await held.find("request", help_request, row["id"], action="write_message")
    sealer = await acting.vault.sealer(work.tenant_id, row["id"])
    kept = await texts.sealed(work, row["id"])
    if texts.last_words(texts.opened(sealer, kept)) != said:
        if len(kept) >= MOST_TEXTS:
            raise _too_many()
        await texts.write(work, sealer, row["id"], "person", {"words": said})
        if row["state"] == "answered":
            work.later(deadlines.REMIND, row["id"], deadlines.reminded_at(work.now))
        row = await _changed(acting, row, "waiting" if row["state"] == "answered" else row["state"])
        work.record("write_message", "request", row["id"])
        desk = of_organisation(row["organisation_id"], *DESK_ROLES)
        await tell(work, "request_message", ("request", row["id"]), desk)
    return await _correspondence(acting, row)


async def withdraw_request(acting: Acting, code: str) -> bool:
    """The words are erased by the worker at once, whatever was read of them already. False: no such request.

    Raises WrongState.
    """
    row, work = await _found(acting, code), acting.work
    if row is None:
        return False
    held = acting.holding(row["id"])
    row = await held.find("request", help_request, row["id"], action="withdraw_request")
    await _changed(acting, row, "withdrawn")
    work.record("withdraw_request", "request", row["id"])
    work.later(deadlines.ERASE, row["id"], work.now)
    return True


async def _found(acting: Acting, code: str) -> asyncpg.Record | None:
    """The request that the code opens; a wrong one is counted."""
    own = await acting.vault.of_tenant(acting.work.tenant_id)
    found = await acting.work.one(BY_CODE, code_hash=code_hash(own, code))
    if found is None:
        await rates.count_wrong_code(acting.work)
        return None
    return await acting.holding(found["id"]).see("request", help_request, found["id"])


async def _correspondence(acting: Acting, row: asyncpg.Record) -> Correspondence:
    work, shown = acting.work, await front(acting.work)
    desk = await work.one(DESK, id=row["organisation_id"])
    said = await _texts(acting, row)
    return Correspondence(
        state=row["state"],
        desk="" if desk is None else desk["name"],
        created_at=row["created_at"],
        read_at=row["read_at"],
        erased_at=deadlines.erased_at(row["updated_at"], shown.keep_days),
        is_erased=said is None,
        texts=said or (),
    )


async def _texts(acting: Acting, row: asyncpg.Record) -> list[Text] | None:
    """None where they are erased, with the request or with the case that it became."""
    if row["erased_at"] is not None or row["state"] == "withdrawn":
        return None
    try:
        sealer = await acting.vault.sealer(acting.work.tenant_id, row["id"])
    except KeyErased:
        return None
    return texts.opened(sealer, await texts.sealed(acting.work, row["id"]))


async def _changed(acting: Acting, row: asyncpg.Record, state: str) -> asyncpg.Record:
    changed = await acting.work.one(CHANGE, id=row["id"], state=state)
    assert changed is not None  # noqa: S101 - its lock is held
    return changed


def _too_many() -> TooMuch:
    return TooMuch(
        "messages",
        "この相談に書ける回数を超えました。窓口に電話でお伝えください。",
        "No more can be written to this request. Please call the desk.",
    )


BY_CODE = Statement(
    sa.select(help_request.c.id).where(
        help_request.c.tenant_id == TENANT, help_request.c.code_hash == parameter(help_request.c.code_hash)
    )
)
DESK = Statement(
    sa.select(organisation.c.name).where(
        organisation.c.tenant_id == TENANT, organisation.c.id == parameter(organisation.c.id)
    )
)
CHANGE = Statement(
    sa.update(help_request)
    .where(help_request.c.tenant_id == TENANT, help_request.c.id == parameter(help_request.c.id))
    .values(
        state=parameter(help_request.c.state),
        updated_at=sa.bindparam("viewer_now", type_=help_request.c.updated_at.type),
        version=help_request.c.version + 1,
    )
    .returning(*help_request.c)
)
