"""Coordinates and telephone numbers as open data writes them."""

import re
import unicodedata
from dataclasses import dataclass

from libs.japan.open_data.outcomes import Note

_DECIMAL = re.compile(r"[0-9]{1,3}(?:\.[0-9]+)?")
_HYPHENS = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212ー", "-"))
_TELEPHONE = re.compile(
    r"(?:\(0[0-9]{1,4}\)|0[0-9]{1,4}-)[0-9]{1,4}-[0-9]{3,4}|0[0-9]{3}-[0-9]{6}|0[0-9]{9,10}"
)
_LATITUDES = (20.0, 46.0)
_LONGITUDES = (122.0, 154.1)
_DIGITS = (10, 11)


@dataclass(frozen=True, slots=True)
class Coordinates:
    """Decimal degrees within Japan (20-46 N, 122-154 E, 南鳥島 included)."""

    latitude: float
    longitude: float


def coordinates(latitude: str, longitude: str, notes: list[Note]) -> Coordinates | None:
    """The point, or None: with a note when something was written that is no point in Japan."""
    if not latitude and not longitude:
        return None
    north, east = _degrees(latitude), _degrees(longitude)
    if north is None or east is None or not _within(north, _LATITUDES) or not _within(east, _LONGITUDES):
        notes.append(_NO_POINT)
        return None
    return Coordinates(north, east)


def telephone(text: str, notes: list[Note]) -> str | None:
    """One number in half-width digits and hyphens, or None: with a note when the cell holds anything else."""
    if not text or text in "-－":
        return None
    number = "".join(unicodedata.normalize("NFKC", text).translate(_HYPHENS).split())
    if not _TELEPHONE.fullmatch(number) or sum(map(str.isdigit, number)) not in _DIGITS:
        notes.append(_NO_TELEPHONE)
        return None
    return number.replace("(", "").replace(")", "-")


def _degrees(text: str) -> float | None:
    digits = unicodedata.normalize("NFKC", text)
    return float(digits) if _DECIMAL.fullmatch(digits) else None


def _within(value: float, bounds: tuple[float, float]) -> bool:
    return bounds[0] <= value <= bounds[1]


_NO_POINT = Note(
    "coordinates_not_in_japan",
    "緯度・経度が日本国内の10進の度ではないため、位置は取り込みません。",
    "Latitude and longitude are no decimal degrees within Japan, so no position is taken.",
)
_NO_TELEPHONE = Note(
    "telephone_not_taken",
    "電話番号が1つの番号として読めないため、取り込みません。",
    "The telephone cell is not one telephone number, so it is not taken.",
)
