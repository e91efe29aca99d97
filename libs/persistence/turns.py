"""A fair queue in front of a pool: a tenant that floods waits behind itself, not in front of the others.

Tenants take turns; within a tenant it is first come, first served. One tenant holds at most `most` of the
seats at the same time, so that the others find one free without waiting for its statements.
"""

import asyncio
import uuid
from collections import OrderedDict, deque
from typing import Final

Key = uuid.UUID | None
"""A tenant, or None: all that is done outside tenants."""
_ROOM_FOR_OTHERS: Final = 3


def most_of_one(seats: int) -> int:
    """Two thirds of the seats, and always one at least."""
    return max(1, seats - seats // _ROOM_FOR_OTHERS)


class Turns:
    """`seats` is the pool's size. No seat is free while somebody waits who might have it."""

    def __init__(self, seats: int, most: int | None = None) -> None:
        self._free = seats
        self._most = most or most_of_one(seats)
        self._taken: dict[Key, int] = {}
        self._waiting: OrderedDict[Key, deque[asyncio.Future[None]]] = OrderedDict()

    def of(self, key: Key) -> "Turn":
        """`async with turns.of(tenant):` holds one seat for the block."""
        return Turn(self, key)

    def take_now(self, key: Key) -> bool:
        """Whether there was a seat to be had without waiting, which is now taken."""
        taken = self._taken.get(key, 0)
        if self._free <= 0 or taken >= self._most:
            return False
        self._free -= 1
        self._taken[key] = taken + 1
        return True

    async def take(self, key: Key) -> None:
        if not self.take_now(key):
            await self._wait(key)

    def give_back(self, key: Key) -> None:
        self._free += 1
        taken = self._taken[key] - 1
        if taken:
            self._taken[key] = taken
        else:
            del self._taken[key]
        if self._waiting:
            self._pass_on()

    async def _wait(self, key: Key) -> None:
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(key, deque()).append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.give_back(key)  # it was given while the one who waited was being cut off
            else:
                self._leave(key, turn)
            raise

    def _leave(self, key: Key, turn: asyncio.Future[None]) -> None:
        queue = self._waiting[key]
        queue.remove(turn)
        if not queue:
            del self._waiting[key]

    def _pass_on(self) -> None:
        """Gives the seat to the first waiter of the first tenant that may have one; its next turn is last."""
        for key, queue in self._waiting.items():
            # one that was cut off just now is still in the queue until its task runs
            turn = next((each for each in queue if not each.done()), None)
            if turn is not None and self.take_now(key):
                self._waiting.move_to_end(key)
                self._leave(key, turn)
                turn.set_result(None)
                return


class Turn:
    """One seat, held for a block."""

    __slots__ = ("_key", "_turns")

    def __init__(self, turns: Turns, key: Key) -> None:
        self._turns = turns
        self._key = key

    async def __aenter__(self) -> None:
        await self._turns.take(self._key)

    async def __aexit__(self, *_: object) -> None:
        self._turns.give_back(self._key)
