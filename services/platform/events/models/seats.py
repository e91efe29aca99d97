"""Who gets a seat, and in which order: the same rule for who comes and who waits. It reads no database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from services.platform.events.models.codes import QUOTAS

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Waiting(Generic[T]):
    """One registration in the line."""

    what: T
    quota: str
    count: int


class Seats:
    """An event's seats: some are reserved for a quota, the others are for whoever comes first.

    `capacity` None is no limit. `held` are the persons that seats are kept for already, by quota.
    """

    def __init__(self, capacity: int | None, reserved: Mapping[str, int], held: Mapping[str, int]) -> None:
        self._capacity = capacity
        self._reserved = {quota: reserved.get(quota, 0) for quota in QUOTAS}
        self._held = {quota: held.get(quota, 0) for quota in QUOTAS}
        self._blocked: set[str] = set()

    def left(self, quota: str) -> int | None:
        """Seats for one who comes now and has nobody before them in the line."""
        if self._capacity is None:
            return None
        own = max(self._reserved[quota] - self._held[quota], 0)
        # whoever is first in a line has the first claim on what is common
        return own if self._blocked else own + self._common()

    def admit(self, quota: str, count: int) -> bool:
        """Keeps seats for the next in the line, if there are enough.

        Where there are not, who stands behind of the same quota waits too, and of the others only those get
        in for whom seats are reserved: a large group is not passed by again and again.
        """
        left = self.left(quota)
        if quota not in self._blocked and (left is None or count <= left):
            self._held[quota] += count
            return True
        self._blocked.add(quota)
        return False

    def served(self, line: Iterable[Waiting[T]]) -> list[T]:
        """Those of the line, in its order, who get seats now."""
        return [each.what for each in line if self.admit(each.quota, each.count)]

    def _common(self) -> int:
        assert self._capacity is not None  # noqa: S101 - asked where there is one
        beyond = sum(max(self._held[quota] - self._reserved[quota], 0) for quota in QUOTAS)
        return max(self._capacity - sum(self._reserved.values()) - beyond, 0)
