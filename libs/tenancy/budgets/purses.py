"""What a process holds of a tenant's budget: in memory, spent without asking anybody."""

import uuid
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from libs.tenancy.budgets.leasing import NOBODY, Ask, Grant
from libs.tenancy.budgets.terms import Rate, Terms

MOST_PEOPLE: Final = 1_000
"""Purses of one tenant; the one opened longest ago is given up first, and with it what it held."""
_LEAST_SHARE: Final = 1 / 8
_SHORTEST: Final = 0.05


@dataclass(slots=True)
class Purse:
    """What was leased from one bucket and is `left`; below nothing after a debt.

    `asked` is the cost asked for since the last lease, spent or refused, and `pending` the cost of those who
    wait for one now. `may_get` is false after a lease that emptied the bucket, whose level was then `level`.
    """

    id: uuid.UUID
    rate: Rate
    left: float = 0.0
    asked: float = 0.0
    pending: float = 0.0
    level: float = 0.0
    may_get: bool = True
    idle: bool = False

    def ask(self, elapsed: float, interval: float) -> Ask:
        """What is waited for; else twice what the last interval asked for, within what one may have.

        More than that is given back.
        """
        most = self.rate.per_second * interval
        expected = 2 * self.asked * interval / max(elapsed, _SHORTEST)
        target = max(self.pending, min(most, max(expected, most * _LEAST_SHARE)))
        self.idle = not self.asked and not self.pending
        self.asked = 0.0
        return Ask(self.id, target - self.left, self.rate)

    def take(self, ask: Ask, grant: Grant) -> None:
        self.left += grant.granted
        self.level = grant.level
        self.may_get = grant.granted >= ask.wanted

    def seconds_until(self, cost: float) -> float:
        """When the bucket will have refilled enough."""
        return max(0.0, cost - self.left - max(self.level, 0.0)) / self.rate.per_second


@dataclass(slots=True)
class Held:
    """One tenant's purse, and its people's: both must hold a cost before it is spent.

    `waiting` counts the refused that wait to be told so; `failing`: the last try to lease got no answer.
    """

    whole: Purse
    person_rate: Rate
    leased_at: float = float("-inf")
    tried_at: float = float("-inf")
    failing: bool = False
    people: dict[uuid.UUID | None, Purse] = field(default_factory=dict[uuid.UUID | None, Purse])
    waiting: int = 0

    @classmethod
    def of(cls, tenant_id: uuid.UUID, terms: Terms) -> "Held":
        return cls(Purse(tenant_id, terms.of_tenant()), terms.of_person())

    def purse(self, person_id: uuid.UUID | None) -> Purse:
        """None: all who are no person of the tenant."""
        purse = self.people.get(person_id)
        if purse is None:
            if len(self.people) >= MOST_PEOPLE:
                del self.people[next(iter(self.people))]
            purse = self.people[person_id] = Purse(person_id or NOBODY, self.person_rate)
        return purse

    def spend(self, purse: Purse, cost: float) -> bool:
        if purse.left < cost or self.whole.left < cost:
            return False
        purse.left -= cost
        self.whole.left -= cost
        return True

    @contextmanager
    def pending(self, purse: Purse, cost: float) -> Generator[None, None, None]:
        """While somebody waits, the next lease is for at least as much."""
        for each in (self.whole, purse):
            each.pending += cost
        try:
            yield
        finally:
            for each in (self.whole, purse):
                each.pending -= cost

    def lacking(self, purse: Purse, cost: float) -> list[Purse]:
        return [each for each in (self.whole, purse) if each.left < cost]

    def lapse(self) -> None:
        """What was leased long ago is not to be spent any more; a debt stays."""
        for purse in (self.whole, *self.people.values()):
            purse.left = min(purse.left, 0.0)
            purse.may_get = True

    def asks(self, elapsed: float, interval: float) -> list[Ask]:
        """The tenant's and its people's; who asked for nothing for two leases is let go."""
        for person_id in [each for each, purse in self.people.items() if purse.idle and not purse.asked]:
            del self.people[person_id]
        purses = (self.whole, *self.people.values())
        return [purse.ask(min(elapsed, interval), interval) for purse in purses]

    def take(self, asks: list[Ask], grants: dict[uuid.UUID, Grant]) -> None:
        purses = {purse.id: purse for purse in (self.whole, *self.people.values())}
        for ask in asks:
            if ask.id in purses and ask.id in grants:
                purses[ask.id].take(ask, grants[ask.id])
