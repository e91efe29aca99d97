"""When an event takes place: days and hours put together."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from libs.japan.calendar import JST
from libs.japan.open_data.clock_times import not_a_time
from libs.japan.open_data.date_phrases import Days
from libs.japan.open_data.outcomes import HoursNotUnderstood
from libs.japan.open_data.time_phrases import Hours, Session


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One day, or a run of days with the same hours on each; times are JST, None is not stated.

    A run of a week or more may hold days on which the place is closed, unless the source excepted them.
    """

    first_day: date
    last_day: date
    opens: time | None = None
    closes: time | None = None

    @property
    def all_day(self) -> bool:
        """No hours are stated."""
        return self.opens is None

    @property
    def starts_at(self) -> datetime | None:
        """The first day's opening."""
        return None if self.opens is None else datetime.combine(self.first_day, self.opens, JST)

    @property
    def ends_at(self) -> datetime | None:
        """The last day's closing."""
        return None if self.closes is None else datetime.combine(self.last_day, self.closes, JST)


def occurrences(days: Days, hours: Hours) -> tuple[Occurrence, ...]:
    """In order of time. Raises `NotUnderstood` where sessions can't surely be given to days."""
    if 1 < len(hours.sessions) == days.count:
        raise _sessions_or_days()
    found = [
        occurrence
        for session in hours.sessions
        for run in days.runs
        for occurrence in _of_run(*run, session, hours)
    ]
    return tuple(sorted(found, key=lambda each: (each.first_day, each.opens or time.min)))


def _of_run(first: date, last: date, session: Session, hours: Hours) -> Iterable[Occurrence]:
    """One occurrence, or several where the closing time differs between the days."""
    days = [first + timedelta(n) for n in range((last - first).days + 1)]
    per_day = [(day, hours.closes_on(day, session.closes)) for day in days]
    start, closes = per_day[0]
    for (before, _), (day, other) in pairwise(per_day):
        if other != closes:
            yield _occurrence(start, before, session.opens, closes)
            start, closes = day, other
    yield _occurrence(start, last, session.opens, closes)


def _occurrence(first: date, last: date, opens: time | None, closes: time | None) -> Occurrence:
    if closes is not None and (opens is None or closes <= opens):
        raise not_a_time()
    return Occurrence(first, last, opens, closes)


def _sessions_or_days() -> HoursNotUnderstood:
    return HoursNotUnderstood(
        "sessions_or_days",
        "時間が日ごとのものか、毎日の各回のものか分かりません。日と時間を1つずつ入力してください。",
        "The times may be one for each day, or sessions of every day. Give each day with its times.",
    )
