"""What a row says of an event beside its time: place, fee, capacity, contact."""

import re
from dataclasses import dataclass
from typing import Final

from libs.japan.open_data.amounts import fee_in_yen, persons
from libs.japan.open_data.event_columns import LABELS, MORE
from libs.japan.open_data.outcomes import Note
from libs.japan.open_data.places import coordinates, telephone

_NOTHING: Final = frozenset({"", "-", "－", "ー", "―"})
_BY_LABEL: Final = {label: item for item, label in LABELS.items()}
_NO_LIMIT: Final = frozenset({"なし", "無し", "無", "制限なし"})
_URL = re.compile(r"https?://[!-~]+")
_SHIFTED_FEE = re.compile(r"無料|観覧券|[0-9０-９]円")
_SHIFTED_TIME = re.compile(r"整理券|[0-9０-９][:：][0-9０-９]|先着")


@dataclass(frozen=True, slots=True)
class Details:
    """Texts are the source's own; numbers are there only where the text says nothing else.

    `capacity_text` holds what `capacity` could not. None is not stated.
    """

    kana: str | None
    place: str | None
    address: str | None
    latitude: float | None
    longitude: float | None
    description: str | None
    fee: str | None
    fee_yen: int | None
    capacity: int | None
    capacity_text: str | None
    audience: str | None
    application: str | None
    url: str | None
    contact: str | None
    telephone: str | None
    more: tuple[tuple[str, str], ...] = ()
    """What else is written, by item of `event_columns.MORE`."""


def read_details(cells: dict[str, str], notes: list[Note]) -> Details:
    """Adds to `notes` whatever was not taken as it stood."""
    point = coordinates(cells.get("latitude", ""), cells.get("longitude", ""), notes)
    more = _more(cells)
    fee, capacity = _stated(cells, "fee"), _stated(cells, "capacity")
    fee_details = _stated(cells, "fee_details")
    _note_shifted(fee, capacity, notes)
    return Details(
        kana=_stated(cells, "kana"),
        place=_in_one_line(cells, "place"),
        address=_in_one_line(cells, "address"),
        latitude=point.latitude if point else None,
        longitude=point.longitude if point else None,
        description=_stated(cells, "description"),
        fee=" / ".join(filter(None, (fee, fee_details))) or None,
        fee_yen=fee_in_yen(fee) if fee and not fee_details else None,
        capacity=persons(capacity) if capacity else None,
        capacity_text=None if capacity in _NO_LIMIT else capacity,
        audience=_stated(cells, "audience") or more.pop("audience", None),
        application=_stated(cells, "application"),
        url=_url(cells.get("url", ""), notes),
        contact=_in_one_line(cells, "contact"),
        telephone=telephone(cells.get("telephone", ""), notes),
        more=tuple(more.items()),
    )


def _more(cells: dict[str, str]) -> dict[str, str]:
    """What a layout had no column for is taken out of 備考 again."""
    found = {item: text for item in MORE if (text := _stated(cells, item)) is not None}
    lines = found.pop("notes", "").split("\n")
    while lines and (said := _labelled(lines[0])) is not None and said[0] not in found:
        found[said[0]] = said[1]
        del lines[0]
    if notes := "\n".join(lines).strip():
        found["notes"] = notes
    return found


def _labelled(line: str) -> tuple[str, str] | None:
    label, mark, text = line.partition("：")
    item = _BY_LABEL.get(label)
    return None if item is None or not mark or not text.strip() else (item, text.strip())


def _stated(cells: dict[str, str], item: str) -> str | None:
    cell = cells.get(item, "")
    return None if cell in _NOTHING else cell


def _in_one_line(cells: dict[str, str], item: str) -> str | None:
    cell = _stated(cells, item)
    return " ".join(cell.split()) if cell else None


def _url(cell: str, notes: list[Note]) -> str | None:
    found = _URL.findall(cell)
    if len(found) == 1 and found[0] == cell:
        return cell
    if cell not in _NOTHING:
        notes.append(_URL_PICKED if len(found) == 1 else _NO_URL)
    return found[0] if len(found) == 1 else None


def _note_shifted(fee: str | None, capacity: str | None, notes: list[Note]) -> None:
    fee_is_none = bool(fee and _SHIFTED_TIME.search(fee) and not _SHIFTED_FEE.search(fee))
    if fee_is_none or (capacity and _SHIFTED_FEE.search(capacity)):
        notes.append(_COLUMNS_SHIFTED)


_URL_PICKED: Final = Note(
    "url_picked",
    "URL欄の文章からURLだけを取り込みました。",
    "Only the address was taken from the text in the URL cell.",
)
_NO_URL: Final = Note(
    "url_not_taken",
    "URL欄が1つのURLとして読めないため、取り込みません。",
    "The URL cell is not one address, so it is not taken.",
)
_COLUMNS_SHIFTED: Final = Note(
    "fee_or_capacity_misplaced",
    "料金欄と定員欄の内容が入れ替わっているようです。ご確認ください。",
    "Fee and capacity seem to hold each other's content. Check them.",
)
