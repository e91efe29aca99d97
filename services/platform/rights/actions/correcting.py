"""Correcting what a case says, and telling every recipient that what was disclosed to them was corrected.

They learn which items and why, never the texts: what is new is disclosed under a basis that holds then
(個人情報保護法 34条, 35条, 90条, 97条).
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from libs.errors.problems import InvalidInput
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.persistence.work import Work
from libs.policy.acting import Acting
from services.platform.notices.actions.audiences import of_organisations
from services.platform.notices.actions.telling import tell
from services.platform.referrals.actions.cases import KEPT
from services.platform.referrals.actions.holding_first import hold_of_case
from services.platform.referrals.actions.inputs import REQUIRED, person_texts
from services.platform.referrals.actions.sealing import seal_texts
from services.platform.referrals.models import case_file, correction, disclosure, machine, referral


@dataclass(frozen=True, slots=True)
class Corrected:
    """`texts` by item; only what is given changes."""

    texts: Mapping[str, str | None]
    reason: str


async def correct_case(
    acting: Acting, identity: uuid.UUID | None, version: int, said: Corrected
) -> uuid.UUID:
    """Raises NotFound, NotAllowed, StaleVersion, InvalidInput, KeyErased."""
    await hold_of_case(acting, identity)
    row = await acting.find("case", case_file, identity, action="correct_case", version=version)
    written = person_texts(said.texts)
    if not written:
        raise InvalidInput(
            "person", "訂正する項目を入力してください。", "Give what is corrected.", detail=REQUIRED
        )
    work = acting.work
    sealer = await acting.vault.sealer(work.tenant_id, row["id"])
    await seal_texts(work, sealer, row["id"], ("case_file", row["id"]), written)
    await work.one(KEPT, id=row["id"])
    items = sorted(written)
    work.record("correct_case", "case", row["id"], items=",".join(items), reason=said.reason)
    for referral_id, told in (await _disclosed(work, row["id"], set(written))).items():
        await _tell(acting, referral_id, sorted(told), said.reason)
    await _notify(work, row["id"], set(written))
    return row["id"]


async def _disclosed(work: Work, case_id: uuid.UUID, items: set[str]) -> dict[uuid.UUID, set[str]]:
    """Which of the items went out under which referral."""
    found = dict[uuid.UUID, set[str]]()
    for each in await work.rows(DISCLOSED, case_id=case_id):
        if known := items & set(each["items"]):
            found.setdefault(each["referral_id"], set()).update(known)
    return found


async def _tell(acting: Acting, referral_id: uuid.UUID, items: list[str], reason: str) -> None:
    made = await acting.work.insert(
        correction,
        referral_id=referral_id,
        items=items,
        reason=reason,
        person_id=acting.viewer.person_id,
        organisation_id=acting.viewer.organisation_id,
        at=acting.work.now,
    )
    acting.work.record("tell_correction", "correction", made, referral=str(referral_id))
    acting.work.tell("referral", referral_id)


async def _notify(work: Work, case_id: uuid.UUID, items: set[str]) -> None:
    """The desks that may still open what was corrected hear that there is a correction, of which referral."""
    held = dict[uuid.UUID, set[uuid.UUID]]()
    for each in await work.rows(HELD, case_id=case_id):
        if items & set(each["items"]):
            held.setdefault(each["referral_id"], set()).add(each["recipient_id"])
    for referral_id, recipients in held.items():
        desks = of_organisations(sorted(recipients), "desk")
        await tell(work, "correction_told", ("referral", referral_id), desks)


HELD = Statement(
    sa.select(disclosure.c.referral_id, disclosure.c.recipient_id, disclosure.c["items"])
    .join(referral, sa.and_(referral.c.tenant_id == TENANT, referral.c.id == disclosure.c.referral_id))
    .where(
        disclosure.c.tenant_id == TENANT,
        referral.c.case_id == parameter(referral.c.case_id),
        # closed ones stay open to the recipient for a while
        sa.or_(*(referral.c.state == sa.literal(state) for state in (*machine.LIVE, "closed"))),
    )
    .order_by(disclosure.c.id)
)
DISCLOSED = Statement(
    sa.select(disclosure.c.referral_id, disclosure.c["items"])
    .join(referral, sa.and_(referral.c.tenant_id == TENANT, referral.c.id == disclosure.c.referral_id))
    .where(disclosure.c.tenant_id == TENANT, referral.c.case_id == parameter(referral.c.case_id))
    .order_by(disclosure.c.referral_id)
)
