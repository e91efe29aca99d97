"""What all drawn rows share: ids, moments with ties, choices."""

import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

from tests.oracle.moments import NOW, TODAY
from tests.reading.world import Row

T = TypeVar("T")
NAMES = (
    "ひだまり",
    "つながり",
    "みどり",
    "あおぞら",
    'quote " \\ end',
    "タブ\tと😀",
    "O'Brien 100%",
    "ﾊﾝｶｸ_①",
)


@dataclass(frozen=True)
class Draw:
    """One seed's choices."""

    random: random.Random
    seed: int

    def apart(self, name: str) -> "Draw":
        """The choices of one room, which another room's do not disturb."""
        return Draw(random.Random(f"{self.seed} {name}"), self.seed)

    def id(self) -> uuid.UUID:
        return uuid.UUID(int=self.random.getrandbits(128), version=4)

    def of(self, *choices: T) -> T:
        return self.random.choice(choices)

    def one(self, rows: Sequence[Row]) -> uuid.UUID:
        return self.random.choice(rows)["id"]

    def some(self, choices: Sequence[T], most: int) -> list[T]:
        return self.random.sample(choices, self.random.randint(0, min(most, len(choices))))

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def name(self) -> str:
        return f"{self.of(*NAMES)}{self.random.randrange(7)}"

    def moment(self) -> datetime:
        """From a few, so that there are ties; with and without parts of a second."""
        fraction = self.of(0, 0, 120_000, 123_456)
        return datetime(2026, 10, self.random.randrange(1, 7), 9, 30, 0, fraction, tzinfo=UTC)

    def near(self, *days: int) -> datetime:
        """A moment so many days from now."""
        return NOW + timedelta(days=self.of(*days))

    def day(self, *days: int) -> date:
        return TODAY + timedelta(days=self.of(*days))

    def maybe(self, value: Any, share: float = 0.5) -> Any:
        return value if self.chance(share) else None

    def made(self) -> Row:
        """What every row has."""
        return {"id": self.id(), "created_at": self.moment()}
