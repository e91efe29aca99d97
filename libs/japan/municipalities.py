"""The prefectures and municipalities of Japan by their 全国地方公共団体コード: who can be a tenant.

Names repeat (府中市, 伊達市, 池田町 …), so a municipality is always keyed by its six-digit code, as text.
Code layout: JIS X 0401 (2 digits), JIS X 0402 (3 digits), check digit (MIC, 全国地方公共団体コード仕様).
"""

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from libs.errors.problems import InvalidInput

_DATA = Path(__file__).parent / "data"
_FIELD = "municipalityCode"
_SIX_DIGITS = re.compile(r"[0-9]{6}")
_FIVE_DIGITS = re.compile(r"[0-9]{5}")


@dataclass(frozen=True, slots=True)
class Municipality:
    """A prefecture (`name` is empty) or a municipality; `kind` is prefecture, designated_city, city, …"""

    code: str
    prefecture: str
    name: str
    prefecture_kana: str
    name_kana: str
    kind: str
    active: bool

    @property
    def display_name(self) -> str:
        """The name as one says it: 生駒市, and for a prefecture 奈良県."""
        return self.name or self.prefecture

    @property
    def is_prefecture(self) -> bool:
        return self.kind == "prefecture"

    @property
    def prefecture_code(self) -> str:
        """The two digits of JIS X 0401."""
        return self.code[:2]


def find(code: str) -> Municipality:
    """The active prefecture or municipality with this six-digit code; full-width digits are taken too.

    Raises `InvalidInput` with `detail` not_six_digits, wrong_check_digit, ward_of_designated_city,
    inactive_municipality or unknown_code.
    """
    digits = _six_digits(code)
    found = _municipalities().get(digits)
    if found is None:
        raise _not_listed(digits)
    if not found.active:
        raise _inactive(found)
    return found


def area(code: str) -> str:
    """The code of a municipality, a prefecture or a designated city's ward. Raises `InvalidInput`."""
    digits = unicodedata.normalize("NFKC", code).strip()
    return digits if digits in _wards() else find(code).code


def name_of(code: str) -> str:
    """What a municipality, prefecture or ward is called. Raises `InvalidInput`."""
    return _wards()[code][0] if code in _wards() else find(code).display_name


def around(code: str) -> list[str]:
    """The codes within this area and those it lies in: what serves either is of use to somebody there."""
    digits = unicodedata.normalize("NFKC", code).strip()
    if digits in _wards():
        city = _wards()[digits][1]
        return [digits, city.code, _prefecture_of(city).code]
    found = _municipalities().get(digits)
    if found is None:
        return [digits]
    wards = [ward for ward, (_, city) in _wards().items() if _is_within(city, found)]
    within = [each.code for each in _active() if _is_within(each, found)]
    return list(dict.fromkeys([*within, *wards, _prefecture_of(found).code]))


def named_around(code: str) -> list[str]:
    """As `around`, with the names too: for areas that people wrote in words."""
    codes = around(code)
    names: list[str] = []
    for each in codes:
        try:
            names.append(name_of(each))
        except InvalidInput:
            continue
    return [*codes, *dict.fromkeys(names)]


def all_active() -> tuple[Municipality, ...]:
    """Everybody who can be a tenant, in code order: 47 prefectures and 1,741 municipalities."""
    return _active()


def check_digit(code5: str) -> str:
    """The sixth digit: the last digit of 11 - (6·d1 + 5·d2 + 4·d3 + 3·d4 + 2·d5) mod 11."""
    if not _FIVE_DIGITS.fullmatch(code5):
        raise InvalidInput(
            _FIELD,
            "検査数字の計算には5桁の数字が必要です。",
            "Give five digits to compute the check digit.",
            detail="not_five_digits",
        )
    weighted = sum(weight * int(digit) for weight, digit in zip((6, 5, 4, 3, 2), code5, strict=True))
    return str((11 - weighted % 11) % 10)


def _is_within(place: Municipality, area: Municipality) -> bool:
    if area.is_prefecture:
        return place.prefecture_code == area.prefecture_code
    return place.code == area.code


def _prefecture_of(place: Municipality) -> Municipality:
    return next(
        each for each in _active() if each.is_prefecture and each.prefecture_code == place.prefecture_code
    )


def _six_digits(code: str) -> str:
    digits = unicodedata.normalize("NFKC", code).strip()
    if not _SIX_DIGITS.fullmatch(digits):
        raise InvalidInput(
            _FIELD,
            "全国地方公共団体コードは、検査数字を含む6桁の数字で入力してください。",
            "Give the local government code as six digits, check digit included.",
            detail="not_six_digits",
        )
    if check_digit(digits[:5]) != digits[5]:
        raise InvalidInput(
            _FIELD,
            "全国地方公共団体コードの検査数字が合いません。数字の打ち間違いがないかご確認ください。",
            "The check digit of this local government code is wrong. Look for a mistyped digit.",
            detail="wrong_check_digit",
        )
    return digits


def _not_listed(digits: str) -> InvalidInput:
    ward = _wards().get(digits)
    if ward is not None:
        return _ward(*ward)
    return InvalidInput(
        _FIELD,
        "この全国地方公共団体コードは一覧にありません。総務省の一覧でご確認ください。",
        "No local government has this code. Check it against the ministry's list.",
        detail="unknown_code",
    )


def _ward(ward: str, city: Municipality) -> InvalidInput:
    return InvalidInput(
        _FIELD,
        f"{ward}は政令指定都市の区です。{city.name}のコード（{city.code}）を入力してください。",
        f"{ward} is a ward of a designated city. Give the code of {city.name}, {city.code}.",
        detail="ward_of_designated_city",
    )


def _inactive(village: Municipality) -> InvalidInput:
    return InvalidInput(
        _FIELD,
        f"{village.name}（北方領土）には現在、自治体の行政がないため登録できません。",
        f"{village.name} (Northern Territories) has no administration now and cannot be registered.",
        detail="inactive_municipality",
    )


@cache
def _municipalities() -> dict[str, Municipality]:
    return {
        row["code"]: Municipality(
            code=row["code"],
            prefecture=row["prefecture"],
            name=row["name"],
            prefecture_kana=row["prefecture_kana"],
            name_kana=row["name_kana"],
            kind=row["kind"],
            active=row["active"] == "1",
        )
        for row in _rows("municipalities.csv")
    }


@cache
def _active() -> tuple[Municipality, ...]:
    return tuple(found for found in _municipalities().values() if found.active)


@cache
def _wards() -> dict[str, tuple[str, Municipality]]:
    """Ward code → the ward's name (which starts with its city's) and the city."""
    cities = [found for found in _active() if found.kind == "designated_city"]
    return {
        row["code"]: (row["name"], next(city for city in cities if row["name"].startswith(city.name)))
        for row in _rows("designated_city_wards.csv")
    }


def _rows(name: str) -> list[dict[str, str]]:
    with (_DATA / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
