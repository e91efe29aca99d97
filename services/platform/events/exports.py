"""Events, and who registered for one, as tables."""

from typing import Final

from libs.serving.exports.declared import Column, Export
from services.platform.events.words import KINDS, MODES

_STATES: Final = {
    "draft": ("下書き", "draft"),
    "announced": ("告知済み", "announced"),
    "cancelled": ("中止", "cancelled"),
}
_PLACES: Final = {
    "asked": ("確認待ち", "waits for the organiser"),
    "waiting": ("キャンセル待ち", "in the line"),
    "offered": ("空席の案内中", "offered"),
    "taken": ("参加", "has places"),
    "given_up": ("取消し", "given up"),
    "refused": ("お断り", "declined"),
    "passed": ("次の方へ", "passed on"),
}
_QUOTAS: Final = {
    "host": ("主催・共催", "hosts"),
    "organisations": ("会員団体", "organisations"),
    "residents": ("住民", "residents"),
}
EVENTS: Final = Export(
    "events",
    "行事",
    "Events",
    """query Events($first: Int!, $after: String, $search: String, $when: EventTime, $state: EventState,
  $kind: EventKind) {
  rows: events(first: $first, after: $after, search: $search, when: $when, state: $state, kind: $kind) {
    pageInfo { hasNextPage endCursor }
    nodes {
      id title kind state startsAt endsAt deliveryMode venue organiser { name } capacity placesLeft
      attendeeCount waitingList deadline published hiddenFields
    }
  }
}""",
    (
        Column("title", "行事名", "Title"),
        Column("kind", "種類", "Kind", words={code.lower(): said for code, said in KINDS.items()}),
        Column("state", "状態", "State", words=_STATES),
        Column("startsAt", "開始", "Starts", "moment"),
        Column("endsAt", "終了", "Ends", "moment"),
        Column("deliveryMode", "開催方法", "How", words={code.lower(): said for code, said in MODES.items()}),
        Column("venue", "会場", "Venue"),
        Column("organiser.name", "主催団体", "Organiser"),
        Column("capacity", "定員", "Capacity", "number"),
        Column("placesLeft", "残席", "Places left", "number"),
        Column("attendeeCount", "参加人数", "Persons with places", "number"),
        Column("waitingList", "順番待ち", "In the line", "number"),
        Column("deadline", "申込期限", "Register by", "moment"),
        Column("published", "一般公開", "Public", "yes"),
        Column("id", "ID", "ID"),
    ),
    page=50,
)
PLACES: Final = Export(
    "event-places",
    "行事の申込み",
    "Registrations for an event",
    """query Places($first: Int!, $after: String, $event: ID, $state: PlaceState) {
  rows: places(first: $first, after: $after, event: $event, state: $state, order: NUMBER) {
    pageInfo { hasNextPage endCursor }
    nodes {
      id number quota state count attended attendees createdAt organisation { name }
      event { title startsAt } hiddenFields
    }
  }
}""",
    (
        Column("event.title", "行事名", "Event"),
        Column("event.startsAt", "開始", "Starts", "moment"),
        Column("number", "受付番号", "Number", "number"),
        Column("quota", "枠", "Whose", words=_QUOTAS),
        Column("organisation.name", "団体名", "Organisation"),
        Column("attendees", "参加者名", "Names"),
        Column("state", "状態", "State", words=_PLACES),
        Column("count", "人数", "Persons", "number"),
        Column("attended", "出席", "Came", "number"),
        Column("createdAt", "申込日時", "Registered", "moment"),
        Column("id", "ID", "ID"),
    ),
)
EXPORTS: Final = (EVENTS, PLACES)
