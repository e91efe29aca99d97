"""Certificates: handed out as codes, printed with a name that is kept nowhere, verified by anybody.

What is printed carries two codes. The certificate's own is a keyed hash of its row: nobody without the
platform's key makes one, not even who writes into the table. The other binds the printed name to it.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

import asyncpg
import sqlalchemy as sa
from uuid_utils.compat import uuid7

from libs.errors.problems import InvalidInput, TooMuch
from libs.japan.text import search_key
from libs.persistence.sealing.vault import Sealer
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from libs.policy.predicates import ASKER
from libs.tenancy.models import organisation, tenant
from services.platform import codes
from services.platform.events.actions.registering import hash_of
from services.platform.events.models import event, place
from services.platform.training.models import certificate, course, course_text
from services.platform.training.models.codes import EDITIONS
from services.platform.training.models.counts import day_of, heads_reported

MOST_PRINTS: Final = 5
"""Of one certificate: a mistyped name is printed anew, a class is not."""
NAME_CODE: Final = 8
Keep = Callable[[list[str]], None]


@dataclass(frozen=True, slots=True)
class Certified:
    """What a certificate says. `code` is printed on it; nothing here says whose it is."""

    id: uuid.UUID
    code: str
    title: str
    edition: str
    text_version: str
    held_on: date
    host: str
    platform: str
    revoked: bool


async def hand_out_certificates(
    acting: Acting, identity: uuid.UUID | None, count: int, keep: Keep
) -> uuid.UUID:
    """So many new codes, no more than heads were reported; `keep` gets them once.

    Raises NotFound, NotAllowed, WrongState, InvalidInput.
    """
    row = await acting.find("course", course, identity, action="hand_out_certificates")
    left = await _left(acting, row["id"])
    if not 1 <= count <= left:
        raise InvalidInput(
            "count",
            f"お渡しできる修了証は、報告した人数までです。残りは{left}枚です。",
            f"There are as many certificates as heads were reported: {left} are left.",
            detail="MORE_THAN_HEADS",
        )
    own = await acting.vault.of_tenant(acting.work.tenant_id)
    made = [codes.new_code() for _ in range(count)]
    for each in made:
        await _issue(acting, own, row["id"], None, claim_hash(own, each))
    acting.work.record("hand_out_certificates", "course", row["id"], count=count)
    keep([codes.shown(each) for each in made])
    return row["id"]


async def print_certificate(acting: Acting, code: str) -> Certified | None:
    """With a code that was handed out, or that of a registration whose attendance was recorded.

    None for a code that opens nothing here. Raises WrongState (revoked), TooMuch after some prints.
    """
    own = await acting.vault.of_tenant(acting.work.tenant_id)
    found = await acting.work.one(BY_CLAIM, claim_hash=claim_hash(own, code))
    identity = found["id"] if found is not None else await _of_registration(acting, own, code)
    if identity is None:
        return None
    held = acting.holding(identity)
    row = await held.find("certificate", certificate, identity, action="print_certificate")
    if row["prints"] >= MOST_PRINTS:
        raise TooMuch(
            "prints",
            f"この修了証は{MOST_PRINTS}回印刷されました。名前を直すときは、主催者にご相談ください。",
            f"This certificate was printed {MOST_PRINTS} times. Ask the host if the name is still wrong.",
        )
    await acting.work.one(COUNT_PRINT, id=identity)
    acting.work.record("print_certificate", "certificate", identity)
    return await _certified(held, own, row)


async def verify(acting: Acting, code: str) -> Certified | None:
    """None for what this platform never issued, a row that was written without its key among it."""
    own = await acting.vault.of_tenant(acting.work.tenant_id)
    found = await acting.work.one(BY_CODE, code_hash=_code_hash(own, code))
    if found is None or code_of(own, found["id"], found["course_id"]) != code:
        return None
    held = acting.holding(found["id"])
    return await _certified(held, own, await held.see("certificate", certificate, found["id"]))


async def revoke_certificate(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    """Whoever looks it up reads that. Raises NotFound, NotAllowed, StaleVersion, WrongState."""
    row = await acting.find(
        "certificate", certificate, identity, action="revoke_certificate", version=version
    )
    await acting.work.one(REVOKE, id=row["id"])
    acting.work.record("revoke_certificate", "certificate", row["id"])
    return row["id"]


def claim_hash(own: Sealer, code: str) -> bytes:
    return own.mark("certificate claim", code)


def code_of(own: Sealer, identity: uuid.UUID, course_id: uuid.UUID) -> str:
    """80 bits of a keyed hash of the row and its course: neither guessed nor moved to another."""
    return _letters(own.mark("certificate", f"{identity} {course_id}"), codes.LENGTH)


def name_code(own: Sealer, code: str, name: str) -> str:
    """By which the printed name is checked: spellings that a reader takes for the same have one."""
    return _letters(own.mark("certificate name", f"{code} {search_key(name)}"), NAME_CODE)


def _code_hash(own: Sealer, code: str) -> bytes:
    return own.mark("certificate code", code)


def _letters(mark: bytes, count: int) -> str:
    number = int.from_bytes(mark, "big")
    return "".join(codes.ALPHABET[number >> 5 * place & 31] for place in range(count))


async def _left(acting: Acting, course_id: uuid.UUID) -> int:
    """Under the course's lock."""
    counted = await acting.work.one(HEADS, id=course_id)
    return 0 if counted is None else max((counted["heads"] or 0) - counted["issued"], 0)


