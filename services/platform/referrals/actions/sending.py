"""Choosing who is asked, and asking: on a basis that holds today, with a package frozen for them."""

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

import asyncpg
import sqlalchemy as sa
from uuid_utils.compat import uuid7

from libs.errors.problems import InvalidInput
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from libs.policy.predicates import ASKER
from services.platform.referrals.actions.admitting import admit_recipient
from services.platform.referrals.actions.announcing import announce_to_organisation, close_offers
from services.platform.referrals.actions.cases import MEMBER
from services.platform.referrals.actions.moving import Referral, check_step, move
from services.platform.referrals.actions.sealing import open_texts, seal_texts, sealed_texts
from services.platform.referrals.models import codes, consent, consent_recipient, disclosure, offer, referral
from services.platform.referrals.models.relations import valid_today
from services.platform.referrals.steps import no_open_offer, no_recipient


@dataclass(frozen=True, slots=True)
class Basis:
    """On what a disclosure rests: so far a consent, by its id."""

    consent_id: uuid.UUID | None


async def request_basis(
    acting: Acting, identity: uuid.UUID | None, version: int, recipient: uuid.UUID | None
) -> uuid.UUID:
    """T2: names the recipient whom the person will be asked about.

    Raises NotFound, NotAllowed, StaleVersion, WrongState, InvalidInput, AlreadyExists.
    """
    row = await acting.find("referral", referral, identity, action="request_basis", version=version)
    named = await _member(acting, recipient)
    if named["id"] == row["sender_id"]:
        raise InvalidInput("recipientId", "自団体には打診できません。", "This is your own organisation.")
    await move(acting.work, row, "request_basis", recipient_id=named["id"], basis="consent")
    return row["id"]


async def choose_offer(  # noqa: PLR0913 - what is chosen, and on what it is asked at once
    acting: Acting,
    identity: uuid.UUID | None,
    version: int,
    offer_id: uuid.UUID | None,
    basis: Basis | None,
    override: str | None = None,
) -> uuid.UUID:
    """T6: picks one of those who raised their hands; with a consent that names it, asks it at once (T3).

    Raises NotFound, NotAllowed, StaleVersion, WrongState, InvalidInput, AlreadyExists.
    """
    row = await acting.find("referral", referral, identity, action="choose_offer", version=version)
    chosen = await acting.work.one(OPEN_OFFER, id=offer_id, referral_id=row["id"])
    if chosen is None:
        raise no_open_offer()
    await _member(acting, chosen["organisation_id"])
    moved = await move(
        acting.work, row, "choose_offer", recipient_id=chosen["organisation_id"], basis="consent"
    )
    await acting.work.one(CHOOSE, id=chosen["id"])
    await announce_to_organisation(acting.work, moved, "offer_chosen", chosen["organisation_id"])
    await close_offers(acting.work, moved)
    if basis is not None:
        await _send(acting, moved, basis, override)
    return row["id"]


async def send_referral(
    acting: Acting,
    identity: uuid.UUID | None,
    version: int,
    basis: Basis,
    override: str | None = None,
) -> uuid.UUID:
    """T3: asks the recipient. Raises NotFound, NotAllowed, StaleVersion, WrongState, InvalidInput (no consent
    that holds today and names the recipient; what `admit_recipient` refuses), AlreadyExists."""
    row = await acting.find("referral", referral, identity, action="send_referral", version=version)
    await _send(acting, row, basis, override)
    return row["id"]


async def _send(acting: Acting, row: Referral, basis: Basis, override: str | None) -> None:
    work = acting.work
    check_step(work, row, "send_referral")
    recipient = await _member(acting, row["recipient_id"])
    await admit_recipient(acting, row, recipient["id"], override)
    agreed = await _consent(acting, row, basis.consent_id)
    sent = await move(work, row, "send_referral", consent_id=agreed["id"])
    await _freeze(acting, sent, agreed, recipient["kind"])


async def _consent(acting: Acting, row: Referral, consent_id: uuid.UUID | None) -> asyncpg.Record:
    today = acting.viewer.places(acting.work.now)["viewer_today"]
    found = await acting.work.one(
        VALID_CONSENT,
        id=consent_id,
        case_id=row["case_id"],
        organisation_id=row["recipient_id"],
        viewer_today=today,
    )
    if found is None:
        raise InvalidInput(
            "consentId",
            "打診先を名指しし、本日有効な同意がありません。同意を記録してから送ってください。",
            "No consent that holds today names this recipient. Record one, then send.",
            detail="NO_VALID_CONSENT",
        )
    return found


async def _freeze(acting: Acting, row: Referral, agreed: asyncpg.Record, kind: str) -> None:
    """The package as it is today: the agreed items, sealed once more so that later edits do not reach it."""
    work, identity = acting.work, uuid7()
    items = [item for item in agreed["items"] if not (kind == "company" and item in codes.SAFETY)]
    sealer = await acting.vault.sealer(work.tenant_id, row["case_id"])
    texts = open_texts(sealer, await sealed_texts(work, "case_file", row["case_id"]))
    package = {item: texts[item] for item in sorted(items) if texts.get(item)}
    sealed = await seal_texts(work, sealer, row["case_id"], ("disclosure", identity), package)
    await work.insert(
        disclosure,
        id=identity,
        referral_id=row["id"],
        recipient_id=row["recipient_id"],
        consent_id=agreed["id"],
        basis="consent",
        items=sorted(package),
        package_hash=package_hash(sealed),
        at=work.now,
    )
    work.record("disclose", "disclosure", identity, referral=str(row["id"]), items=",".join(sorted(package)))


def package_hash(sealed: Mapping[str, bytes]) -> str:
    """SHA-256 in hex over each item's name and ciphertext, in the order of the names."""
    digest = hashlib.sha256()
    for item in sorted(sealed):
        digest.update(f"{item} {len(sealed[item])}\n".encode() + sealed[item])
    return digest.hexdigest()


async def _member(acting: Acting, identity: uuid.UUID | None) -> asyncpg.Record:
    found = None if identity is None else await acting.work.one(MEMBER, id=identity)
    if found is None:
        raise no_recipient()
    return found


OPEN_OFFER = Statement(
    sa.select(offer.c.id, offer.c.organisation_id)
    .where(
        offer.c.tenant_id == TENANT,
        offer.c.id == parameter(offer.c.id),
        offer.c.referral_id == parameter(offer.c.referral_id),
        offer.c.state == "open",
    )
    .with_for_update()
)
CHOOSE = Statement(
    sa.update(offer)
    .where(offer.c.tenant_id == TENANT, offer.c.id == parameter(offer.c.id))
    .values(state=sa.literal("chosen"), version=offer.c.version + 1)
    .returning(offer.c.id)
)
VALID_CONSENT = Statement(
    sa.select(consent.c.id, consent.c["items"])
    .join(
        consent_recipient,
        sa.and_(consent_recipient.c.tenant_id == TENANT, consent_recipient.c.consent_id == consent.c.id),
    )
    .where(
        consent.c.tenant_id == TENANT,
        consent.c.id == parameter(consent.c.id),
        consent.c.case_id == parameter(consent.c.case_id),
        consent_recipient.c.organisation_id == parameter(consent_recipient.c.organisation_id),
        valid_today(ASKER),
    )
    # a withdrawal at the same moment comes wholly before or wholly after
    .with_for_update(read=True, of=consent)
)
