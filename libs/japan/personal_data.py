"""Finds what identifies a person in free text: telephone, e-mail, マイナンバー, address, birth date.

A help for the writer of a board card, not a guarantee: names and circumstances that point to one person are
beyond patterns.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from libs.japan.address_patterns import ADDRESS, POSTAL_CODE
from libs.japan.folded_text import FoldedText, fold, with_arabic_digits
from libs.japan.telephone_patterns import telephones


@dataclass(frozen=True, slots=True)
class Finding:
    """`kind` is telephone, email, my_number, postal_code, address or birth_date.

    `start` and `end` are offsets in the text as it was given.
    """

    kind: str
    start: int
    end: int


def scan(text: str) -> list[Finding]:
    """The findings in order of place, without overlaps. Full-width and spaced-out spellings are found too."""
    folded = fold(text)
    found: list[Finding] = []
    for kind, spans in _DETECTORS:
        for start, end in spans(folded.text):
            finding = _finding(kind, folded, start, end)
            if not any(finding.start < other.end and other.start < finding.end for other in found):
                found.append(finding)
    return sorted(found, key=lambda each: each.start)


def is_my_number(digits: str) -> bool:
    """Twelve digits whose last is the check digit of 番号法総務省令 (平成26年第85号) 5条."""
    if not _TWELVE_DIGITS.fullmatch(digits):
        return False
    weighted = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False))
    remainder = weighted % 11
    return int(digits[11]) == (0 if remainder <= 1 else 11 - remainder)


_TWELVE_DIGITS = re.compile(r"[0-9]{12}")
_WEIGHTS: Final = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
_MY_NUMBER = re.compile(r"(?<![0-9])[0-9]{4}[ ー-]?[0-9]{4}[ ー-]?[0-9]{4}(?![0-9])")
_EMAIL = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9._%+-]{0,63} ?(?:@|[(\[<](?:at|アット|あっと)[)\]>]|アットマーク|あっとまーく) ?"
    r"[A-Za-z0-9-]{1,63}(?: ?(?:\.|[(\[<]dot[)\]>]|ドット) ?[A-Za-z0-9-]{2,63}){1,5}",
    re.IGNORECASE,
)
_FULL_DATE = (
    r"(?:(?:明治|大正|昭和|平成|令和|[MTSHR])(?:元|[0-9]{1,2})|(?:18|19|20)[0-9]{2}) ?[年./-] ?"
    r"[0-9]{1,2} ?(?:月(?: ?[0-9]{1,2} ?日)?|[./-] ?[0-9]{1,2})"
)
_LONG_AGO = (
    r"(?:(?:明治|大正|昭和)(?:元|[0-9]{1,2})|(?<![0-9])(?:18|19)[0-9]{2}) ?[年./-] ?"
    r"[0-9]{1,2} ?(?:月 ?[0-9]{1,2} ?日|[./-] ?[0-9]{1,2}(?![0-9]))"
)
_BIRTH_DATE = re.compile(
    rf"(?:生年月日|誕生日|生まれた日)[はが:\s]{{0,3}}(?:{_FULL_DATE}|[0-9]{{1,2}}月[0-9]{{1,2}}日)"
    rf"|(?<![0-9A-Za-z]){_FULL_DATE} ?\(?(?:生まれ|うまれ|産まれ|生(?![一-龠]))"
    rf"|{_LONG_AGO}"
)


def _my_numbers(text: str) -> Iterator[tuple[int, int]]:
    for found in _MY_NUMBER.finditer(with_arabic_digits(text)):
        if is_my_number(re.sub("[^0-9]", "", found[0])):
            yield found.span()


def _by(pattern: re.Pattern[str]) -> Callable[[str], Iterator[tuple[int, int]]]:
    return lambda text: (found.span() for found in pattern.finditer(text))


_DETECTORS: Final = (
    ("email", _by(_EMAIL)),
    ("birth_date", _by(_BIRTH_DATE)),
    ("telephone", telephones),
    ("my_number", _my_numbers),
    ("postal_code", _by(POSTAL_CODE)),
    ("address", _by(ADDRESS)),
)
"""In order of precedence: what an earlier one has found is not found again by a later one."""


def _finding(kind: str, folded: FoldedText, start: int, end: int) -> Finding:
    return Finding(kind, *folded.original_span(start, end))
