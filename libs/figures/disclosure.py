"""The disclosure rule: which counts are shown, and what a total may say of those that are not.

- Counts of persons and of referrals from 1 to 9 are withheld (the threshold 10 of Japan's NDB and of the open
  data made from the long-term care database). 0 is a valid figure and is shown.
- Counts of organisations, working groups and events are shown as they are. Who belongs to a platform is no
  secret of anybody's: platforms publish their members and councils must (Act 45 of 2023, art. 15).
  The customary minimum of 3 organisations guards figures *about* organisations, of which there are none here.
- A total sums published cells only, so that no withheld cell can be taken out of it, and says how many of its
  cells are missing and why. A total of nothing published has no value: that is not the same as 0.

Differences between releases of one month, and other overlaps, are not controlled yet.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from libs.figures.measures import Unit

Mark = Literal["value", "withheld", "not_reported"]

SMALLEST_SHOWN: Final[dict[Unit, int]] = {
    "person": 10,
    "referral": 10,
    "organisation": 1,
    "group": 1,
    "event": 1,
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as it may be seen. `withheld` and `not_reported`: how many platforms' cells it lacks."""

    value: int | None
    withheld: int = 0
    not_reported: int = 0

    @property
    def mark(self) -> Mark:
        if self.value is not None:
            return "value"
        return "withheld" if self.withheld else "not_reported"


WITHHELD: Final = Figure(None, withheld=1)
NOT_REPORTED: Final = Figure(None, not_reported=1)


def disclosed(unit: Unit, count: int | None) -> Figure:
    """One platform's cell as it may be seen; None is a platform that submitted nothing."""
    if count is None:
        return NOT_REPORTED
    return WITHHELD if 0 < count < SMALLEST_SHOWN[unit] else Figure(count)


def total(figures: Sequence[Figure]) -> Figure:
    """The sum of what is published, with the number of cells that it lacks."""
    published = [figure.value for figure in figures if figure.value is not None]
    return Figure(
        sum(published) if published else None,
        withheld=sum(figure.withheld for figure in figures),
        not_reported=sum(figure.not_reported for figure in figures),
    )
