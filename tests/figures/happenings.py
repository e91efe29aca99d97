"""What happened on a platform, written as rows: the features' own tests walk through their doors."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from libs.persistence.actor import SYSTEM
from libs.persistence.database import Database
from libs.persistence.statements import Statement
from libs.persistence.tables import TENANT
from libs.persistence.work import Work
from libs.tenancy.models import membership, organisation, person
from services.platform.events.models import event, occurrence
from services.platform.groups.models import working_group
from services.platform.referrals.models import case_file, referral, referral_event
from services.platform.referrals.models.codes import AGE_BANDS, NEEDS, URGENCIES
from services.platform.referrals.models.machine import STEPS

SENT = ("create_referral", "request_basis", "send_referral")
ACCEPTED = (*SENT, "accept_referral")
REPORTED = (*ACCEPTED, "report_outcome")
CONFIRMED = (*REPORTED, "confirm_loop")
CLOSED_BY_CLOCK = (*REPORTED, "close_unconfirmed")
DECLINED = (*SENT, "decline_referral")
RETURNED_TO_DRAFT = ("create_referral", "request_basis")
WITHDRAWN_AFTER_ACCEPTANCE = (*ACCEPTED, "withdraw_referral")

ACTING = Statement(
    sa.select(membership.c.person_id, membership.c.organisation_id)
    .where(membership.c.tenant_id == TENANT)
    .order_by(membership.c.since, membership.c.id)
    .limit(sa.literal_column("1"))
)


@dataclass
class Happenings:
    """One platform's, by the app role."""

    app: Database
    tenant_id: uuid.UUID

    async def referral(self, steps: tuple[str, ...], at: datetime) -> uuid.UUID:
        """One that took these steps, the first three at this time and each further one a minute later."""
        async with self.app.work(self.tenant_id, SYSTEM) as work:
            identity = await self._drafted(work, steps, at)
            for sequence, name in enumerate(steps, start=1):
                await _step(work, identity, sequence, name, at + timedelta(minutes=max(0, sequence - 3)))
        return identity

    async def step(self, identity: uuid.UUID, sequence: int, name: str, at: datetime) -> None:
        async with self.app.work(self.tenant_id, SYSTEM) as work:
            await _step(work, identity, sequence, name, at)

    async def _drafted(self, work: Work, steps: tuple[str, ...], at: datetime) -> uuid.UUID:
        acting = await work.one(ACTING)
        assert acting is not None
        case = await work.insert(
            case_file,
            number=uuid.uuid4().hex,
            kind="person",
            organisation_id=acting["organisation_id"],
            caseworker_id=acting["person_id"],
            opened_on=at.date(),
            created_at=at,
            updated_at=at,
        )
        return await work.insert(
            referral,
            case_id=case,
            mode="directed",
            state=_after(steps),
            need_category=NEEDS[0],
            urgency=URGENCIES[0],
            age_band=AGE_BANDS[0],
            ask="見守り",
            sender_id=acting["organisation_id"],
            created_at=at,
            updated_at=at,
        )

    async def event(self, *starts: datetime, state: str = "announced", dropped: bool = False) -> None:
        """One that takes place on these days."""
        async with self.app.work(self.tenant_id, SYSTEM) as work:
            acting = await work.one(ACTING)
            assert acting is not None
            identity = await work.insert(
                event,
                organisation_id=acting["organisation_id"],
                state=state,
                title="茶話会",
                search_key="茶話会",
                starts_at=starts[0],
                over_at=starts[-1],
                delivery_mode="room",
                reservable=False,
                created_at=starts[0],
                updated_at=starts[0],
            )
            for number, start in enumerate(starts):
                await work.insert(
                    occurrence,
                    event_id=identity,
                    number=number,
                    starts_at=start,
                    all_day=False,
                    days=1,
                    dropped=dropped,
                )

    async def group(self, created_at: datetime, state: str = "active") -> None:
        async with self.app.work(self.tenant_id, SYSTEM) as work:
            await work.insert(
                working_group,
                name="見守り分科会",
                search_key="見守り分科会",
                state=state,
                created_at=created_at,
            )

    async def member(self, kind: str, decided_at: datetime, status: str = "active") -> None:
        """An organisation of which one person is active."""
        async with self.app.work(self.tenant_id, SYSTEM) as work:
            hall = await work.insert(
                organisation,
                kind=kind,
                status=status,
                name="団体",
                search_key="団体",
                sort_key="団体",
                created_at=decided_at,
                decided_at=decided_at,
            )
            someone = await work.insert(person, status="active", name="人", created_at=decided_at)
            await work.insert(membership, person_id=someone, organisation_id=hall, roles=[], since=decided_at)


def _after(steps: Sequence[str]) -> str:
    """The state to which these steps lead one after another."""
    state = "draft"
    for name in steps:
        state = STEPS[name].lead(state)
    return state


async def _step(work: Work, identity: uuid.UUID, sequence: int, name: str, at: datetime) -> None:
    step = STEPS[name]
    await work.insert(
        referral_event,
        referral_id=identity,
        sequence=sequence,
        step=name,
        from_state=step.origins[0],
        to_state=step.lead(step.origins[0]),
        at=at,
    )
