"""The consent sheet of T2: what the person reads and signs, with the five points of the slip on it.

No identity is on it unless a caseworker opens it through a logged reveal of the case.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import asyncpg
import sqlalchemy as sa

from libs.errors.problems import InvalidInput
from libs.persistence.sealing.vault import Vault
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from libs.tenancy.models import organisation
from libs.tenancy.viewer import JAPAN
from services.platform.referrals.actions.inputs import SHORT, required
from services.platform.referrals.actions.packages import minimum
from services.platform.referrals.actions.revealing import Admitted, Asked, admit_to_case
from services.platform.referrals.actions.scanning import Shown, refuse_personal_data
from services.platform.referrals.models import codes, referral


@dataclass(frozen=True, slots=True)
class Terms:
    """What the person is asked for. `opening`: with their name on it, opened and logged for this purpose."""

    items: Sequence[str]
    purpose: str
    medium: str
    valid_until: date
    opening: Asked | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that stands on it, but for the name, which is still sealed."""

    referral_id: uuid.UUID
    holder: str
    recipient: str
    items: Sequence[str]
    purpose: str
    medium: str
    valid_until: date
    made_on: date
    admitted: Admitted | None

    async def name(self, vault: Vault) -> str | None:
        """To be called after the commit of the log. Raises KeyErased."""
        return None if self.admitted is None else (await self.admitted.open(vault)).get("person_name")


async def prepare_sheet(acting: Acting, identity: uuid.UUID | None, version: int, terms: Terms) -> Sheet:
    """For the recipient that the referral waits to be sent to.

    Raises NotFound, NotAllowed, StaleVersion, WrongState, InvalidInput.
    """
    row = await acting.find("referral", referral, identity, action="print_consent_sheet", version=version)
    today = acting.work.now.astimezone(JAPAN).date()
    if terms.valid_until < today:
        raise InvalidInput("validUntil", "有効期限が過ぎています。", "The last day of the consent is over.")
    purpose = required(terms.purpose, "purpose", SHORT)
    holder, recipient = await _named(acting, row["sender_id"]), await _named(acting, row["recipient_id"])
    company = recipient["kind"] == "company"
    items = minimum(terms.items, [each for each in codes.ITEMS if not (company and each in codes.SAFETY)])
    await refuse_personal_data(acting, Shown({"purpose": purpose}, row["case_id"]))
    opened = terms.opening
    admitted = None if opened is None else await admit_to_case(acting, row["case_id"], opened)
    acting.work.record("print_consent_sheet", "referral", row["id"], named=int(opened is not None))
    return Sheet(
        referral_id=row["id"],
        holder=holder["name"],
        recipient=recipient["name"],
        items=items,
        purpose=purpose,
        medium=terms.medium,
        valid_until=terms.valid_until,
        made_on=today,
        admitted=admitted,
    )


async def _named(acting: Acting, identity: uuid.UUID) -> asyncpg.Record:
    found = await acting.work.one(NAMED, id=identity)
    if found is None:
        raise LookupError("a foreign key holds it")
    return found


NAMED = Statement(
    sa.select(organisation.c.name, organisation.c.kind).where(
        organisation.c.tenant_id == TENANT, organisation.c.id == parameter(organisation.c.id)
    )
)
