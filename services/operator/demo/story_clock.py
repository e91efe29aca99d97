"""The story's time: some of it happened last month, so that there is a month to publish figures of."""

from datetime import UTC, date, datetime, timedelta

from libs.japan.calendar import JST

DAY_OF_THEN = 10


class StoryClock:
    """Tells the time of the story; `last_month`, `passes` and `now` move it."""

    def __init__(self) -> None:
        self._behind = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) - self._behind

    def last_month(self) -> None:
        """The tenth of last month in Japan, at this time of day."""
        present = datetime.now(JST)
        then = (present.replace(day=1) - timedelta(days=1)).replace(day=DAY_OF_THEN)
        self._behind = present - then

    def passes(self, minutes: int) -> None:
        self._behind -= timedelta(minutes=minutes)

    def now(self) -> None:
        self._behind = timedelta()

    def today(self) -> date:
        return self().astimezone(JST).date()
