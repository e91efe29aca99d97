"""Opening what is sealed: the relation is judged, the access logged and committed, only then is it read.

No log, no answer. A reveal is never replayed by an Idempotency-Key: each is judged and logged by itself.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import asyncpg
import sqlalchemy as sa

from libs.errors.problems import NotAllowed
from libs.japan.text import clean
from libs.persistence.sealing.vault import Place, Vault
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from libs.policy.predicates import ASKER
from services.platform.groups.models import is_any
from services.platform.referrals.actions.inputs import SHORT
from services.platform.referrals.actions.scanning import Shown, refuse_personal_data
from services.platform.referrals.actions.sealing import open_texts, seal_texts, sealed_texts
from services.platform.referrals.models import (
    access_entry,
    break_glass,
    case_file,
    codes,
    council_item,
    disclosure,
    question,
    referral,
    sitting,
)
from services.platform.referrals.models.lawful_bases import council_items_of, glasses_of, sittings_of
from services.platform.referrals.steps import REVEALS

BASIS_OF: Final[Mapping[str, str]] = {
    "case_holder": "case_holder",
    "consent": "consent",
    "council": "council_exchange",
    "sitting": "support_meeting",
    "vital": "vital_interest",
}
"""The relation by which a level opens, and what the log says of it; the first that holds."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be opened, and why. `link_id`: by a link, so that no person is known."""

    level: str
    purpose_code: str
    purpose: str
    link_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Admitted:
    """A logged admission: the sealed texts that it opens, still sealed; `asked`: those of questions by id."""

    entry_id: uuid.UUID
    tenant_id: uuid.UUID
    case_id: uuid.UUID
    sealed: Mapping[Place, bytes]
    asked: Mapping[uuid.UUID, Mapping[Place, bytes]] = field(
        default_factory=dict[uuid.UUID, Mapping[Place, bytes]]
    )

    async def open(self, vault: Vault) -> dict[str, str]:
        """To be called after the commit of the log. Raises KeyErased."""
        return open_texts(await vault.sealer(self.tenant_id, self.case_id), self.sealed)

    async def open_questions(self, vault: Vault) -> dict[uuid.UUID, dict[str, str]]:
        """Likewise, each question's and answer's text, in the order in which they were asked."""
        sealer = await vault.sealer(self.tenant_id, self.case_id)
        return {question: open_texts(sealer, texts) for question, texts in self.asked.items()}


async def admit_to_referral(acting: Acting, identity: uuid.UUID | None, asked: Asked) -> Admitted:
    """Raises NotFound, NotAllowed (kept as a refusal), InvalidInput."""
    row = await acting.find("referral", referral, identity, action=REVEALS[asked.level])
    basis, sealed = await _opened(acting, row, asked)
    entry = await log_access(acting, row["case_id"], row["id"], basis, asked)
    questions = await _questions(acting, row["id"]) if asked.level == codes.TEXTS else {}
    return Admitted(entry, acting.work.tenant_id, row["case_id"], sealed, questions)


async def admit_to_case(acting: Acting, identity: uuid.UUID | None, asked: Asked) -> Admitted:
    """Raises NotFound, NotAllowed, InvalidInput."""
    row = await acting.find("case", case_file, identity, action=REVEALS[asked.level])
    entry = await log_access(acting, row["id"], None, "case_holder", asked)
    return Admitted(entry, acting.work.tenant_id, row["id"], await _case_texts(acting, row["id"], asked))


async def _opened(acting: Acting, row: asyncpg.Record, asked: Asked) -> tuple[str, Mapping[Place, bytes]]:
    """By what the level opens to the asker now, which the log keeps, and what that opens: the exchange's
    texts; the case as it is today for who keeps it; for the others what was disclosed on that very basis.

    Of several the first that discloses something. Raises NotAllowed where the last fell in this moment.
    """
    if asked.level == codes.TEXTS:
        return "party", await sealed_texts(acting.work, "referral", row["id"])
    held = await acting.admitting("referral", referral, row["id"], REVEALS[asked.level], tuple(BASIS_OF))
    if not held:
        acting.work.refused(REVEALS[asked.level], "referral", row["id"])
        raise NotAllowed
    found = [(BASIS_OF[each], await _package(acting, row, BASIS_OF[each], asked)) for each in held]
    return next((each for each in found if each[1]), found[0])


