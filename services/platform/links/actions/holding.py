"""Somebody with a link, inside one Work: its holder, who never goes beyond their organisation's desk."""

import uuid
from dataclasses import dataclass

import asyncpg

from libs.persistence.work import Work
from libs.policy.acting import Acting
from services.platform.links.actions.ends import locked
from services.platform.links.models import Key
from services.platform.notices.actions.telling import of_organisation, tell
from services.platform.referrals.models import referral


@dataclass(frozen=True, slots=True)
class Holding:
    """`holder` has the policy's lines of a link's holder; `desk` is the organisation's, as nobody by name.

    Both must be allowed: so a suspended recipient, a basis that fell, a step taken by somebody else in the
    meantime and a rule that the platform tightened close the link at once, without anybody closing it.
    """

    key: Key
    referral_id: uuid.UUID
    organisation_id: uuid.UUID
    holder: Acting
    desk: Acting

    @property
    def work(self) -> Work:
        return self.holder.work

    async def may(self, action: str) -> asyncpg.Record:
        """The referral, locked, on which holder and desk may take the step now. Raises as `Acting.find`."""
        await self.desk.find("referral", referral, self.referral_id, action=action)
        return await self.holder.find("referral", referral, self.referral_id, action=action)

    async def link(self) -> asyncpg.Record:
        """The link, locked: after its referral. Raises LinkOver."""
        return await locked(self.work, self.key.link_id)


async def tell_sender(holding: Holding, row: asyncpg.Record, kind: str) -> None:
    """The caseworkers of the organisation that referred; `row` is the referral."""
    audience = of_organisation(row["sender_id"], "caseworker")
    await tell(holding.work, kind, ("referral", row["id"]), audience)
