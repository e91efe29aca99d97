"""Rate by cost: refused before anything runs, fair between tenants and between a tenant's people.

The hot path is two comparisons in memory; about once a second a tenant's lease is renewed in the background
(docs/decisions/0020).
"""

import asyncio
import math
import time
import uuid
from collections import OrderedDict
from collections.abc import Callable
from typing import Final, Literal, NoReturn, Protocol

import asyncpg
import structlog

from libs.errors.problems import Problem
from libs.observability.failures import describe
from libs.persistence.database import Database
from libs.serving.asking import Asking
from libs.serving.problems import RateLimited, Unavailable
from libs.tenancy.budgets.leasing import lease
from libs.tenancy.budgets.purses import Held, Purse
from libs.tenancy.budgets.terms import Terms
from libs.tenancy.viewer import Viewer

MUTATION_COST: Final = 250
"""A mutation writes some ten rows and commits: as much of the database's time as two board pages."""
FLAT_COST: Final = 100
"""What has no plan: a refused document, an introspection. It costs this process more than most reads."""
MOST_TENANTS: Final = 4_000
MOST_WAITING: Final = 64
MOST_RETRY_SECONDS: Final = 60
Scope = Literal["platform", "person"]
PLATFORM: Final[Scope] = "platform"
PERSON: Final[Scope] = "person"
WHOLE: Final = uuid.UUID(int=0)
"""Stands for all of a tenant's people, beside their ids and None, in what is closed."""
_TRIES: Final = 3
_LEASE_SECONDS: Final = 2.0
_AWAY: Final = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)

_log: structlog.typing.FilteringBoundLogger = structlog.get_logger("libs.serving.budgets")


class Refusals(Protocol):
    """Counts what is refused: `platform` or `person` says the bucket that lacked."""

    def refused(self, scope: Scope) -> None: ...


