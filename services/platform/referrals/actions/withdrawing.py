"""A consent taken back: by who keeps the case, or from a referral by the coordinator too (T19).

Whoever acts on a referral locks it before its consent; so it is here, where several rest on one consent.
"""

import uuid

import asyncpg
import sqlalchemy as sa

from libs.persistence.statements import Statement, among, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from libs.tenancy.viewer import COORDINATOR
from services.platform.referrals.actions.announcing import announce_step
from services.platform.referrals.actions.moving import move
from services.platform.referrals.models import case_file, consent, machine, referral


async def withdraw_consent(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    """The person takes it back: what is under way on it ends (T19), and nothing more is opened.

    Raises NotFound, NotAllowed, StaleVersion, WrongState.
    """
    await _hold_referrals(acting, identity)
    row = await acting.find("consent", consent, identity, action="withdraw_consent", version=version)
    await _end(acting, row)
    return row["id"]


async def revoke_consent(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    """T19, from the referral: by its sender for the person, or by the coordinator, who reads no consent.

    A closed referral stays closed; its consent ends all the same, and with it every reveal.
    Raises NotFound, NotAllowed, StaleVersion, WrongState.
    """
    of = identity and await acting.work.one(CONSENT_OF, id=identity)
    await _hold_referrals(acting, of["consent_id"] if of else None)
    row = await acting.find("referral", referral, identity, action="revoke_consent", version=version)
    held = await acting.work.one(HELD, id=row["consent_id"])
    if held is not None and held["withdrawn_at"] is None:
        await _end(acting, held)
    return row["id"]


async def _hold_referrals(acting: Acting, consent_id: uuid.UUID | None) -> None:
    """Those that rest on it, in the order of their ids, as far as the asker may end it at all."""
    if consent_id is not None:
        places = {
            "consent_id": consent_id,
            "organisation_id": acting.viewer.organisation_id,
            "coordinates": COORDINATOR in acting.viewer.kinds,
        }
        await acting.work.rows(HOLD, **places)


async def _end(acting: Acting, row: asyncpg.Record) -> None:
    """What is closed stays so; both ends of each are told to stop using what was given."""
    work = acting.work
    await work.one(WITHDRAW, id=row["id"])
    work.record("withdraw_consent", "consent", row["id"], case=str(row["case_id"]))
    for each in await work.rows(RESTING_ON, consent_id=row["id"]):
        if each["state"] in machine.LIVE:
            await move(work, each, "revoke_consent", "consent_revoked", withdraw_code="consent_revoked")
        else:
            await announce_step(work, each, "revoke_consent")


NOW = sa.bindparam("viewer_now", type_=consent.c.withdrawn_at.type)

WITHDRAW = Statement(
    sa.update(consent)
    .where(consent.c.tenant_id == TENANT, consent.c.id == parameter(consent.c.id))
    .values(withdrawn_at=NOW, version=consent.c.version + 1)
    .returning(consent.c.id)
)
HELD = Statement(
    sa.select(consent)
    .where(consent.c.tenant_id == TENANT, consent.c.id == parameter(consent.c.id))
    .with_for_update()
)
RESTING_ON = Statement(
    sa.select(referral)
    .where(
        referral.c.tenant_id == TENANT,
        referral.c.consent_id == parameter(referral.c.consent_id),
        among(referral.c.state, (*machine.LIVE, "closed")),
    )
    .order_by(referral.c.id)
    .with_for_update()
)
CONSENT_OF = Statement(
    sa.select(referral.c.consent_id).where(
        referral.c.tenant_id == TENANT, referral.c.id == parameter(referral.c.id)
    )
)
HOLD = Statement(
    sa.select(referral.c.id)
    .where(
        referral.c.tenant_id == TENANT,
        referral.c.consent_id == parameter(referral.c.consent_id),
        among(referral.c.state, (*machine.LIVE, "closed")),
        sa.or_(
            sa.bindparam("coordinates", type_=sa.Boolean()),
            sa.exists(
                sa.select(case_file.c.id).where(
                    case_file.c.tenant_id == TENANT,
                    case_file.c.id == referral.c.case_id,
                    case_file.c.organisation_id == parameter(case_file.c.organisation_id),
                )
            ),
        ),
    )
    .order_by(referral.c.id)
    .with_for_update()
)
