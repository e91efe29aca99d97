"""The terms of a deployment: how much cost a tenant may spend a second, and a person of it."""

from dataclasses import dataclass
from typing import Final

LARGEST: Final = 5_000
"""The largest cost of one request (libs.reading.engine.MOST_COST): a full bucket always holds it."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A token bucket: refilled by `per_second` units of cost, never above `burst`."""

    per_second: float
    burst: float


@dataclass(frozen=True, slots=True)
class Terms:
    """`per_second` 0: unlimited. One person has `person_percent` of it, so that none starves colleagues.

    Leases are for `interval` seconds and lapse after `lapse` of them without a request; a refusal waits
    `held_seconds` before it is told, so that a loop of retries does not eat the process.
    """

    per_second: int = 1_000_000
    burst_seconds: int = 10
    person_percent: int = 50
    interval: float = 1.0
    lapse: float = 3.0
    held_seconds: float = 0.5

    def of_tenant(self) -> Rate:
        burst = max(self.per_second * self.burst_seconds, LARGEST * 100 / self.person_percent)
        return Rate(self.per_second, burst)

    def of_person(self) -> Rate:
        whole = self.of_tenant()
        share = self.person_percent / 100
        return Rate(whole.per_second * share, whole.burst * share)
