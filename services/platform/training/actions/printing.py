"""A certificate is printed by who came, with a name that is kept nowhere, and verified by anybody."""

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Final

import asyncpg
import sqlalchemy as sa

from libs.errors.problems import TooMuch
from libs.persistence.sealing.vault import Sealer
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from libs.tenancy.models import organisation, tenant
from services.platform.events.actions.registering import hash_of
from services.platform.events.models import event, place
from services.platform.training.actions.certificates import issue, uncertified
from services.platform.training.certificate_codes import claim_hash, code_hash, code_of
from services.platform.training.models import certificate, course, course_text
from services.platform.training.models.counts import day_of

MOST_PRINTS: Final = 5
"""Of one certificate: a mistyped name is printed anew, a class is not."""


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
    found = await acting.work.one(BY_CODE, code_hash=code_hash(own, code))
    if found is None or code_of(own, found["id"], found["course_id"]) != code:
        return None
    held = acting.holding(found["id"])
    return await _certified(held, own, await held.see("certificate", certificate, found["id"]))


async def _of_registration(acting: Acting, own: Sealer, code: str) -> uuid.UUID | None:
    """Made when it is first asked for, once the course was reported and somebody came on it."""
    found = await acting.work.one(BY_REGISTRATION, code_hash=hash_of(own, code))
    if found is None:
        return None
    locked = await acting.work.one(LOCK, id=found["course_id"])
    again = await acting.work.one(BY_CLAIM, claim_hash=claim_hash(own, code))
    if again is not None:
        return again["id"]
    if locked is None or not await uncertified(acting, found["course_id"]):
        return None
    made = await issue(acting, own, found["course_id"], found["place_id"], claim_hash(own, code))
    acting.work.record("issue_certificate", "certificate", made)
    return made


async def _certified(acting: Acting, own: Sealer, row: asyncpg.Record) -> Certified:
    about = await acting.work.one(ABOUT, id=row["course_id"])
    assert about is not None  # noqa: S101 - it hangs on its course
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
