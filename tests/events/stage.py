"""What the tests of events say: their GraphQL, and an event to begin with."""

import datetime as dt
from typing import Any

from tests.stage.stage import Person

CARD = """id title state published startsAt endsAt deliveryMode venue joinUrl capacity reservable placesLeft
  attendeeCount deadline version hiddenFields organiser { name } occurrences { startsAt endsAt allDay days }
  places { totalCount nodes { id count attendees organisation { name } } }"""
EVENT = f"query ($id: ID!) {{ event(id: $id) {{ {CARD} }} }}"
EVENTS = """query ($search: String, $when: EventTime, $order: EventOrder = STARTS, $first: Int = 20,
  $after: String) {
  events(search: $search, when: $when, order: $order, first: $first, after: $after) {
    totalCount nodes { id title } pageInfo { hasNextPage endCursor } } }"""
REFUSED = "... on UserError { code ja en } ... on InvalidInput { field detail } ... on WrongState { state }"
CREATE = f"""mutation ($input: CreateEventInput!) {{ createEvent(input: $input) {{
  __typename ... on EventPayload {{ event {{ {CARD} }} }} {REFUSED} }} }}"""
EDIT = f"""mutation ($input: EditEventInput!) {{ editEvent(input: $input) {{
  __typename ... on EventPayload {{ event {{ {CARD} }} }} {REFUSED} ... on StaleVersion {{ current }} }} }}"""
PUBLISH = f"""mutation ($input: PublishEventInput!) {{ publishEvent(input: $input) {{
  __typename ... on EventPayload {{ event {{ {CARD} }} }} {REFUSED} ... on StaleVersion {{ current }} }} }}"""
CANCEL = f"""mutation ($input: CancelEventInput!) {{ cancelEvent(input: $input) {{
  __typename ... on EventPayload {{ event {{ {CARD} cancelReason }} }} {REFUSED} }} }}"""
TAKE = f"""mutation ($input: TakePlacesInput!) {{ takePlaces(input: $input) {{
  __typename ... on PlacePayload {{ place {{ id version count state event {{ placesLeft }} }} }}
  {REFUSED} }} }}"""
GIVE_UP = f"""mutation ($input: GiveUpPlacesInput!) {{ giveUpPlaces(input: $input) {{
  __typename ... on PlacePayload {{ place {{ id version state event {{ placesLeft }} }} }} {REFUSED} }} }}"""
CREATE_FEED = """mutation ($input: CreateCalendarFeedInput!) { createCalendarFeed(input: $input) { __typename
  ... on CalendarFeedPayload { path calendarFeed { id version scope } } ... on UserError { code } } }"""
ATTENDED = f"""mutation ($input: RecordAttendanceInput!) {{ recordAttendance(input: $input) {{
  __typename ... on PlacePayload {{ place {{ id attended }} }} {REFUSED} }} }}"""


def in_days(days: float, *, hours: float = 0) -> str:
    """A time from now, as a person in Japan writes it."""
    moment = dt.datetime.now(dt.UTC) + dt.timedelta(days=days, hours=hours)
    return moment.astimezone(dt.timezone(dt.timedelta(hours=9))).isoformat(timespec="seconds")


def a_talk(**changes: Any) -> dict[str, Any]:
    """An online talk in ten days for twenty persons."""
    return {
        "title": "つながりサポーター講座",
        "titleKana": "つながりさぽーたーこうざ",
        "occurrences": [{"startsAt": in_days(10), "endsAt": in_days(10, hours=2)}],
        "deliveryMode": "HYBRID",
        "venue": "生駒市コミュニティセンター",
        "joinUrl": "https://meet.example.jp/tsunagari",
        "capacity": 20,
        "deadline": in_days(8),
        **changes,
    }


async def drafted(person: Person, **changes: Any) -> dict[str, Any]:
    """An event of this person's organisation that nobody else sees yet."""
    made = await person.do(CREATE, event=a_talk(**changes))
    assert made["__typename"] == "EventPayload", made
    return made["event"]


async def announced(person: Person, *, to_everybody: bool = False, **changes: Any) -> dict[str, Any]:
    """An event that the members see, or everybody."""
    draft = await drafted(person, **changes)
    shown = await person.do(PUBLISH, id=draft["id"], version=draft["version"], toEverybody=to_everybody)
    assert shown["__typename"] == "EventPayload", shown
    return shown["event"]


async def seen(person: Person, identity: str) -> dict[str, Any] | None:
    """The event as this person reads it, None where it is absent for them."""
    said = await person.ask(EVENT, id=identity)
    event: dict[str, Any] | None = said.data["event"]
    return event


async def titles(person: Person, **filters: Any) -> list[str]:
    """The titles of the events that this person finds; the count beside them must agree."""
    events = (await person.ask(EVENTS, **filters)).data["events"]
    assert events["totalCount"] == len(events["nodes"])
    return [each["title"] for each in events["nodes"]]
