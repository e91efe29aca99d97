"""The tenants of a national deployment and how large each is.

The ministry's list has no populations, so each kind of municipality gets a log-normal spread around its usual
size, dealt out by a fixed draw: a handful of cities hold most of the work, as in the real country.
"""

import hashlib
import math
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

from libs.japan.municipalities import Municipality, all_active

REFERENCE: Final = "292095"  # 生駒市, whose pages are measured
# kind → (median population, spread); prefectures count what they keep themselves
SIZES: Final = {
    "designated_city": (1_200_000, 0.5),
    "special_ward": (340_000, 0.6),
    "city": (62_000, 0.8),
    "town": (12_000, 0.7),
    "village": (3_500, 0.8),
    "prefecture": (90_000, 0.5),
}
REFERENCE_POPULATION: Final = 118_000
_NAMESPACE: Final = uuid.UUID("6f3b7d06-2b9e-7c55-8d0c-0d6b3c1f2a10")


@dataclass(frozen=True, slots=True)
class City:
    """One tenant and what it holds."""

    number: int
    tenant_id: uuid.UUID
    code: str
    name: str
    kind: str
    population: int
    organisations: int
    groups: int
    referrals: int

    @property
    def slug(self) -> str:
        return f"t{self.code}"


def nation(*, tenants: int | None = None, referrals: int) -> list[City]:
    """All 1,788, or the reference and the first others; `referrals` is what the whole country has."""
    populations = {place.code: _population(place) for place in all_active()}
    per_head = referrals / sum(populations.values())
    every = [
        _city(number, place, populations[place.code], per_head) for number, place in enumerate(all_active())
    ]
    return every if tenants is None else _chosen(every, tenants)


def reference(cities: Sequence[City]) -> City:
    return next(city for city in cities if city.code == REFERENCE)


def _chosen(every: list[City], tenants: int) -> list[City]:
    """The reference and others evenly over the country, each exactly as it is in the whole."""
    step = len(every) // tenants
    others = [city for city in every[::step] if city.code != REFERENCE]
    return sorted([reference(every), *others[: tenants - 1]], key=lambda city: city.number)


def _city(number: int, place: Municipality, population: int, per_head: float) -> City:
    kind = "prefecture" if place.is_prefecture else "municipality"
    return City(
        number=number,
        tenant_id=uuid.uuid5(_NAMESPACE, place.code),
        code=place.code,
        name=place.display_name,
        kind=kind,
        population=population,
        organisations=min(500, 8 + population // 1_500),
        groups=min(12, 2 + population // 50_000),
        referrals=max(10, math.ceil(population * per_head)),
    )


def _population(place: Municipality) -> int:
    if place.code == REFERENCE:
        return REFERENCE_POPULATION
    median, spread = SIZES[place.kind]
    drawn = int.from_bytes(hashlib.sha256(place.code.encode()).digest()[:6]) + 1
    return round(median * math.exp(spread * NormalDist().inv_cdf(drawn / (2**48 + 1))))