class Budgets:
    """The leases of one process. `database` is for leasing alone: a flood of reads must not delay it."""

    def __init__(
        self,
        database: Database,
        terms: Terms,
        refusals: Refusals,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._terms = terms
        self._refusals = refusals
        self._clock = clock
        self._held: OrderedDict[uuid.UUID, Held] = OrderedDict()
        self.renewing: dict[uuid.UUID, asyncio.Task[None]] = {}
        self.closed: dict[tuple[uuid.UUID, uuid.UUID | None], float] = {}

    async def close(self) -> None:
        """What is leased lapses."""
        for task in list(self.renewing.values()):
            task.cancel()
        await asyncio.gather(*self.renewing.values(), return_exceptions=True)

    async def charge(self, viewer: Viewer, cost: int) -> None:
        """Raises RateLimited, or Unavailable where the database does not lease."""
        if not self._terms.per_second:
            return
        held = self._held.get(viewer.tenant_id)
        if held is not None and self._clock() - held.leased_at < self._terms.interval:
            purse = held.people.get(viewer.person_id)
            if purse is not None and purse.left >= cost <= held.whole.left:
                purse.left -= cost
                purse.asked += cost
                held.whole.left -= cost
                held.whole.asked += cost
                return
        await self._charge(viewer, cost)

    async def refuse_closed(self, asking: Asking) -> None:
        """Refuses, before its document is looked at, who was refused already and has no new lease yet."""
        viewer = await _viewer(asking)
        if viewer is not None:
            await self._refuse_closed(viewer, viewer.person_id, PERSON)
            await self._refuse_closed(viewer, WHOLE, PLATFORM)

    async def _refuse_closed(self, viewer: Viewer, who: uuid.UUID | None, scope: Scope) -> None:
        until, now = self.closed.get((viewer.tenant_id, who)), self._clock()
        if until is None:
            return
        if until > now:
            await self._refuse(self.held(viewer.tenant_id), until - now, scope)
        self.closed.pop((viewer.tenant_id, who), None)

    async def charge_flat(self, asking: Asking) -> None:
        """For what has no plan to tell its cost, where it is known whose request it was."""
        viewer = await _viewer(asking)
        if viewer is not None:
            await self.charge(viewer, FLAT_COST)

    async def owe(self, viewer: Viewer, cost: int) -> None:
        """Charges for what has been done already; never refused, but the next lease pays for it first."""
        if self._terms.per_second:
            held = self.held(viewer.tenant_id)
            for purse in (held.whole, held.purse(viewer.person_id)):
                purse.asked += cost
                purse.left -= cost

    async def _charge(self, viewer: Viewer, cost: int) -> None:
        held = self.held(viewer.tenant_id)
        purse = held.purse(viewer.person_id)
        if self._clock() - held.leased_at >= self._terms.lapse:
            held.lapse()
        held.whole.asked += cost
        purse.asked += cost
        if held.spend(purse, cost):
            if self._is_due(held):
                self._renewal(viewer.tenant_id, held)
            return
        with held.pending(purse, cost):
            for _ in range(_TRIES):
                if not self._is_due(held) and not all(each.may_get for each in held.lacking(purse, cost)):
                    break
                await self._renewed(viewer.tenant_id, held)
                if held.spend(purse, cost):
                    return
        await self._close(viewer, held, held.lacking(purse, cost), cost)

    def _is_due(self, held: Held) -> bool:
        return self._clock() - max(held.leased_at, held.tried_at) >= self._terms.interval

    async def _renewed(self, tenant_id: uuid.UUID, held: Held) -> None:
        """Waits for a lease, together with all who need it. Raises Unavailable."""
        if held.failing and not self._is_due(held):
            raise Unavailable
        renewal = self._renewal(tenant_id, held)
        done, _ = await asyncio.wait({renewal}, timeout=_LEASE_SECONDS)
        if not done or held.failing:
            raise Unavailable

    def _renewal(self, tenant_id: uuid.UUID, held: Held) -> "asyncio.Task[None]":
        """The one under way for the tenant, or a new one."""
        running = self.renewing.get(tenant_id)
        if running is None:
            running = self.renewing[tenant_id] = asyncio.create_task(self._renew(tenant_id, held))
        return running

    async def _renew(self, tenant_id: uuid.UUID, held: Held) -> None:
        now = held.tried_at = self._clock()
        asks = held.asks(now - held.leased_at, self._terms.interval)
        try:
            held.take(asks, await lease(self._database, tenant_id, asks))
        except _AWAY as error:
            held.failing = True
            _log.warning("no lease", failure=describe(error))
        else:
            held.failing, held.leased_at = False, now
        finally:
            del self.renewing[tenant_id]

    async def _close(self, viewer: Viewer, held: Held, lacking: list[Purse], cost: int) -> NoReturn:
        """Until the next lease this person's requests are refused unread, and all where nothing is left."""
        until = held.leased_at + self._terms.interval
        self._closed((viewer.tenant_id, viewer.person_id), until)
        if held.whole.left < 1:
            self._closed((viewer.tenant_id, WHOLE), until)
        seconds = max((each.seconds_until(cost) for each in lacking), default=0.0)
        await self._refuse(held, seconds, PLATFORM if held.whole in lacking else PERSON)

    def _closed(self, key: tuple[uuid.UUID, uuid.UUID | None], until: float) -> None:
        if len(self.closed) >= MOST_TENANTS:
            self.closed.clear()
        self.closed[key] = until

    async def _refuse(self, held: Held, seconds: float, scope: Scope) -> NoReturn:
        """Told after a while, unless many of the tenant are waiting for that already."""
        self._refusals.refused(scope)
        if held.waiting < MOST_WAITING:
            held.waiting += 1
            try:
                await asyncio.sleep(self._terms.held_seconds)
            finally:
                held.waiting -= 1
        raise RateLimited(min(MOST_RETRY_SECONDS, max(1, math.ceil(seconds))))

    def held(self, tenant_id: uuid.UUID) -> Held:
        """What this process has leased of a tenant's budget."""
        held = self._held.get(tenant_id)
        if held is None:
            held = self._held[tenant_id] = Held.of(tenant_id, self._terms)
            if len(self._held) > MOST_TENANTS:
                self._held.popitem(last=False)
        return held


async def _viewer(asking: Asking) -> Viewer | None:
    """None where the request names no platform, or one that the asker does not find."""
    try:
        return await asking.viewer()
    except Problem:
        return None
