"""What an organisation says of a service or place, checked and made ready for its columns."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from libs.errors.problems import InvalidInput
from libs.japan import municipalities
from libs.japan.text import clean, kana_key, search_key
from services.platform.inputs import mail_address, optional, required, web_address
from services.platform.resources.actions.hours import SaidHours

NAME_LENGTH: Final = 200
LINE_LENGTH: Final = 500
TEXT_LENGTH: Final = 4_000
URL_LENGTH: Final = 1_000
MOST_AREAS: Final = 50
MOST_LANGUAGES: Final = 30
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_POSTAL_CODE: Final = re.compile(r"[0-9]{7}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is. `confidential`: nobody outside its organisation reads any of this."""

    confidential: bool = False
    name: str = ""
    municipality_code: str | None = None
    postal_code: str | None = None
    address: str = ""
    building: str = ""
    latitude: float | None = None
    longitude: float | None = None
    access: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    kind: str
    name: str
    name_kana: str = ""
    description: str = ""
    eligibility: str = ""
    areas: Sequence[str] = ()
    fee: str = ""
    languages: Sequence[str] = ("ja",)
    phone: str | None = None
    email: str | None = None
    url: str | None = None
    hours: SaidHours = field(default_factory=SaidHours)
    place: Place = field(default_factory=Place)


def columns(content: Content) -> dict[str, Any]:
    """All columns but those of the hours. Raises InvalidInput for the field in question."""
    texts = _texts(content)
    found_by = (texts[name] for name in ("name", "name_kana", "description", "eligibility"))
    return {
        **texts,
        "kind": content.kind,
        "search_key": search_key("\n".join(found_by)),
        "sort_key": kana_key(texts["name_kana"] or texts["name"]),
        "areas": _areas(content.areas),
        "languages": _languages(content.languages),
        "phone": optional(content.phone, "phone", NAME_LENGTH),
        "email": mail_address(content.email, "email", NAME_LENGTH),
        "url": web_address(content.url, "url", URL_LENGTH),
        **_place(content.place),
    }


def _texts(content: Content) -> dict[str, str]:
    return {
        "name": required(content.name, "name", NAME_LENGTH),
        "name_kana": clean(content.name_kana, "nameKana", NAME_LENGTH),
        "description": clean(content.description, "description", TEXT_LENGTH, multiline=True),
        "eligibility": clean(content.eligibility, "eligibility", LINE_LENGTH, multiline=True),
        "fee": clean(content.fee, "fee", LINE_LENGTH, multiline=True),
    }


def _place(place: Place) -> dict[str, Any]:
    code = place.municipality_code
    return {
        "address_confidential": place.confidential,
        "place_name": clean(place.name, "place", NAME_LENGTH),
        "municipality_code": municipalities.find(code).code if code else None,
        "postal_code": _postal_code(place.postal_code),
        "address": clean(place.address, "address", LINE_LENGTH),
        "building": clean(place.building, "building", LINE_LENGTH),
        "latitude": _degrees(place.latitude, "latitude", 90),
        "longitude": _degrees(place.longitude, "longitude", 180),
        "access": clean(place.access, "access", LINE_LENGTH, multiline=True),
    }


def _areas(codes: Sequence[str]) -> list[str]:
    if len(codes) > MOST_AREAS:
        raise _wrong(
            "areas", "TOO_MANY", f"地域は{MOST_AREAS}個以内にしてください。", f"At most {MOST_AREAS} areas."
        )
    return list(dict.fromkeys(municipalities.area(code) for code in codes))


def _languages(tags: Sequence[str]) -> list[str]:
    if len(tags) > MOST_LANGUAGES or not all(_LANGUAGE.fullmatch(tag) for tag in tags):
        raise _wrong(
            "languages",
            "LANGUAGE",
            "言語は ja、en、zh-Hans のようなコードで入力してください。",
            "Give languages as codes like ja, en, zh-Hans.",
        )
    return list(dict.fromkeys(tags))


def _postal_code(text: str | None) -> str | None:
    tidy = optional(text, "postalCode", LINE_LENGTH)
    digits = None if tidy is None else tidy.replace("-", "").removeprefix("〒")
    if digits is not None and not _POSTAL_CODE.fullmatch(digits):
        raise _wrong("postalCode", "POSTAL_CODE", "郵便番号は7桁です。", "A postal code has seven digits.")
    return digits


def _degrees(given: float | None, field: str, most: int) -> float | None:
    if given is not None and not -most <= given <= most:
        raise _wrong(
            field, "DEGREES", f"-{most}から{most}までの度数です。", f"Degrees from -{most} to {most}."
        )
    return given


def _wrong(field: str, detail: str, ja: str, en: str) -> InvalidInput:
    return InvalidInput(field, ja, en, detail=detail)
