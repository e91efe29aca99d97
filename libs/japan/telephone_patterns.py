"""Japanese telephone numbers in free text: domestic and +81, any usual separator, by their grouping.

Shapes: 0 and 9 digits (fixed lines, 0120, 0570), or 0[5-9]0 and 8 digits (mobile, IP, 0800).
"""

import re
from collections.abc import Iterator
from typing import Final

from libs.japan.folded_text import with_arabic_digits

_GAP = r"[ ().・/ーの-]{0,2}"
_NUMBER = re.compile(rf"(?<![0-9])(?:\+ ?81{_GAP}0?|0081{_GAP}0?|\(?0)(?:{_GAP}[0-9]){{8,10}}(?![0-9])")
_SHORT = re.compile(
    r"(?:TEL|Tel|tel|電話|でんわ|携帯|☎)(?:番号)?[はが: .]{0,3}(?P<number>[0-9]{1,4}-[0-9]{4})(?![0-9])"
)
_COUNTRY = re.compile(rf"(?:\+ ?81|0081){_GAP}(?:0[)]?)?")
_LONGEST_AREA_CODE: Final = 5
_FIXED, _MOBILE = 10, 11


def telephones(text: str) -> Iterator[tuple[int, int]]:
    """Spans of telephone numbers in folded text."""
    arabic = with_arabic_digits(text)
    for found in _NUMBER.finditer(arabic):
        if _is_telephone(_COUNTRY.sub("0", found[0])):
            lone_bracket = found[0].startswith("(") and ")" not in found[0]
            yield found.start() + lone_bracket, found.end()
    for found in _SHORT.finditer(arabic):
        yield found.span("number")


def _is_telephone(number: str) -> bool:
    groups = re.findall("[0-9]+", number)
    digits = "".join(groups)
    if len(digits) == _MOBILE:
        return re.match("0[5-9]0", digits) is not None and _grouped(groups)
    return len(digits) == _FIXED and digits[1] != "0" and _grouped(groups)


def _grouped(groups: list[str]) -> bool:
    """One run, single digits spelt out, or an area code and a last group of three or more."""
    if len(groups) == 1 or all(len(group) == 1 for group in groups):
        return True
    return 2 <= len(groups[0]) <= _LONGEST_AREA_CODE and len(groups[-1]) >= 3 and len(groups) <= 4  # noqa: PLR2004
