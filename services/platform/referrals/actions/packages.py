"""The frozen package: what travels under a basis, sealed once more so that later edits do not reach it."""

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import asyncpg
import sqlalchemy as sa
from uuid_utils.compat import uuid7

from libs.errors.problems import InvalidInput, WrongState
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from services.platform.referrals.actions.moving import Referral
from services.platform.referrals.actions.sealing import open_texts, seal_texts, sealed_texts
from services.platform.referrals.models import case_file, codes, disclosure


@dataclass(frozen=True, slots=True)
class Ground:
    """What a disclosure rests on: its code, the row that proves it, the items that it lets travel."""

    basis: str
    row_id: uuid.UUID
    items: Sequence[str]
    consent_id: uuid.UUID | None = None


async def freeze(acting: Acting, row: Referral, ground: Ground, recipient: asyncpg.Record) -> None:
    """The items as they are today, for this body. A company never gets L4.

    `recipient`: an organisation's id and kind. Raises WrongState where the case is no longer the sender's.
    """
    work, identity = acting.work, uuid7()
    if await work.one(OF_SENDER, id=row["case_id"], organisation_id=row["sender_id"]) is None:
        raise _moved()
    items = [item for item in ground.items if not (recipient["kind"] == "company" and item in codes.SAFETY)]
    sealer = await acting.vault.sealer(work.tenant_id, row["case_id"])
    texts = open_texts(sealer, await sealed_texts(work, "case_file", row["case_id"]))
    package = {item: texts[item] for item in sorted(items) if texts.get(item)}
    sealed = await seal_texts(work, sealer, row["case_id"], ("disclosure", identity), package)
    await work.insert(
        disclosure,
        id=identity,
        referral_id=row["id"],
        recipient_id=recipient["id"],
        consent_id=ground.consent_id,
        basis=ground.basis,
        rests_on_id=ground.row_id,
        items=sorted(package),
        package_hash=package_hash(sealed),
        at=work.now,
    )
    codes_of = {"referral": str(row["id"]), "items": ",".join(sorted(package)), "basis": ground.basis}
    work.record("disclose", "disclosure", identity, **codes_of, rests_on=str(ground.row_id))


def package_hash(sealed: Mapping[str, bytes]) -> str:
    """SHA-256 in hex over each item's name and ciphertext, in the order of the names."""
    digest = hashlib.sha256()
    for item in sorted(sealed):
        digest.update(f"{item} {len(sealed[item])}\n".encode() + sealed[item])
    return digest.hexdigest()


def minimum(given: Sequence[str], allowed: Sequence[str]) -> list[str]:
    """The items chosen as needed. Raises InvalidInput for none, or for one that the basis never opens."""
    if not given:
        raise InvalidInput(
            "items", "必要な項目を選んでください。", "Choose the items needed.", detail="REQUIRED"
        )
    if set(given) - set(allowed):
        raise InvalidInput(
            "items",
            "この根拠では提供できない項目があります(安全上の注意など)。",
            "This basis does not open one of these items.",
            detail="NOT_ON_THIS_BASIS",
        )
    return sorted(set(given))


def _moved() -> WrongState:
    return WrongState(
        "case_moved",
        "このケースは別の団体に引き継がれました。情報は提供できません。",
        "The case was transferred to another organisation. Nothing of it can be shared.",
    )


# a case that was transferred takes its other referrals with it a moment later
OF_SENDER = Statement(
    sa.select(case_file.c.id).where(
        case_file.c.tenant_id == TENANT,
        case_file.c.id == parameter(case_file.c.id),
        case_file.c.organisation_id == parameter(case_file.c.organisation_id),
    )
)
