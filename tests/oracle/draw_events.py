"""Events, drafts and announced, past and to come; their days, some dropped; places taken and given up."""

from collections.abc import Mapping
from datetime import timedelta

from libs.japan.text import search_key
from services.platform.events.models.codes import LIVE, QUOTAS
from tests.oracle.drawn_rows import Draw
from tests.oracle.people import ORGANISATIONS
from tests.reading.world import Row

SPEAKERS = (
    '[{"name": "講師 一", "affiliation": "○○大学", "shown": true},'
    ' {"name": "q\\"", "affiliation": "", "shown": false}]'
)


def draw_events(draw: Draw, rows: Mapping[str, list[Row]]) -> dict[str, list[Row]]:
    events = [_event(draw, rows) for _ in range(24)]
    for number, each in enumerate(events, start=1):  # rows are inserted in their order
        each["series_id"] = draw.maybe(draw.one(events[:number]), 0.3)
    return {
        "event": events,
        "event_occurrence": [each for event in events for each in _occurrences(draw, event)],
        "calendar_feed": _feeds(draw, rows),
        "place": _places(draw, events, rows["organisation"]),
    }


def _event(draw: Draw, rows: Mapping[str, list[Row]]) -> Row:
    state, start = draw.of("draft", "announced", "announced", "cancelled"), draw.near(-30, -1, 0, 1, 1, 30)
    title, kana = draw.name(), draw.of("", "まつり")
    description, venue = draw.of("", "どなたでも\n来てください"), draw.of("", "公民館")
    capacity = draw.of(None, 1, 5, 40)
    announced = draw.moment() if state == "announced" else draw.maybe(draw.moment(), 0.3)
    return draw.made() | {
        "organisation_id": draw.one(rows["organisation"][: len(ORGANISATIONS) + 4]),
        "working_group_id": draw.maybe(draw.one(rows["working_group"])),
        "state": state,
        "published": draw.chance(0.5),
        "announced_at": announced,
        "title": title,
        "title_kana": kana,
        "description": description,
        "search_key": search_key(f"{title}\n{kana}\n{description}\n{venue}"),
        "starts_at": start,
        "ends_at": draw.maybe(start + timedelta(hours=2)),
        "over_at": start + timedelta(hours=draw.of(0, 2, 2, 15)),
        "delivery_mode": draw.of("room", "online", "hybrid"),
        "venue": venue,
        "latitude": draw.of(None, 34.6913, 34.5),
        "longitude": draw.of(None, 135.7004, -0.25),
        "join_url": draw.of(None, "https://example.jp/join"),
        "url": draw.of(None, "https://example.jp/"),
        "capacity": capacity,
        **{f"reserved_{quota}": draw.of(0, (capacity or 0) // 3) for quota in QUOTAS},
        "kind": draw.of("exchange", "course", "other"),
        "co_host_ids": [draw.one(rows["organisation"][:5]) for _ in range(draw.of(0, 0, 2))],
        "speakers": draw.of("[]", SPEAKERS),
        "questions": draw.of("[]", '[{"text": "食べもの\\n", "required": true, "choices": []}]'),
        "for_residents": draw.chance(0.5),
        "approval": draw.chance(0.2),
        "offer_hours": draw.of(1, 48),
        "remind_hours": draw.of(None, 24),
        "keep_days": draw.of(1, 30),
        "attendance_code": draw.of(None, "012345"),
        "reservable": draw.chance(0.7),
        "deadline": draw.maybe(draw.near(-1, 0, 1)),
        "cancel_reason": "台風" if state == "cancelled" else None,
        "updated_at": draw.moment(),
    }


def _occurrences(draw: Draw, event: Row) -> list[Row]:
    return [
        {
            "id": draw.id(),
            "event_id": event["id"],
            "number": number,
            "starts_at": event["starts_at"] + timedelta(days=number),
            "ends_at": draw.maybe(event["starts_at"] + timedelta(days=number, hours=2)),
            "all_day": draw.chance(0.3),
            "days": draw.of(1, 1, 3),
            "dropped": draw.chance(0.2),
        }
        for number in range(draw.random.randint(1, 4))
    ]


def _feeds(draw: Draw, rows: Mapping[str, list[Row]]) -> list[Row]:
    scopes = [draw.of("all", "mine", "group") for _ in rows["person"]]
    return [
        draw.made()
        | {
            "person_id": each["id"],
            "organisation_id": draw.one(rows["organisation"]),
            "scope": scope,
            "working_group_id": draw.one(rows["working_group"]) if scope == "group" else None,
            "secret_hash": draw.id().bytes,
            "revoked_at": draw.maybe(draw.moment()),
        }
        for each, scope in zip(rows["person"], scopes, strict=True)
    ]


def _places(draw: Draw, events: list[Row], organisations: list[Row]) -> list[Row]:
    taken: dict[object, Row] = {}
    for number in range(70):
        row = draw.made() | {
            "event_id": draw.one(events),
            "organisation_id": draw.one(organisations[: len(ORGANISATIONS) + 4]),
            "quota": draw.of("host", "organisations"),
            "state": draw.of("taken", "taken", "waiting", "offered", "asked", "given_up", "passed"),
            "number": number,
            "offered_until": draw.maybe(draw.near(-1, 1)),
            "count": draw.of(1, 1, 2, 30),
            "attendees": draw.some(("たろう", "はなこ", 'q"'), 3),
            "attended": draw.of(None, 0, 1),
        }
        pair: object = (row["event_id"], row["organisation_id"])
        if draw.chance(0.2):
            row |= {"organisation_id": None, "quota": "residents", "attendees": []}
            pair = row["id"]
        taken.setdefault(pair if row["state"] in LIVE else row["id"], row)
    return list(taken.values())
