"""Events written as open data, so that reading them again gives the same events.

What a layout has no column for stands in 備考 under its label, several days in the remark.
"""

import codecs
import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from libs.errors.problems import InvalidInput
from libs.japan.open_data import occurrence_texts
from libs.japan.open_data.event_columns import LABELS, LAYOUTS
from libs.japan.open_data.events import UnderstoodEvent
from libs.japan.open_data.occurrences import Occurrence
from libs.japan.open_data.tables import FORMULA, QUOTE

ENCODINGS: Final[Mapping[str, tuple[str, bytes]]] = {
    "utf-8": ("utf-8", b""),
    "utf-8-bom": ("utf-8", codecs.BOM_UTF8),
    "cp932": ("cp932", b""),
    "utf-16": ("utf-16-le", codecs.BOM_UTF16_LE),
}


@dataclass(frozen=True, slots=True)
class Publisher:
    """The municipality whose list it is; empty where the platform is of none alone."""

    code: str = ""
    prefecture: str = ""
    city: str = ""


ANY_PUBLISHER: Final = Publisher()


def write_events(
    events: Iterable[UnderstoodEvent],
    layout: str,
    encoding: str = "utf-8-bom",
    publisher: Publisher = ANY_PUBLISHER,
) -> bytes:
    """A CSV in one of `LAYOUTS` and `ENCODINGS`.

    Raises InvalidInput for a character that the encoding has no room for.
    """
    columns, file = LAYOUTS[layout], io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow([heading for heading, _ in columns])
    known = {item for _, item in columns if item is not None}
    for event in events:
        items = _items(event, publisher)
        items["notes"] = _notes(items, known)
        writer.writerow([_safe(items.get(item or "", "")) for _, item in columns])
    name, mark = ENCODINGS[encoding]
    try:
        return mark + file.getvalue().encode(name)
    except UnicodeEncodeError as error:
        raise _no_room(error.object[error.start], encoding) from None


def _items(event: UnderstoodEvent, publisher: Publisher) -> dict[str, str]:
    details = event.details
    stated = {
        "title": event.title,
        "kana": details.kana,
        "place": details.place,
        "address": details.address,
        "latitude": None if details.latitude is None else repr(details.latitude),
        "longitude": None if details.longitude is None else repr(details.longitude),
        "description": details.description,
        "fee": details.fee,
        "charged": None if details.fee_yen is None else "有料" if details.fee_yen else "無料",
        "capacity": details.capacity_text or (None if details.capacity is None else str(details.capacity)),
        "audience": details.audience,
        "application": details.application,
        "url": details.url,
        "contact": details.contact,
        "telephone": details.telephone,
        "code": publisher.code,
        "prefecture": publisher.prefecture,
        "city": publisher.city,
        "publisher": publisher.city or publisher.prefecture,
        **dict(details.more),
        **_times(event.occurrences),
    }
    return {item: text for item, text in stated.items() if text}


def _times(occurrences: tuple[Occurrence, ...]) -> dict[str, str]:
    first = occurrences[0]
    times = {
        "first_day": min(each.first_day for each in occurrences).isoformat(),
        "last_day": max(each.last_day for each in occurrences).isoformat(),
        "opens": "" if first.opens is None else f"{first.opens:%H:%M}",
        "closes": "" if first.closes is None else f"{first.closes:%H:%M}",
    }
    return times if len(occurrences) == 1 else {**times, "remark": occurrence_texts.said(occurrences)}


def _notes(items: Mapping[str, str], known: set[str]) -> str:
    homeless = [
        f"{label}：{' '.join(items[item].split())}"
        for item, label in LABELS.items()
        if item in items and item not in known
    ]
    return "\n".join([*homeless, *filter(None, [items.get("notes", "")])])


def _safe(cell: str) -> str:
    """A spreadsheet takes such a cell for a formula; readers of ours take the quote away again."""
    return QUOTE + cell if FORMULA.match(cell) else cell


def _no_room(character: str, encoding: str) -> InvalidInput:
    return InvalidInput(
        "encoding",
        f"「{character}」はこの文字コード（{encoding}）では表せません。UTF-8をお選びください。",
        f"{encoding} has no room for {character!r}. Choose UTF-8.",
        detail="NO_ROOM",
    )
