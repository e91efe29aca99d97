"""Opening and keeping a case, and the consents of the person it is about."""

import secrets
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from uuid_utils.compat import uuid7

from libs.errors.problems import InvalidInput, NotFound
from libs.persistence.statements import Statement, among, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from libs.tenancy.models import organisation
from libs.tenancy.viewer import JAPAN
from services.platform.referrals import deadlines
from services.platform.referrals.actions.inputs import SHORT, identities, person_texts, required
from services.platform.referrals.actions.moving import move
from services.platform.referrals.actions.scanning import Shown, refuse_personal_data
from services.platform.referrals.actions.sealing import seal_texts
from services.platform.referrals.actions.settings import terms
from services.platform.referrals.models import (
    case_file,
    consent,
    consent_recipient,
    machine,
    referral,
)

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter that is read for another."""
_NUMBER_LENGTH: Final = 10


@dataclass(frozen=True, slots=True)
class NewCase:
    """`texts`: what is written of the person, item → text."""

    kind: str
    needs: Sequence[str]
    texts: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class GivenConsent:
    """`items` go to the `recipients` and nobody else, up to and including the day `valid_until`."""

    items: Sequence[str]
    recipients: list[uuid.UUID | None]
    purpose: str
    how_obtained: str
    obtained_on: date
    valid_until: date


async def open_case(acting: Acting, new: NewCase) -> uuid.UUID:
    """A caseworker opens a case of their organisation. Raises NotAllowed, InvalidInput."""
    acting.require("case", "open_case", "own")
    work, case_id, texts = acting.work, uuid7(), person_texts(new.texts)
    sealer = await acting.vault.create(work.tenant_id, case_id)
    await work.insert(case_file, id=case_id, **_described(acting, new))
    await seal_texts(work, sealer, case_id, ("case_file", case_id), texts)
    work.record("open_case", "case", case_id, kind=new.kind)
    return case_id


async def keep_case(
    acting: Acting, identity: uuid.UUID | None, version: int, texts: Mapping[str, str | None]
) -> uuid.UUID:
    """Writes some of a case's items anew.

    Raises NotFound, NotAllowed, StaleVersion, InvalidInput, WrongState, KeyErased.
    """
    row = await acting.find("case", case_file, identity, action="keep_case", version=version)
    work, written = acting.work, person_texts(texts)
    sealer = await acting.vault.sealer(work.tenant_id, row["id"])
    await seal_texts(work, sealer, row["id"], ("case_file", row["id"]), written)
    await work.one(KEPT, id=row["id"])
    work.record("keep_case", "case", row["id"], items=",".join(sorted(written)))
    return row["id"]


async def record_consent(acting: Acting, case_id: uuid.UUID | None, given: GivenConsent) -> uuid.UUID:
    """Notes what the person agreed to. Raises NotFound, NotAllowed, InvalidInput, WrongState."""
    row = await acting.find("case", case_file, case_id, action="record_consent")
    recipients = identities(given.recipients, "recipientIds")
    purpose = required(given.purpose, "purpose", SHORT)
    _check_time(acting, given)
    await _check_members(acting, recipients)
    await refuse_personal_data(acting, Shown({"purpose": purpose}, row["id"]))
    made = await acting.work.insert(consent, case_id=row["id"], purpose=purpose, **_consent(acting, given))
    for each in recipients:
        await acting.work.insert(consent_recipient, consent_id=made, organisation_id=each)
    acting.work.record("record_consent", "consent", made, case=str(row["id"]))
    soon = deadlines.consent_ends_soon(given.valid_until, await terms(acting.work))
    await acting.work.later(deadlines.CONSENT_ENDS_SOON, made, soon)
    return made


async def withdraw_consent(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    """The person takes it back: what is under way on it ends (T19), and nothing more is opened.

    Raises NotFound, NotAllowed, StaleVersion, WrongState.
    """
    row = await acting.find("consent", consent, identity, action="withdraw_consent", version=version)
    await acting.work.one(WITHDRAW, id=row["id"])
    acting.work.record("withdraw_consent", "consent", row["id"], case=str(row["case_id"]))
    for each in await acting.work.rows(RESTING_ON, consent_id=row["id"]):
        await move(acting.work, each, "revoke_consent", "consent_revoked", withdraw_code="consent_revoked")
    return row["id"]


def _described(acting: Acting, new: NewCase) -> dict[str, Any]:
    now, viewer = acting.work.now, acting.viewer
    return {
        "number": "".join(secrets.choice(_ALPHABET) for _ in range(_NUMBER_LENGTH)),
        "kind": new.kind,
        "needs": sorted(set(new.needs)),
        "organisation_id": viewer.organisation_id,
        "caseworker_id": viewer.person_id,
        "opened_on": now.astimezone(JAPAN).date(),
        "created_at": now,
        "updated_at": now,
    }


def _consent(acting: Acting, given: GivenConsent) -> dict[str, Any]:
    if not given.items:
        raise InvalidInput("items", "同意の項目を選んでください。", "Choose the items that were agreed to.")
    return {
        "items": sorted(set(given.items)),
        "how_obtained": given.how_obtained,
        "obtained_on": given.obtained_on,
        "valid_until": given.valid_until,
        "created_at": acting.work.now,
    }


def _check_time(acting: Acting, given: GivenConsent) -> None:
    today = acting.work.now.astimezone(JAPAN).date()
    if given.obtained_on > today:
        raise InvalidInput("obtainedOn", "取得日が未来です。", "The day on which it was obtained is to come.")
    if given.valid_until < today:
        raise InvalidInput("validUntil", "有効期限が過ぎています。", "The last day of the consent is over.")


async def _check_members(acting: Acting, recipients: list[uuid.UUID]) -> None:
    for each in recipients:
        if await acting.work.one(MEMBER, id=each) is None:
            raise NotFound(
                "提供先の団体が見つかりません。会員の団体を指定してください。",
                "A recipient is not found. Name organisations that are members.",
            )


KEPT = Statement(
    sa.update(case_file)
    .where(case_file.c.tenant_id == TENANT, case_file.c.id == parameter(case_file.c.id))
    .values(
        version=case_file.c.version + 1,
        updated_at=sa.bindparam("viewer_now", type_=case_file.c.updated_at.type),
    )
    .returning(case_file.c.id)
)
WITHDRAW = Statement(
    sa.update(consent)
    .where(consent.c.tenant_id == TENANT, consent.c.id == parameter(consent.c.id))
    .values(
        withdrawn_at=sa.bindparam("viewer_now", type_=consent.c.withdrawn_at.type),
        version=consent.c.version + 1,
    )
    .returning(consent.c.id)
)
RESTING_ON = Statement(
    sa.select(referral)
    .where(
        referral.c.tenant_id == TENANT,
        referral.c.consent_id == parameter(referral.c.consent_id),
        among(referral.c.state, machine.LIVE),
    )
    .order_by(referral.c.id)
    .with_for_update()
)
MEMBER = Statement(
    sa.select(organisation.c.id, organisation.c.kind).where(
        organisation.c.tenant_id == TENANT,
        organisation.c.id == parameter(organisation.c.id),
        organisation.c.status == "active",
    )
)
