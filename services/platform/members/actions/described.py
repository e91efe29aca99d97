"""How an organisation describes itself: checked once, for its application and for every later edit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from libs.errors.problems import InvalidInput
from libs.japan import corporate_number
from libs.japan.text import clean, kana_key, search_key
from services.platform.inputs import mail_address, optional, required, web_address

NAME_LENGTH = 200
TEXT_LENGTH = 4_000
FIELDS_OF_WORK = 20


@dataclass(frozen=True, slots=True)
class Description:
    """What is shown of an organisation. None: as it was, or nothing yet; an empty text clears."""

    name: str | None = None
    name_kana: str | None = None
    corporate_number: str | None = None
    fields_of_work: Sequence[str] | None = None
    services: str | None = None
    area: str | None = None
    website: str | None = None
    work_contact: str | None = None
    work_email: str | None = None
    confidential_address: str | None = None
    application_statement: str | None = None


UNDESCRIBED: Mapping[str, Any] = {
    "name": "",
    "name_kana": "",
    "corporate_number": None,
    "fields_of_work": [],
    "services": "",
    "area": "",
    "website": None,
    "work_contact": None,
    "work_email": None,
    "confidential_address": None,
    "application_statement": None,
}


def columns_of(said: Description, before: Mapping[str, Any] = UNDESCRIBED) -> dict[str, Any]:
    """All columns that `said` and what was there `before` make, with the keys to find and sort by.

    Raises InvalidInput.
    """
    columns = {name: before[name] for name in UNDESCRIBED} | _checked(said)
    columns["name"] = required(columns["name"], "name", NAME_LENGTH)
    found_by = "\n".join(columns[name] for name in ("name", "name_kana", "services", "area"))
    columns["search_key"] = search_key(found_by)
    columns["sort_key"] = kana_key(columns["name_kana"] or columns["name"])
    return columns


def _checked(said: Description) -> dict[str, Any]:
    checked: dict[str, Any] = {}
    for name, (field, check) in _CHECKS.items():
        value = getattr(said, name)
        if value is not None:
            checked[name] = check(value, field)
    return checked


def _name(text: str, field: str) -> str:
    return clean(text, field, NAME_LENGTH)


def _text(text: str, field: str) -> str:
    return clean(text, field, TEXT_LENGTH, multiline=True)


def _optional_text(text: str, field: str) -> str | None:
    return optional(text, field, TEXT_LENGTH, multiline=True)


def _web_address(text: str, field: str) -> str | None:
    return web_address(text, field, NAME_LENGTH)


def _mail_address(text: str, field: str) -> str | None:
    return mail_address(text, field, NAME_LENGTH)


def _corporate_number(text: str, _: str) -> str | None:
    return corporate_number.validated(text) if text.strip() else None


def _fields_of_work(texts: Sequence[str], field: str) -> list[str]:
    if len(texts) > FIELDS_OF_WORK:
        raise InvalidInput(
            field,
            f"活動分野は{FIELDS_OF_WORK}個以内にしてください。",
            f"Name at most {FIELDS_OF_WORK} fields of work.",
            detail="TOO_MANY",
        )
    return list(dict.fromkeys(required(text, field, NAME_LENGTH) for text in texts))


_CHECKS: dict[str, tuple[str, Any]] = {
    "name": ("name", _name),
    "name_kana": ("nameKana", _name),
    "corporate_number": ("corporateNumber", _corporate_number),
    "fields_of_work": ("fieldsOfWork", _fields_of_work),
    "services": ("services", _text),
    "area": ("area", _name),
    "website": ("website", _web_address),
    "work_contact": ("workContact", _optional_text),
    "work_email": ("workEmail", _mail_address),
    "confidential_address": ("confidentialAddress", _optional_text),
    "application_statement": ("applicationStatement", _optional_text),
}
