"""Fee and capacity cells: a number only where the cell says nothing else; the text is kept beside it."""

import re
import unicodedata

_FREE = re.compile(r"無料(?:・申込不要)?")
_YEN = re.compile(
    r"(?:受講料|参加費|参加料|材料費|観覧料|入場料|料金)?(?P<yen>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)円?"
)
_PERSONS = re.compile(
    r"(?:当日先着|申込先着|先着順?|定員|抽選)?(?P<persons>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)[人名]?(?:\((?:当日)?(?:先着|抽選)順?\))?"
)


def fee_in_yen(text: str) -> int | None:
    """0 for 無料, the amount where one is named for everybody; None where it differs or is unclear."""
    plain = _plain(text)
    if _FREE.fullmatch(plain):
        return 0
    found = _YEN.fullmatch(plain)
    return _number(found["yen"]) if found else None


def persons(text: str) -> int | None:
    """The number of people who can come; None for groups (組), 程度, several numbers, or none."""
    found = _PERSONS.fullmatch(_plain(text))
    return _number(found["persons"]) if found else None


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _number(digits: str) -> int:
    return int(digits.replace(",", ""))
