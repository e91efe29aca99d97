"""A row of a published list as an event's content: everything it says is kept, if only in the description."""

import datetime as dt
from collections.abc import Iterator
from typing import Final

from libs.japan.calendar import JST
from libs.japan.open_data.event_columns import LABELS
from libs.japan.open_data.events import UnderstoodEvent
from libs.japan.open_data.occurrences import Occurrence
from services.platform.events.content import EventContent
from services.platform.events.models.codes import OTHER
from services.platform.events.times import Times
from services.platform.events.words import CODES_OF_KINDS, CODES_OF_MODES

DAY: Final = dt.timedelta(days=1)


def content_of(result: UnderstoodEvent, organiser: str) -> EventContent:
    """The event that a row of the list describes; one applies for it as the list says, not here.

    `organiser` is the name of the organisation that imports it.
    """
    details, more = result.details, dict(result.details.more)
    kind = CODES_OF_KINDS.get(more.get("kind", ""))
    mode = CODES_OF_MODES.get(more.get("mode", ""))
    spoken_for = {"organiser"} if more.get("organiser") == organiser else set[str]()
    spoken_for |= {"kind"} if kind else set()
    spoken_for |= {"mode"} if mode else set()
    return EventContent(
        title=result.title,
        title_kana=details.kana or "",
        description="\n\n".join(_description(result, spoken_for)),
        occurrences=tuple(_times(each) for each in result.occurrences),
        delivery_mode=mode or "room",
        kind=kind or OTHER,
        venue=details.place or "",
        address=details.address or "",
        latitude=details.latitude,
        longitude=details.longitude,
        audience=details.audience or "",
        url=details.url,
        fee=details.fee or "",
        capacity=details.capacity,
        reservable=False,
        inquiries=" ".join(filter(None, (details.contact, details.telephone))),
    )


def _description(result: UnderstoodEvent, spoken_for: set[str]) -> Iterator[str]:
    details = result.details
    if details.description:
        yield details.description
    if details.capacity_text and details.capacity_text != str(details.capacity):
        yield f"定員: {details.capacity_text}"
    if details.application:
        yield f"申込: {details.application}"
    for item, text in details.more:
        if item == "notes":
            yield text
        elif item in LABELS and item not in spoken_for:
            yield f"{LABELS[item]}: {text}"


def _times(occurrence: Occurrence) -> Times:
    days = (occurrence.last_day - occurrence.first_day) // DAY + 1
    if occurrence.opens is None:
        midnight = dt.datetime.combine(occurrence.first_day, dt.time.min, JST)
        return Times(midnight, None, all_day=True, days=days)
    starts = dt.datetime.combine(occurrence.first_day, occurrence.opens, JST)
    if occurrence.closes is None:
        return Times(starts, None, days=days)
    return Times(starts, dt.datetime.combine(occurrence.first_day, occurrence.closes, JST), days=days)
