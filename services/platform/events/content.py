"""What an organiser says of an event, checked and made ready for its columns."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from libs.japan.text import clean, search_key
from services.platform.events import terms
from services.platform.events.models.codes import OTHER
from services.platform.events.terms import Terms
from services.platform.events.times import Times, moment, span_of, wrong
from services.platform.inputs import required, web_address

TITLE_LENGTH: Final = 300
LINE_LENGTH: Final = 500
TEXT_LENGTH: Final = 8_000
URL_LENGTH: Final = 1_000
MOST_CAPACITY: Final = 100_000
MOST_SPEAKERS: Final = 30
NAME_LENGTH: Final = 200


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody from outside; not `shown`, only who runs the event reads of them."""

    name: str
    affiliation: str = ""
    shown: bool = True


@dataclass(frozen=True, slots=True)
class EventContent:
    """An event as its organiser describes it; `capacity` in persons, None for no limit."""

    title: str
    occurrences: tuple[Times, ...]
    delivery_mode: str
    title_kana: str = ""
    description: str = ""
    venue: str = ""
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None
    audience: str = ""
    join_url: str | None = None
    url: str | None = None
    fee: str = ""
    capacity: int | None = None
    reservable: bool = True
    deadline: dt.datetime | None = None
    inquiries: str = ""
    kind: str = OTHER
    speakers: tuple[Speaker, ...] = ()
    co_hosts: tuple[uuid.UUID, ...] = ()
    terms: Terms = field(default_factory=Terms)


def columns(content: EventContent, times: Sequence[Times]) -> dict[str, Any]:
    """The event's columns; `times` are the checked ones. Raises InvalidInput for the field in question."""
    texts = _texts(content)
    span, capacity = span_of(times), _capacity(content.capacity)
    return {
        **texts,
        **span,
        **terms.columns(content.terms, capacity),
        "kind": content.kind,
        "co_host_ids": list(dict.fromkeys(content.co_hosts)),
        "speakers": _speakers(content.speakers),
        "search_key": search_key(
            "\n".join(texts[name] for name in ("title", "title_kana", "description", "venue"))
        ),
        "delivery_mode": content.delivery_mode,
        "latitude": _degrees(content.latitude, "latitude", 90),
        "longitude": _degrees(content.longitude, "longitude", 180),
        "join_url": _join_url(content),
        "url": web_address(content.url, "url", URL_LENGTH),
        "capacity": capacity,
        "reservable": content.reservable,
        "deadline": _deadline(content.deadline, span["over_at"]),
    }


def _texts(content: EventContent) -> dict[str, str]:
    return {
        "title": required(content.title, "title", TITLE_LENGTH),
        "title_kana": clean(content.title_kana, "titleKana", TITLE_LENGTH),
        "description": clean(content.description, "description", TEXT_LENGTH, multiline=True),
        "venue": clean(content.venue, "venue", LINE_LENGTH),
        "address": clean(content.address, "address", LINE_LENGTH),
        "audience": clean(content.audience, "audience", LINE_LENGTH, multiline=True),
        "fee": clean(content.fee, "fee", LINE_LENGTH, multiline=True),
        "inquiries": clean(content.inquiries, "inquiries", LINE_LENGTH, multiline=True),
    }


def _speakers(given: Sequence[Speaker]) -> list[dict[str, Any]]:
    if len(given) > MOST_SPEAKERS:
        raise wrong(
            "speakers",
            "TOO_MANY",
            f"講師・登壇者は{MOST_SPEAKERS}人までにしてください。",
            f"At most {MOST_SPEAKERS} speakers.",
        )
    return [
        {
            "name": required(each.name, "speakers", NAME_LENGTH),
            "affiliation": clean(each.affiliation, "speakers", NAME_LENGTH),
            "shown": each.shown,
        }
        for each in given
    ]


def _join_url(content: EventContent) -> str | None:
    if content.join_url and content.delivery_mode == "room":
        raise wrong(
            "joinUrl",
            "NOT_ONLINE",
            "参加用リンクは、オンラインか併用の行事にだけ付けられます。",
            "Only an online or hybrid event has a link to join.",
        )
    return web_address(content.join_url, "joinUrl", URL_LENGTH)


def _degrees(given: float | None, field: str, most: int) -> float | None:
    if given is not None and not -most <= given <= most:
        raise wrong(
            field,
            "DEGREES",
            f"-{most}から{most}までの度数で入力してください。",
            f"Give degrees from -{most} to {most}.",
        )
    return given


def _capacity(given: int | None) -> int | None:
    if given is not None and not 1 <= given <= MOST_CAPACITY:
        raise wrong(
            "capacity",
            "CAPACITY",
            f"定員は1から{MOST_CAPACITY}までの人数にしてください。定員がなければ空にします。",
            f"The capacity is 1 to {MOST_CAPACITY} persons; leave it out where there is no limit.",
        )
    return given


def _deadline(given: dt.datetime | None, over_at: dt.datetime) -> dt.datetime | None:
    if given is None:
        return None
    deadline = moment(given, "deadline")
    if deadline > over_at:
        raise wrong(
            "deadline",
            "DEADLINE_AFTER_EVENT",
            "申込期限は行事の終了より前にしてください。",
            "The deadline must come before the event is over.",
        )
    return deadline
