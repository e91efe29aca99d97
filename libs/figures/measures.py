"""What the secretariat counts: five measures, each by its breakdown. A cell is one of them for one month.

Counts are of rows, not of distinct people across platforms: somebody active on two platforms counts on both.
"""

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from libs.tenancy.models import ORGANISATION_KINDS

Unit = Literal["organisation", "group", "event", "person", "referral"]


class Cell(NamedTuple):
    """One number that a platform submits for a month."""

    measure: str
    breakdown: str


@dataclass(frozen=True, slots=True)
class Measure:
    """`unit` says what is counted, and so what disclosure control asks of it.

    Where `nested`, each breakdown counts a part of the one before it.
    """

    name: str
    unit: Unit
    breakdowns: tuple[str, ...]
    nested: bool = False

    @property
    def cells(self) -> tuple[Cell, ...]:
        return tuple(Cell(self.name, breakdown) for breakdown in self.breakdowns)


MEMBERS: Final = Measure("members", "organisation", ORGANISATION_KINDS)
WORKING_GROUPS: Final = Measure("working_groups", "group", ("active",))
EVENTS: Final = Measure("events", "event", ("held",))
PEOPLE: Final = Measure("people", "person", ("active",))
REFERRALS: Final = Measure(
    "referrals", "referral", ("sent", "accepted", "reported", "confirmed"), nested=True
)
"""By the month in which a referral was sent: how many of them ever got so far."""

MEASURES: Final = {each.name: each for each in (MEMBERS, WORKING_GROUPS, EVENTS, PEOPLE, REFERRALS)}
CELLS: Final = tuple(cell for measure in MEASURES.values() for cell in measure.cells)