async def _issue(
    acting: Acting, own: Sealer, course_id: uuid.UUID, place_id: uuid.UUID | None, claim: bytes
) -> uuid.UUID:
    identity = uuid7()
    code = code_of(own, identity, course_id)
    hashes = {"claim_hash": claim, "code_hash": _code_hash(own, code)}
    of = {"id": identity, "course_id": course_id, "place_id": place_id}
    return await acting.work.insert(certificate, **of, **hashes, created_at=acting.work.now)


async def _of_registration(acting: Acting, own: Sealer, code: str) -> uuid.UUID | None:
    """Made when it is first asked for, once the course was reported and somebody came on it."""
    found = await acting.work.one(BY_REGISTRATION, code_hash=hash_of(own, code))
    if found is None:
        return None
    locked = await acting.work.one(LOCK, id=found["course_id"])
    again = await acting.work.one(BY_CLAIM, claim_hash=claim_hash(own, code))
    if again is not None:
        return again["id"]
    if locked is None or not await _left(acting, found["course_id"]):
        return None
    made = await _issue(acting, own, found["course_id"], found["place_id"], claim_hash(own, code))
    acting.work.record("issue_certificate", "certificate", made)
    return made


async def _certified(acting: Acting, own: Sealer, row: asyncpg.Record) -> Certified:
    about = await acting.work.one(ABOUT, id=row["course_id"])
    assert about is not None and about["edition"] in EDITIONS  # noqa: S101, PT018 - it hangs on its course
    said = {name: about[name] for name in ("title", "edition", "text_version", "held_on", "host", "platform")}
    code = code_of(own, row["id"], row["course_id"])
    return Certified(row["id"], code, **said, revoked=row["revoked_at"] is not None)


BY_CLAIM = Statement(
    sa.select(certificate.c.id).where(
        certificate.c.tenant_id == TENANT, certificate.c.claim_hash == parameter(certificate.c.claim_hash)
    )
)
BY_CODE = Statement(
    sa.select(certificate.c.id, certificate.c.course_id).where(
        certificate.c.tenant_id == TENANT, certificate.c.code_hash == parameter(certificate.c.code_hash)
    )
)
BY_REGISTRATION = Statement(
    sa.select(place.c.id.label("place_id"), course.c.id.label("course_id"))
    .join(course, sa.and_(course.c.tenant_id == TENANT, course.c.event_id == place.c.event_id))
    .where(
        place.c.tenant_id == TENANT,
        place.c.code_hash == parameter(place.c.code_hash),
        place.c.state == sa.literal("taken"),
        place.c.attended > sa.literal(0),
    )
)
LOCK = Statement(
    sa.select(course.c.id)
    .where(course.c.tenant_id == TENANT, course.c.id == parameter(course.c.id))
    .with_for_update()
)


def _heads() -> Statement:
    issued = certificate.alias("issued")
    counted: sa.Select[int] = sa.select(sa.func.count()).where(
        issued.c.tenant_id == TENANT, issued.c.course_id == course.c.id, issued.c.revoked_at.is_(None)
    )
    return Statement(
        sa.select(
            heads_reported(course, ASKER).label("heads"), counted.scalar_subquery().label("issued")
        ).where(course.c.tenant_id == TENANT, course.c.id == parameter(course.c.id))
    )


HEADS = _heads()
ABOUT = Statement(
    sa.select(
        event.c.title,
        day_of(event).label("held_on"),
        course_text.c.edition,
        course_text.c.text_version,
        organisation.c.name.label("host"),
        tenant.c.name.label("platform"),
    )
    .select_from(course)
    .join(event, sa.and_(event.c.tenant_id == TENANT, event.c.id == course.c.event_id))
    .join(course_text, sa.and_(course_text.c.tenant_id == TENANT, course_text.c.id == course.c.text_id))
    .join(
        organisation,
        sa.and_(organisation.c.tenant_id == TENANT, organisation.c.id == event.c.organisation_id),
    )
    .join(tenant, tenant.c.tenant_id == TENANT)
    .where(course.c.tenant_id == TENANT, course.c.id == parameter(course.c.id))
)
COUNT_PRINT = Statement(
    sa.update(certificate)
    .where(certificate.c.tenant_id == TENANT, certificate.c.id == parameter(certificate.c.id))
    .values(prints=certificate.c.prints + 1)
)
REVOKE = Statement(
    sa.update(certificate)
    .where(certificate.c.tenant_id == TENANT, certificate.c.id == parameter(certificate.c.id))
    .values(
        revoked_at=sa.bindparam("viewer_now", type_=certificate.c.revoked_at.type),
        version=certificate.c.version + 1,
    )
)
