"""Certificates: handed out as codes, no more than heads were reported; revoked by who runs the course."""

import uuid
from collections.abc import Callable

import sqlalchemy as sa
from uuid_utils.compat import uuid7

from libs.errors.problems import InvalidInput
from libs.persistence.sealing.vault import Sealer
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from libs.policy.predicates import ASKER
from services.platform import codes
from services.platform.training.certificate_codes import claim_hash, code_hash, code_of
from services.platform.training.models import certificate, course
from services.platform.training.models.counts import heads_reported

Keep = Callable[[list[str]], None]


async def hand_out_certificates(
    acting: Acting, identity: uuid.UUID | None, count: int, keep: Keep
) -> uuid.UUID:
    """So many new codes, no more than heads were reported; `keep` gets them.

    Raises NotFound, NotAllowed, WrongState, InvalidInput.
    """
    row = await acting.find("course", course, identity, action="hand_out_certificates")
    left = await uncertified(acting, row["id"])
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
        await issue(acting, own, row["id"], None, claim_hash(own, each))
    acting.work.record("hand_out_certificates", "course", row["id"], count=count)
    keep([codes.shown(each) for each in made])
    return row["id"]


async def revoke_certificate(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    """Whoever looks it up reads that. Raises NotFound, NotAllowed, StaleVersion, WrongState."""
    row = await acting.find(
        "certificate", certificate, identity, action="revoke_certificate", version=version
    )
    await acting.work.one(REVOKE, id=row["id"])
    acting.work.record("revoke_certificate", "certificate", row["id"])
    return row["id"]


async def uncertified(acting: Acting, course_id: uuid.UUID) -> int:
    """How many heads of the course have no certificate yet. Its lock is held."""
    counted = await acting.work.one(HEADS, id=course_id)
    return 0 if counted is None else max((counted["heads"] or 0) - counted["issued"], 0)


async def issue(
    acting: Acting, own: Sealer, course_id: uuid.UUID, place_id: uuid.UUID | None, claim: bytes
) -> uuid.UUID:
    """One certificate of the course, to be printed with what `claim` is the hash of."""
    identity = uuid7()
    code = code_of(own, identity, course_id)
    hashes = {"claim_hash": claim, "code_hash": code_hash(own, code)}
    of = {"id": identity, "course_id": course_id, "place_id": place_id}
    return await acting.work.insert(certificate, **of, **hashes, created_at=acting.work.now)


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
REVOKE = Statement(
    sa.update(certificate)
    .where(certificate.c.tenant_id == TENANT, certificate.c.id == parameter(certificate.c.id))
    .values(
        revoked_at=sa.bindparam("viewer_now", type_=certificate.c.revoked_at.type),
        version=certificate.c.version + 1,
    )
)
