"""Events as iCalendar text (RFC 5545), from the JSON that the anonymous viewer is answered with."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

from libs.japan.calendar import JST

MOST_OCTETS: Final = 75
DAY: Final = dt.timedelta(days=1)
# Japan has had one offset and no summer time since 1951-09-08
TIME_ZONE: Final = (
    "BEGIN:VTIMEZONE",
    "TZID:Asia/Tokyo",
    "BEGIN:STANDARD",
    "DTSTART:19510908T000000",
    "TZOFFSETFROM:+0900",
    "TZOFFSETTO:+0900",
    "TZNAME:JST",
    "END:STANDARD",
    "END:VTIMEZONE",
)
MODES: Final = {"ROOM": None, "ONLINE": "オンライン", "HYBRID": "会場・オンライン併用"}
LABELS: Final = {"audience": "対象", "fee": "料金", "inquiries": "問合せ先", "cancelReason": "中止の理由"}
ESCAPES: Final = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})

Card = Mapping[str, Any]


def calendar(tenant: str, events: Sequence[Card], meetings: Sequence[Card] = ()) -> bytes:
    """One VCALENDAR; each occurrence or meeting is a VEVENT whose UID stays the same through changes."""
    return _folded(
        [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Tsunagari//Events//JA",
            "CALSCALE:GREGORIAN",
            "METHOD:PUBLISH",
            f"X-WR-CALNAME:{tenant} つながりの行事",
            "X-WR-TIMEZONE:Asia/Tokyo",
            *TIME_ZONE,
            *(line for event in events for line in _event(tenant, event)),
            *(line for meeting in meetings for line in _meeting(tenant, meeting)),
            "END:VCALENDAR",
        ]
    )


def _event(tenant: str, event: Card) -> Iterator[str]:
    for occurrence in event["allOccurrences"]:
        yield "BEGIN:VEVENT"
        yield f"UID:{occurrence['id']}@{tenant}.tsunagari"
        yield from _times(occurrence)
        yield from _about(event, gone=occurrence["dropped"])
        yield "END:VEVENT"


def _meeting(tenant: str, meeting: Card) -> Iterator[str]:
    group = meeting["workingGroup"]
    yield "BEGIN:VEVENT"
    yield f"UID:{meeting['id']}@{tenant}.tsunagari"
    yield from _times({**meeting, "allDay": False, "days": 1})
    yield from _changes(meeting, gone=False)
    yield f"SUMMARY:{_text(meeting['title'])}"
    if meeting["venue"]:
        yield f"LOCATION:{_text(meeting['venue'])}"
    if group is not None and group["name"]:
        yield f"DESCRIPTION:{_text('部会: ' + group['name'])}"
    yield "END:VEVENT"


def _times(occurrence: Card) -> Iterator[str]:
    start, days = _japanese(occurrence["startsAt"]), int(occurrence["days"])
    if occurrence["allDay"]:
        yield f"DTSTART;VALUE=DATE:{start:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{start + days * DAY:%Y%m%d}"
        return
    yield f"DTSTART;TZID=Asia/Tokyo:{start:%Y%m%dT%H%M%S}"
    if occurrence["endsAt"] is not None:
        yield f"DTEND;TZID=Asia/Tokyo:{_japanese(occurrence['endsAt']):%Y%m%dT%H%M%S}"
    if days > 1:
        yield f"RRULE:FREQ=DAILY;COUNT={days}"


def _changes(event: Card, *, gone: bool) -> Iterator[str]:
    """How a calendar knows that what it holds is older, or called off."""
    changed = _moment(event["updatedAt"])
    yield f"DTSTAMP:{changed:%Y%m%dT%H%M%SZ}"
    yield f"LAST-MODIFIED:{changed:%Y%m%dT%H%M%SZ}"
    yield f"CREATED:{_moment(event['createdAt']):%Y%m%dT%H%M%SZ}"
    yield f"SEQUENCE:{event['version']}"
    yield f"STATUS:{'CANCELLED' if gone or event['state'] == 'CANCELLED' else 'CONFIRMED'}"


def _about(event: Card, *, gone: bool) -> Iterator[str]:
    yield from _changes(event, gone=gone)
    yield f"SUMMARY:{_text(event['title'])}"
    place = " ".join(filter(None, (event["venue"], event["address"], MODES[event["deliveryMode"]])))
    if place:
        yield f"LOCATION:{_text(place)}"
    if event["latitude"] is not None and event["longitude"] is not None:
        yield f"GEO:{event['latitude']:.6f};{event['longitude']:.6f}"
    if event["url"]:
        yield f"URL:{quote(event['url'], safe=_URI)}"
    if described := "\n".join(_description(event)):
        yield f"DESCRIPTION:{_text(described)}"


def _description(event: Card) -> Iterator[str]:
    if event["description"]:
        yield event["description"]
    if event["organiser"] is not None and event["organiser"]["name"]:
        yield f"主催: {event['organiser']['name']}"
    for field, label in LABELS.items():
        if event[field]:
            yield f"{label}: {event[field]}"
    if event["capacity"] is not None:
        yield f"定員: {event['capacity']}人"
    if event["deadline"] is not None:
        yield f"申込期限: {_japanese(event['deadline']):%Y-%m-%d %H:%M}"


_URI: Final = "!#$%&'()*+,-./:;=?@[]_~"


def _text(value: str) -> str:
    """TEXT; a control character other than tab has no place in it, whatever the source let through."""
    plain = "".join(each for each in value if each >= " " or each in "\n\t")
    return plain.replace("\x7f", "").translate(ESCAPES)


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).astimezone(dt.UTC)


def _japanese(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).astimezone(JST)


def _folded(lines: Iterable[str]) -> bytes:
    """Lines of at most 75 octets, broken between characters and never inside one."""
    return b"".join(part + b"\r\n" for line in lines for part in _parts(line))


def _parts(line: str) -> Iterator[bytes]:
    part = b""
    for character in line:
        octets = character.encode()
        if len(part) + len(octets) > MOST_OCTETS:
            yield part
            part = b" "
        part += octets
    yield part
