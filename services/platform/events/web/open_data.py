"""/t/{tenant}/events.csv and its likes: what is public of the events, as open data to be read by machines.

?encoding=cp932, utf-16 or utf-8 instead of UTF-8 with a mark. It asks as somebody without an account.
"""

import datetime as dt
from typing import Any, Final
from urllib.parse import parse_qs

from libs.errors.problems import InvalidInput, NotFound, Problem
from libs.japan import municipalities
from libs.japan.calendar import JST
from libs.japan.open_data.event_details import Details
from libs.japan.open_data.event_lists import ANY_PUBLISHER, ENCODINGS, Publisher, write_events
from libs.japan.open_data.events import UnderstoodEvent
from libs.japan.open_data.occurrences import Occurrence
from libs.japan.open_data.places import telephone
from libs.serving.asgi import Scope
from libs.serving.responses import TEXT, Application, Response, reading
from libs.serving.service import GraphQLService
from services.platform.events.web.whats_on import ask
from services.platform.events.words import KINDS, OPEN_DATA_MODES

NAMES: Final = {"events.csv": "standard", "events.suisho.csv": "suisho", "events.gif.csv": "gif"}
PAGE: Final = 20
MOST_EVENTS: Final = 2_000
DAY: Final = dt.timedelta(days=1)
DOCUMENT: Final = """query OpenData($first: Int!, $after: String) {
  platform { name municipalityCodes }
  events(order: STARTS, state: ANNOUNCED, first: $first, after: $after) {
    pageInfo { hasNextPage endCursor }
    nodes { id kind title titleKana description venue address latitude longitude audience url fee capacity
      deadline inquiries deliveryMode organiser { name } coHosts(first: 10) { name }
      occurrences(first: 100) { startsAt endsAt allDay days } } } }"""
_CACHING: Final = (b"cache-control", b"public, max-age=300")


def open_data_pages(service: GraphQLService) -> dict[str, Application]:
    """By name below the tenant."""
    return {name: reading(_page(service, layout)) for name, layout in NAMES.items()}


def _page(service: GraphQLService, layout: str) -> Any:  # noqa: ANN401 - a page's function
    async def read(scope: Scope) -> Response:
        tenant: str = scope["path_params"]["tenant"]
        encoding = _encoding(scope)
        try:
            platform, events = await _read(service, tenant)
            body = write_events(
                (_event(each) for each in events), layout, encoding, _publisher(platform["municipalityCodes"])
            )
        except NotFound:
            return Response(404, TEXT, b"")
        except InvalidInput as wrong:
            return Response(406, TEXT, f"{wrong.ja}\n{wrong.en}\n".encode())
        except Problem:
            return Response(503, TEXT, b"", ((b"retry-after", b"60"),))
        charset = ENCODINGS[encoding][0].replace("cp932", "windows-31j").replace("utf-16-le", "utf-16")
        return Response(200, f"text/csv; charset={charset}; header=present".encode(), body, (), _CACHING)

    return read


async def _read(service: GraphQLService, tenant: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    found: list[dict[str, Any]] = []
    after: str | None = None
    while True:
        data = await ask(service, tenant, "ja", DOCUMENT, {"first": PAGE, "after": after})
        found += data["events"]["nodes"]
        if not data["events"]["pageInfo"]["hasNextPage"] or len(found) >= MOST_EVENTS:
            return data["platform"] or {"municipalityCodes": []}, found
        after = data["events"]["pageInfo"]["endCursor"]


def _publisher(codes: list[str] | None) -> Publisher:
    """A joint platform is no single municipality's list."""
    if codes is None or len(codes) != 1:
        return ANY_PUBLISHER
    place = municipalities.find(codes[0])
    return Publisher(codes[0], place.prefecture, "" if place.name == place.prefecture else place.name)


def _event(card: dict[str, Any]) -> UnderstoodEvent:
    organiser: dict[str, str] = card["organiser"] or {}
    co_hosts: list[dict[str, str]] = card["coHosts"] or []
    more: dict[str, str] = {
        "number": card["id"],
        "kind": KINDS[card["kind"]][0],
        "mode": OPEN_DATA_MODES[card["deliveryMode"]],
        "organiser": organiser.get("name", ""),
        "co_hosts": ";".join(each["name"] for each in co_hosts),
        **_deadline(card["deadline"]),
    }
    details = Details(
        kana=card["titleKana"] or None,
        place=card["venue"] or None,
        address=card["address"] or None,
        latitude=card["latitude"],
        longitude=card["longitude"],
        description=card["description"] or None,
        fee=card["fee"] or None,
        fee_yen=None,
        capacity=card["capacity"],
        capacity_text=None,
        audience=card["audience"] or None,
        application=None,
        url=card["url"],
        **_contact(card["inquiries"]),
        more=tuple((item, text) for item, text in more.items() if text),
    )
    days = sorted((_occurrence(each) for each in card["occurrences"]), key=lambda each: each.first_day)
    return UnderstoodEvent(0, card["title"], tuple(days), details, ())


def _contact(inquiries: str | None) -> dict[str, str | None]:
    """An event has one text for it; a number at its end has a column of its own."""
    name, _, last = (inquiries or "").rpartition(" ")
    number = telephone(last, [])
    return (
        {"contact": name or None, "telephone": number}
        if number == last
        else {"contact": inquiries or None, "telephone": None}
    )


def _deadline(text: str | None) -> dict[str, str]:
    if text is None:
        return {}
    at = dt.datetime.fromisoformat(text).astimezone(JST)
    return {"until_day": f"{at:%Y-%m-%d}", "until_time": f"{at:%H:%M}"}


def _occurrence(card: dict[str, Any]) -> Occurrence:
    """A night that ends on the next day has its beginning alone: the columns know no such end."""
    starts = dt.datetime.fromisoformat(card["startsAt"]).astimezone(JST)
    first, last = starts.date(), starts.date() + (card["days"] - 1) * DAY
    if card["allDay"]:
        return Occurrence(first, last)
    opens, closes = starts.time(), None
    if card["endsAt"] is not None:
        ends = dt.datetime.fromisoformat(card["endsAt"]).astimezone(JST)
        closes = ends.time() if ends.date() == first else None
    return Occurrence(first, last, opens, closes)


def _encoding(scope: Scope) -> str:
    asked = parse_qs(scope["query_string"].decode("latin-1"), max_num_fields=20).get("encoding", [""])[0]
    return asked if asked in ENCODINGS else "utf-8-bom"
