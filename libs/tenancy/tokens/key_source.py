"""An issuer's keys over time: fetched seldom, by one flight at a time, and never trusted beyond an age."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from contextvars import Context
from typing import Protocol, cast

import structlog

from libs.errors.problems import Unauthenticated
from libs.tenancy.tokens.discovery import KeysUnavailable
from libs.tenancy.tokens.keys import IssuerKeys

# All in seconds.
REFRESH_AHEAD = 300  # from this age keys are fetched anew beside the requests
MAX_AGE = 600  # from this age a request waits for them: a withdrawn key is out by then
KEEP_UNREACHABLE = 3600  # while the issuer cannot be reached, its last keys hold this long
RETRY_AFTER = 5  # after an attempt, successful or not
UNKNOWN_KEY_INTERVAL = 60  # anybody can invent a kid: so often may that lead to a fetch
CLOCK_STEP = 60  # a clock set back by less than this is taken for an ordinary correction

_log = cast("structlog.stdlib.BoundLogger", structlog.get_logger())
_NEVER = float("-inf")


class KeySource(Protocol):
    """Where a verifier has an issuer's keys from."""

    def is_fresh(self, now: float) -> bool:
        """Whether what was verified with these keys still stands without asking."""
        ...

    async def current(self) -> IssuerKeys:
        """The keys to verify with. Raises Unauthenticated('issuer_unreachable')."""
        ...

    async def after_unknown_key(self) -> IssuerKeys:
        """The keys after having looked for new ones, where that is due again."""
        ...

    async def close(self) -> None:
        """End what is under way."""
        ...


class KnownKeys:
    """Keys that are given and never change."""

    def __init__(self, keys: IssuerKeys) -> None:
        self._keys = keys

    def is_fresh(self, now: float) -> bool:  # noqa: ARG002 — KeySource's signature
        """Given keys do not age."""
        return True

    async def current(self) -> IssuerKeys:
        """The given keys."""
        return self._keys

    async def after_unknown_key(self) -> IssuerKeys:
        """There is nowhere to look for others."""
        return self._keys

    async def close(self) -> None:
        """Nothing is ever under way."""


class FetchedKeys:
    """Keys that are fetched. `on_change` runs before any caller sees keys that differ from those before."""

    def __init__(
        self,
        issuer: str,
        fetch: Callable[[], Awaitable[IssuerKeys]],
        *,
        clock: Callable[[], float],
        on_change: Callable[[], None],
    ) -> None:
        self._issuer = issuer
        self._fetch = fetch
        self._clock = clock
        self._on_change = on_change
        self._keys: IssuerKeys | None = None
        self._fetched_at = self._attempted_at = self._sought_at = _NEVER
        self._failing = False
        self._flight: asyncio.Task[None] | None = None

    def is_fresh(self, now: float) -> bool:
        """Whether the keys are so young that nobody needs to ask again."""
        return _within(now, self._fetched_at, REFRESH_AHEAD)

    async def current(self) -> IssuerKeys:
        """The keys; a request waits for the issuer only where they are missing or past their age."""
        now = self._clock()
        if not self.is_fresh(now) and not _within(now, self._attempted_at, RETRY_AFTER):
            self._start(now)
        if self._is_worth_waiting(now):
            await self._landing()
        return self._usable()

    async def after_unknown_key(self) -> IssuerKeys:
        """The keys after a fetch, of which unknown names cause one in UNKNOWN_KEY_INTERVAL at most."""
        now = self._clock()
        if not _within(now, self._sought_at, UNKNOWN_KEY_INTERVAL):
            self._sought_at = now
            self._start(now)
        await self._landing()
        return self._usable()

    async def close(self) -> None:
        """Cancel a fetch under way."""
        if self._flight is not None:
            self._flight.cancel()
            with suppress(asyncio.CancelledError):
                await self._flight

    def _start(self, now: float) -> None:
        if self._flight is None or self._flight.done():
            self._attempted_at = now
            # an empty context: the fetch serves everybody, nothing of the request that began it goes along
            self._flight = asyncio.create_task(self._refresh(now), context=Context())

    async def _refresh(self, now: float) -> None:
        try:
            keys = await self._fetch()
        except KeysUnavailable as reason:
            self._failing = True
            _log.warning("issuer_keys_unavailable", issuer=self._issuer, cause=reason.cause)
            return
        self._failing = False
        self._fetched_at = now
        self._take(keys)

    def _take(self, keys: IssuerKeys) -> None:
        if keys == self._keys:
            return
        self._keys = keys
        self._on_change()
        _log.info("issuer_keys_changed", issuer=self._issuer, keys=len(keys.keys))

    def _is_worth_waiting(self, now: float) -> bool:
        """Past their age, keys are waited for, unless the issuer is known to be down: once was enough."""
        young = _within(now, self._fetched_at, MAX_AGE)
        kept = self._failing and _within(now, self._fetched_at, KEEP_UNREACHABLE)
        return not young and not kept

    async def _landing(self) -> None:
        """Wait without owning: a cancelled request must not cancel what others wait for."""
        if self._flight is not None and not self._flight.done():
            await asyncio.wait({self._flight})

    def _usable(self) -> IssuerKeys:
        if self._keys is None or not _within(self._clock(), self._fetched_at, KEEP_UNREACHABLE):
            raise Unauthenticated("issuer_unreachable")
        return self._keys


def _within(now: float, since: float, seconds: float) -> bool:
    """Less than `seconds` ago. After the clock was set back it is not: rather ask again than believe."""
    return -CLOCK_STEP < now - since < seconds
