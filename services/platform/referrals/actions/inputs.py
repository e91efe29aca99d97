"""What people typed, made fit to keep."""

import uuid
from collections.abc import Mapping
from datetime import date

from libs.errors.problems import InvalidInput
from libs.japan.text import clean
from services.platform.referrals.models import codes

SHORT: int = 200
LONG: int = 4_000
REQUIRED = "REQUIRED"


def required(text: str, field: str, length: int, *, multiline: bool = False) -> str:
    """Raises InvalidInput where nothing is left of it."""
    tidy = clean(text, field, length, multiline=multiline)
    if not tidy:
        raise InvalidInput(
            field, f"「{field}」を入力してください。", f"'{field}' is required.", detail=REQUIRED
        )
    return tidy


def person_texts(given: Mapping[str, str | None]) -> dict[str, str]:
    """The items of a case that were given; an item given as '' is emptied."""
    return {item: _item(item, text) for item, text in given.items() if text is not None}


def note_for(code: str, text: str | None, field: str) -> str | None:
    """The text beside a code; 'other' needs one. Raises InvalidInput."""
    tidy = clean(text or "", field, LONG, multiline=True)
    if code == "other" and not tidy:
        raise InvalidInput(
            field,
            "「その他」を選んだ場合は、内容を入力してください。",
            "Say what it is where you choose 'other'.",
            detail=REQUIRED,
        )
    return tidy or None


def identities(given: list[uuid.UUID | None], field: str) -> list[uuid.UUID]:
    """Each once, in order. Raises InvalidInput for none at all or another type's id."""
    if not given or None in given:
        raise InvalidInput(
            field,
            f"「{field}」に団体のIDを指定してください。",
            f"'{field}' needs ids of organisations.",
            detail=REQUIRED,
        )
    return list(dict.fromkeys(each for each in given if each is not None))


def _item(item: str, text: str) -> str:
    name = camel(item)
    tidy = clean(text, name, LONG, multiline=item not in ("person_name", "person_kana"))
    if item == "birth_date" and tidy:
        _check_date(tidy, name)
    if item == "contact_rule" and tidy not in codes.CONTACT_RULES:
        raise InvalidInput(name, "連絡の決まりを選んでください。", "Choose one of the contact rules.")
    return tidy


def _check_date(text: str, field: str) -> None:
    try:
        date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(
            field, "日付は 1950-03-04 の形で入力してください。", "Write the date like 1950-03-04."
        ) from None


def camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
