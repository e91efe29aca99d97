"""What the desk does with a request: opens its words by a logged reveal, answers, makes a case of it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

import asyncpg
import sqlalchemy as sa
from uuid_utils.compat import uuid7

from libs.japan.text import clean
from libs.persistence.sealing.vault import Place, Sealer, Vault
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from services.platform.referrals.actions import cases
from services.platform.referrals.actions.inputs import SHORT
from services.platform.referrals.actions.revealing import keep_purpose
from services.platform.referrals.actions.scanning import Shown, refuse_personal_data
from services.platform.referrals.models import access_entry
from services.platform.requests.actions import texts
from services.platform.requests.actions.forms import message
from services.platform.requests.actions.texts import Text
from services.platform.requests.models import help_request, request_access


@dataclass(frozen=True, slots=True)
class Purpose:
    """Why the words are opened."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Admitted:
    """A logged admission: the texts that it opens, still sealed."""

    request_id: uuid.UUID
    tenant_id: uuid.UUID
    sealed: Sequence[asyncpg.Record] = field(repr=False)

    async def open(self, vault: Vault) -> list[Text]:
        """To be called after the commit of the log. Raises KeyErased."""
        return texts.opened(await vault.sealer(self.tenant_id, self.request_id), self.sealed)


async def admit(acting: Acting, identity: uuid.UUID | None, purpose: Purpose) -> Admitted:
    """Raises NotFound, NotAllowed, InvalidInput, KeyErased."""
    row = await acting.find("request", help_request, identity, action="reveal_request")
    said = clean(purpose.text, "purpose", SHORT)
    await refuse_personal_data(acting, Shown({"purpose": said}))
    sealer = await acting.vault.sealer(acting.work.tenant_id, row["id"])
    await _log(acting, sealer, row["id"], Purpose(purpose.code, said))
    return Admitted(row["id"], acting.work.tenant_id, await texts.sealed(acting.work, row["id"]))


async def answer_request(acting: Acting, identity: uuid.UUID | None, version: int, words: str) -> uuid.UUID:
    """Sealed like the words. Raises NotFound, NotAllowed, StaleVersion, InvalidInput, WrongState."""
    row = await acting.find("request", help_request, identity, action="answer_request", version=version)
    said, work = message(words), acting.work
    sealer = await acting.vault.sealer(work.tenant_id, row["id"])
    await texts.write(work, sealer, row["id"], "desk", {"words": said})
    state = "taken" if row["state"] == "taken" else "answered"
    await work.one(ANSWER, id=row["id"], state=state)
    work.record("answer_request", "request", row["id"])
    return row["id"]


async def take_request(
    acting: Acting, identity: uuid.UUID | None, version: int, kind: str, needs: Sequence[str]
) -> uuid.UUID:
    """Makes a case of it, under the same id and the same key: erasing the one erases the other. Who opened
    the request stands in the case's log of access from then on.

    Raises NotFound, NotAllowed, StaleVersion, WrongState, KeyErased.
    """
    row = await acting.find("request", help_request, identity, action="take_request", version=version)
    work, request_id = acting.work, row["id"]
    sealer = await acting.vault.sealer(work.tenant_id, request_id)
    said = texts.by_part(texts.opened(sealer, await texts.sealed(work, request_id)))
    new = cases.NewCase(kind, needs, _of_person(said, row["about"]))
    await cases.begin_case(acting, sealer, request_id, new)
    await _log(acting, sealer, request_id, Purpose("support", ""))
    for each in await work.rows(ACCESSES, request_id=request_id):
        await _to_case(acting, sealer, request_id, each)
    await work.one(TAKE, id=request_id)
    work.record("take_request", "request", request_id)
    return request_id


def _of_person(said: dict[str, str], about: str) -> dict[str, str | None]:
    """Somebody who worries about another has written their own name and where to reach themselves."""
    name, contact = said.get("name"), said.get("contact")
    if about == "self":
        return {"narrative": said["words"], "person_name": _one_line(name), "contact": contact}
    written = " / ".join(each for each in (name, contact) if each)
    return {"narrative": said["words"], "contact": f"(相談した方) {written}" if written else None}


def _one_line(text: str | None) -> str | None:
    return None if text is None else " ".join(text.split())


async def _to_case(acting: Acting, sealer: Sealer, case_id: uuid.UUID, access: asyncpg.Record) -> None:
    """An opening of the request, as one of the case that it became; its purpose sealed at its new place."""
    kept = {name: access[name] for name in ("person_id", "organisation_id", "purpose_code", "at")}
    entry = await acting.work.insert(
        access_entry, case_id=case_id, referral_id=None, level="L2", basis="case_holder", **kept
    )
    sealed = access["sealed_purpose"]
    said = "" if sealed is None else sealer.open(_purpose_of(access["id"]), sealed)
    await keep_purpose(acting, case_id, entry, said)


def _purpose_of(access: uuid.UUID) -> Place:
    return Place("request_access", "purpose", access)


async def _log(acting: Acting, sealer: Sealer, request_id: uuid.UUID, purpose: Purpose) -> None:
    work, viewer, identity = acting.work, acting.viewer, uuid7()
    await work.insert(
        request_access,
        id=identity,
        request_id=request_id,
        person_id=viewer.person_id,
        organisation_id=viewer.organisation_id,
        purpose_code=purpose.code,
        sealed_purpose=sealer.seal(_purpose_of(identity), purpose.text) if purpose.text else None,
        at=work.now,
    )
    await work.one(READ, id=request_id)
    work.record("reveal", "request", request_id, purpose=purpose.code)


_NOW = sa.bindparam("viewer_now", type_=help_request.c.updated_at.type)
_THIS = (help_request.c.tenant_id == TENANT, help_request.c.id == parameter(help_request.c.id))
READ = Statement(
    sa.update(help_request)
    .where(*_THIS)
    .values(read_at=sa.func.coalesce(help_request.c.read_at, _NOW))
    .returning(help_request.c.id)
)
ANSWER = Statement(
    sa.update(help_request)
    .where(*_THIS)
    .values(
        state=parameter(help_request.c.state),
        answered_at=_NOW,
        updated_at=_NOW,
        version=help_request.c.version + 1,
    )
    .returning(help_request.c.id)
)
TAKE = Statement(
    sa.update(help_request)
    .where(*_THIS)
    .values(state=sa.literal("taken"), version=help_request.c.version + 1)
    .returning(help_request.c.id)
)
ACCESSES = Statement(
    sa.select(
        request_access.c.id,
        request_access.c.person_id,
        request_access.c.organisation_id,
        request_access.c.purpose_code,
        request_access.c.sealed_purpose,
        request_access.c.at,
    )
    .where(
        request_access.c.tenant_id == TENANT,
        request_access.c.request_id == parameter(request_access.c.request_id),
    )
    .order_by(request_access.c.id)
)
