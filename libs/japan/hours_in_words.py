"""Opening hours as a notice on a door says them: 「月～金曜 9:00～17:00。祝日休み」."""

from collections.abc import Sequence
from typing import Final

from libs.japan.calendar import era_date
from libs.japan.opening_hours import Hours, OtherDay, Rule

_JA: Final = "月火水木金土日"
_EN: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_NTH: Final = {1: "1st", 2: "2nd", 3: "3rd", 4: "4th", 5: "5th", -1: "last"}
_RUN: Final = 3
"""From so many days in a row on they are said as a span."""


def in_japanese(hours: Hours) -> str:
    """Empty where nothing is said of the hours."""
    parts = [f"{_days_ja(rule)} {rule.clock}{_from_to_ja(rule)}" for rule in hours.rules]
    if hours.closed_on_holidays:
        parts.append("祝日休み")
    if hours.closed_at_year_end:
        parts.append("12月29日～1月3日休み")
    return "。".join([*parts, *(_exception_ja(each) for each in hours.exceptions)])


def in_english(hours: Hours) -> str:
    parts = [f"{_days_en(rule)} {_clock_en(str(rule.clock))}{_from_to_en(rule)}" for rule in hours.rules]
    if hours.closed_on_holidays:
        parts.append("closed on national holidays")
    if hours.closed_at_year_end:
        parts.append("closed December 29 to January 3")
    return "; ".join([*parts, *(_exception_en(each) for each in hours.exceptions)])


def _days_ja(rule: Rule) -> str:
    if rule.freq == "DAILY":
        return "毎日" if rule.interval == 1 else f"{rule.interval}日ごと"
    if rule.freq == "WEEKLY":
        weekdays = f"{_weekdays(rule, _JA, '～', '・')}曜"
        return weekdays if rule.interval == 1 else f"{_every_ja(rule.interval, '週')}{weekdays}"
    turn = "毎月" if rule.interval == 1 else _every_ja(rule.interval, "月")
    days = [f"{day}日" for day in rule.by_month_day] + _nths_ja(rule)
    return turn + "・".join(days)


def _every_ja(interval: int, unit: str) -> str:
    return f"隔{unit}" if interval == 2 else f"{interval}{'か月' if unit == '月' else '週'}ごとの"  # noqa: PLR2004 - every other one


def _nths_ja(rule: Rule) -> list[str]:
    """第1・第3水曜, 最終金曜: the ordinals of one weekday together."""
    said: list[str] = []
    for weekday in sorted({weekday for _, weekday in rule.by_day}):
        nths = [nth for nth, each in rule.by_day if each == weekday]
        ordinals = "・".join("最終" if nth == -1 else f"第{nth}" for nth in nths)
        said.append(f"{ordinals}{_JA[weekday]}曜")
    return said


def _days_en(rule: Rule) -> str:
    if rule.freq == "DAILY":
        return "daily" if rule.interval == 1 else f"every {rule.interval} days"
    if rule.freq == "WEEKLY":
        weekdays = _weekdays(rule, _EN, "–", ", ")
        return weekdays if rule.interval == 1 else f"every {rule.interval} weeks on {weekdays}"
    days = [f"day {day}" for day in rule.by_month_day]
    days += [f"{_NTH[nth]} {_EN[weekday]}" for nth, weekday in rule.by_day]
    of = "of the month" if rule.interval == 1 else f"of every {rule.interval} months"
    return f"{', '.join(days)} {of}"


def _weekdays(rule: Rule, names: Sequence[str], to: str, between: str) -> str:
    """月～金, 火・木: in their order, runs as spans."""
    days = sorted({weekday for _, weekday in rule.by_day})
    runs: list[list[int]] = []
    for day in days:
        if runs and day == runs[-1][-1] + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    said = [
        f"{names[run[0]]}{to}{names[run[-1]]}"
        if len(run) >= _RUN
        else between.join(names[day] for day in run)
        for run in runs
    ]
    return between.join(said)


def _from_to_ja(rule: Rule) -> str:
    begins = f"{era_date(rule.starts_on)}から" if rule.starts_on else ""
    ends = f"{era_date(rule.ends_on)}まで" if rule.ends_on else ""
    return f"({begins}{ends})" if begins or ends else ""


def _from_to_en(rule: Rule) -> str:
    begins = f" from {rule.starts_on.isoformat()}" if rule.starts_on else ""
    return begins + (f" until {rule.ends_on.isoformat()}" if rule.ends_on else "")


def _exception_ja(each: OtherDay) -> str:
    note = f"({each.note})" if each.note else ""
    return f"{era_date(each.on)}{'休み' if each.clock is None else f' {each.clock}'}{note}"


def _exception_en(each: OtherDay) -> str:
    hours = "closed" if each.clock is None else _clock_en(str(each.clock))
    return f"{each.on.isoformat()} {hours}" + (f" ({each.note})" if each.note else "")


def _clock_en(text: str) -> str:
    return text.replace("～", "–")
