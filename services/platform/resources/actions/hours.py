"""Hours as they are kept: as they were given, in words, and worked out for the coming weeks."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import asyncpg

from libs.errors.problems import InvalidInput
from libs.japan.hours_in_words import in_english, in_japanese
from libs.japan.opening_hours import Clock, Hours, OtherDay, rule
from libs.japan.text import clean
from libs.tenancy.viewer import JAPAN

MOST_RULES: Final = 20
MOST_DAYS: Final = 100
NOTE_LENGTH: Final = 100
AHEAD: Final = dt.timedelta(days=62)
RENEWED_AFTER: Final = dt.timedelta(days=28)
FIELD: Final = "hours"


@dataclass(frozen=True, slots=True)
class SaidRule:
    """`rrule` as in RFC 5545; times as on a clock ("9:00", "24:00")."""

    rrule: str
    opens: str
    closes: str
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class SaidDay:
    """A day on which the rules do not hold; without times it is closed."""

    on: dt.date
    opens: str | None = None
    closes: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class SaidHours:
    rules: Sequence[SaidRule] = ()
    days: Sequence[SaidDay] = ()
    closed_on_holidays: bool = False
    closed_at_year_end: bool = False


def kept(said: SaidHours) -> dict[str, Any]:
    """The JSON of hours that are in order. Raises InvalidInput."""
    if len(said.rules) > MOST_RULES or len(said.days) > MOST_DAYS:
        raise InvalidInput(
            FIELD,
            f"利用時間は{MOST_RULES}件、例外の日は{MOST_DAYS}件までにしてください。",
            f"Give at most {MOST_RULES} rules and {MOST_DAYS} other days.",
            detail="TOO_MANY",
        )
    written: dict[str, Any] = {
        "rules": [_rule(each) for each in said.rules],
        "days": [_day(each) for each in sorted(said.days, key=lambda each: each.on)],
        "closedOnHolidays": said.closed_on_holidays,
        "closedAtYearEnd": said.closed_at_year_end,
    }
    read(written)
    return written


def columns(written: Mapping[str, Any], now: dt.datetime) -> dict[str, Any]:
    """What the hours are in words, and when it is open from today on."""
    hours = read(written)
    return {
        "hours": written,
        "hours_ja": in_japanese(hours),
        "hours_en": in_english(hours),
        **worked_out(hours, now),
    }


def worked_out(hours: Hours, now: dt.datetime) -> dict[str, Any]:
    """The spans from yesterday on (a night may last into today), and the day up to which they are known."""
    today = now.astimezone(JAPAN).date()
    last = today + AHEAD
    spans = hours.spans(today - dt.timedelta(days=1), last)
    is_said = bool(hours.rules or hours.exceptions)
    return {
        "open_times": [asyncpg.Range(begins, ends) for begins, ends in spans],
        "open_times_until": last if is_said else None,
    }


def read(written: Mapping[str, Any]) -> Hours:
    """Of the JSON as it is kept. Raises InvalidInput."""
    return Hours(
        tuple(
            rule(
                each["rrule"],
                each["opens"],
                each["closes"],
                FIELD,
                starts_on=_date(each["startsOn"]),
                ends_on=_date(each["endsOn"]),
            )
            for each in written.get("rules", ())
        ),
        tuple(
            OtherDay(dt.date.fromisoformat(each["on"]), _clock(each), each["note"])
            for each in written.get("days", ())
        ),
        closed_on_holidays=written.get("closedOnHolidays", False),
        closed_at_year_end=written.get("closedAtYearEnd", False),
    )


def _rule(each: SaidRule) -> dict[str, Any]:
    return {
        "rrule": each.rrule.strip().upper().removeprefix("RRULE:"),
        "opens": each.opens.strip(),
        "closes": each.closes.strip(),
        "startsOn": _text(each.starts_on),
        "endsOn": _text(each.ends_on),
    }


def _day(each: SaidDay) -> dict[str, Any]:
    note = clean(each.note, FIELD, NOTE_LENGTH)
    return {"on": each.on.isoformat(), "opens": each.opens, "closes": each.closes, "note": note}


def _clock(each: Mapping[str, Any]) -> Clock | None:
    if each["opens"] is None and each["closes"] is None:
        return None
    return Clock.read(each["opens"] or "", each["closes"] or "", FIELD)


def _text(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()


def _date(text: str | None) -> dt.date | None:
    return None if text is None else dt.date.fromisoformat(text)
