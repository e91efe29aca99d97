"""The list of participants, opened: names and contacts are sealed, and each opening is logged."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

import asyncpg
import sqlalchemy as sa

from libs.persistence.sealing.key_store import KeyErased
from libs.persistence.sealing.vault import Vault
from libs.persistence.statements import Statement, among, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from libs.tenancy.models import organisation
from services.platform.events.actions import participants
from services.platform.events.actions.participants import Participant
from services.platform.events.models import event, place
from services.platform.events.models.codes import LIVE


@dataclass(frozen=True, slots=True)
class Opened:
    """One registration; `who` is empty where nothing was sealed, or it was erased."""

    place: asyncpg.Record = field(repr=False)
    who: Participant = field(repr=False)

    @property
    def names(self) -> list[str]:
        return [self.who.name] if self.who.name else list(self.place["attendees"])


@dataclass(frozen=True, slots=True)
class Admitted:
    """A logged admission: the registrations that it opens, still sealed."""

    event_id: uuid.UUID
    tenant_id: uuid.UUID
    rows: Sequence[asyncpg.Record] = field(repr=False)

    async def open(self, vault: Vault) -> list[Opened]:
        """To be called after the commit of the log."""
        if all(row["sealed"] is None for row in self.rows):
            return [Opened(row, Participant()) for row in self.rows]
        try:
            sealer = await vault.sealer(self.tenant_id, self.event_id)
        except KeyErased:
            return [Opened(row, Participant()) for row in self.rows]
        return [Opened(row, participants.unseal(sealer, row["id"], row["sealed"])) for row in self.rows]


async def admit(acting: Acting, event_id: uuid.UUID | None) -> Admitted:
    """Who runs the event; of a course its organiser alone. Raises NotFound, NotAllowed."""
    row = await acting.find("event", event, event_id, action="reveal_participants")
    acting.work.record("reveal_participants", "event", row["id"])
    return Admitted(row["id"], acting.work.tenant_id, await acting.work.rows(ROWS, event_id=row["id"]))


ROWS = Statement(
    sa.select(place, organisation.c.name.label("organisation"))
    .outerjoin(
        organisation,
        sa.and_(organisation.c.tenant_id == TENANT, organisation.c.id == place.c.organisation_id),
    )
    .where(
        place.c.tenant_id == TENANT,
        place.c.event_id == parameter(place.c.event_id),
        among(place.c.state, LIVE),
    )
    .order_by(place.c.number)
)
