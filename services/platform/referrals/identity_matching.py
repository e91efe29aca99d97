"""Finds a case's own identity in a text that others will read: name, reading, birth date, address, contact.

A help beside `libs.japan.personal_data.scan`, which knows patterns but not the person.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from libs.japan.calendar import ERAS, era_date
from libs.japan.folded_text import fold
from libs.japan.personal_data import Finding
from libs.japan.text import search_key

_SHORTEST_PART: Final = {"person_name": 2, "person_kana": 3}
_PLACE_SUFFIX: Final = "市町村区県府都道郡駅"
_WINDOW: Final = 6
_DIGITS_IN_WINDOW: Final = 3


def identity_findings(text: str, identity: Mapping[str, str]) -> list[Finding]:
    """The places where `identity` (item → what is written of the person) shines through, in their order."""
    searched = _Searched(text)
    found = {finding for item, value in identity.items() for finding in _found(searched, item, value)}
    return sorted(found, key=lambda finding: (finding.start, finding.end))


class _Searched:
    """The text's search key, and where in the text each of its characters came from."""

    def __init__(self, text: str) -> None:
        self._folded = fold(text)
        pairs = [
            (letter, index)
            for index, character in enumerate(self._folded.text)
            for letter in search_key(character)
        ]
        self.key = "".join(letter for letter, _ in pairs)
        self._origins = [index for _, index in pairs]

    def occurrences(self, needle: str) -> Iterator[tuple[int, int]]:
        for found in re.finditer(re.escape(needle), self.key):
            yield found.span()

    def finding(self, kind: str, start: int, end: int) -> Finding:
        first, last = self._origins[start], self._origins[end - 1]
        return Finding(kind, *self._folded.original_span(first, last + 1))


def _found(searched: _Searched, item: str, value: str) -> Iterator[Finding]:
    for needle in _needles(item, value):
        for start, end in searched.occurrences(needle):
            if item != "person_name" or searched.key[end : end + 1] not in tuple(_PLACE_SUFFIX):
                yield searched.finding(item, start, end)


def _needles(item: str, value: str) -> set[str]:
    match item:
        case "person_name" | "person_kana":
            return _names(value, _SHORTEST_PART[item])
        case "birth_date":
            return _spellings(date.fromisoformat(value))
        case "address" | "contact":
            return _telling_windows(search_key(value))
        case _:
            return set()


def _names(value: str, shortest: int) -> set[str]:
    parts = {search_key(part) for part in (value, *value.split())}
    return {part for part in parts if len(part) >= shortest}


def _spellings(day: date) -> set[str]:
    """The day as people write it; `scan` knows the patterns that say birth date by themselves."""
    year, month, number = day.year, day.month, day.day
    written = [
        f"{year}年{month}月{number}日",
        f"{year}年{month:02}月{number:02}日",
        f"{year}/{month}/{number}",
        f"{year}.{month}.{number}",
        day.isoformat(),
        f"{day:%Y/%m/%d}",
    ]
    era = era_date(day) if day >= ERAS[-1].first_day else ""
    return {search_key(each) for each in (*written, era) if each}


def _telling_windows(key: str) -> set[str]:
    """Stretches that hardly anybody else has: with a mail address's @, or with several digits."""
    windows = {key[start : start + _WINDOW] for start in range(len(key) - _WINDOW + 1)}
    return {each for each in windows if "@" in each or sum(map(str.isdigit, each)) >= _DIGITS_IN_WINDOW}