async def log_access(
    acting: Acting, case_id: uuid.UUID, referral_id: uuid.UUID | None, basis: str, asked: Asked
) -> uuid.UUID:
    """The entry's id. Raises InvalidInput for personal data in the purpose."""
    purpose = clean(asked.purpose, "purpose", SHORT)
    await refuse_personal_data(acting, Shown({"purpose": purpose}))
    entry = await acting.work.insert(
        access_entry,
        case_id=case_id,
        referral_id=referral_id,
        person_id=acting.viewer.person_id,
        link_id=asked.link_id,
        organisation_id=acting.viewer.organisation_id,
        level=asked.level,
        basis=basis,
        purpose_code=asked.purpose_code,
        at=acting.work.now,
    )
    await keep_purpose(acting, case_id, entry, purpose)
    object_type, opened = ("case", case_id) if referral_id is None else ("referral", referral_id)
    acting.work.record("reveal", object_type, opened, level=asked.level, basis=basis, entry=str(entry))
    return entry


async def keep_purpose(acting: Acting, case_id: uuid.UUID, entry: uuid.UUID, purpose: str) -> None:
    """Under the case's key, so that it goes with the person: what it was opened for may tell of them.

    Raises KeyErased.
    """
    if purpose:
        sealer = await acting.vault.sealer(acting.work.tenant_id, case_id)
        await seal_texts(acting.work, sealer, case_id, ("access_entry", entry), {"purpose": purpose})


async def _package(acting: Acting, row: asyncpg.Record, basis: str, asked: Asked) -> Mapping[Place, bytes]:
    if basis == "case_holder":
        return await _case_texts(acting, row["case_id"], asked)
    places = {**acting.viewer.places(acting.work.now), "viewer_item": asked.level}
    for frozen in await acting.work.rows(DISCLOSED[basis], **places, referral_id=row["id"]):
        if texts := _of_level(await sealed_texts(acting.work, "disclosure", frozen["id"]), asked):
            return texts
    return {}


async def _questions(acting: Acting, referral_id: uuid.UUID) -> dict[uuid.UUID, dict[Place, bytes]]:
    found = await acting.work.rows(QUESTIONS, referral_id=referral_id)
    return {each["id"]: await sealed_texts(acting.work, "question", each["id"]) for each in found}


async def _case_texts(acting: Acting, case_id: uuid.UUID, asked: Asked) -> Mapping[Place, bytes]:
    return _of_level(await sealed_texts(acting.work, "case_file", case_id), asked)


def _of_level(sealed: Mapping[Place, bytes], asked: Asked) -> Mapping[Place, bytes]:
    return {place: text for place, text in sealed.items() if place.column in codes.LEVELS[asked.level]}


QUESTIONS = Statement(
    sa.select(question.c.id)
    .where(question.c.tenant_id == TENANT, question.c.referral_id == parameter(question.c.referral_id))
    .order_by(question.c.id)
)


def _disclosed(basis: str, grounds: "sa.Select[Any]") -> Statement:
    """To the asker's organisation, the newest first, and of those only what still stands: an earlier sitting
    does not open what a later one did that was cancelled, nor somebody's break-glass another person's."""
    return Statement(
        sa.select(disclosure.c.id)
        .where(
            disclosure.c.tenant_id == TENANT,
            disclosure.c.referral_id == parameter(disclosure.c.referral_id),
            disclosure.c.recipient_id == ASKER.organisation,
            disclosure.c.basis == sa.literal(basis),
            is_any(disclosure.c.rests_on_id, grounds),
        )
        .order_by(disclosure.c.id.desc())
    )


DISCLOSED: Final[Mapping[str, Statement]] = {
    "consent": _disclosed(
        "consent",
        sa.select(referral.c.consent_id).where(
            referral.c.tenant_id == TENANT, referral.c.id == parameter(referral.c.id, "referral_id")
        ),
    ),
    "council_exchange": _disclosed("council_exchange", council_items_of(ASKER, council_item.c.id)),
    "support_meeting": _disclosed("support_meeting", sittings_of(ASKER, sitting.c.id)),
    "vital_interest": _disclosed("vital_interest", glasses_of(ASKER, break_glass.c.id)),
}
