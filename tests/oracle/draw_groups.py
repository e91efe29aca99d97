"""Working groups with seats past, present and to come, requests for seats, posts for each audience."""

from collections.abc import Mapping
from datetime import date, timedelta

from libs.japan.text import search_key
from tests.oracle.drawn_rows import Draw
from tests.oracle.moments import TODAY
from tests.oracle.people import ORGANISATIONS
from tests.reading.world import Row

CAST_SEATS = len(ORGANISATIONS)


def draw_groups(draw: Draw, rows: Mapping[str, list[Row]]) -> dict[str, list[Row]]:
    organisations, people = rows["organisation"], rows["person"]
    groups = [_group(draw) for _ in range(7)]
    return {
        "working_group": groups,
        "seat": [seat for group in groups for seat in _seats(draw, group, organisations)],
        "seat_request": _requests(draw, groups, organisations),
        "post": [_post(draw, groups, organisations, people) for _ in range(50)],
    }


def _group(draw: Draw) -> Row:
    name = draw.name()
    return draw.made() | {
        "name": name,
        "search_key": search_key(name),
        "purpose": draw.of("", "孤立を防ぐ"),
        "state": draw.of("active", "active", "closed"),
        "published": draw.chance(0.5),
        "board_open_to_companies": draw.chance(0.5),
    }


def _seats(draw: Draw, group: Row, organisations: list[Row]) -> list[Row]:
    """Those who will be asked for sit in many groups, whatever their standing: some may have no use of it."""
    holders = [each for each in organisations[:CAST_SEATS] if draw.chance(0.6)]
    holders += draw.some(organisations[CAST_SEATS:], 5)
    seats = [_seat(draw, group, holder, _end(draw)) for holder in holders]
    seats += [_seat(draw, group, holder, TODAY - timedelta(days=9)) for holder in holders if draw.chance(0.2)]
    chair = next((each for each in seats if each["until_on"] is None and draw.chance(0.7)), None)
    if chair is not None:
        chair["is_chair"] = True
    for seat in seats:
        if seat["until_on"] is not None and draw.chance(0.2):
            seat["is_chair"] = True
    return seats


def _end(draw: Draw) -> date | None:
    return draw.of(None, None, None, TODAY, TODAY + timedelta(days=1))


def _seat(draw: Draw, group: Row, holder: Row, until_on: date | None) -> Row:
    return draw.made() | {
        "working_group_id": group["id"],
        "organisation_id": holder["id"],
        "from_on": draw.day(-400, -30, -30, -1, 0, 1),
        "until_on": until_on,
        "is_chair": False,
    }


def _requests(draw: Draw, groups: list[Row], organisations: list[Row]) -> list[Row]:
    asked: dict[object, Row] = {}
    for _ in range(25):
        row = draw.made() | {
            "working_group_id": draw.one(groups),
            "organisation_id": draw.one(organisations),
            "message": draw.of("", "参加したい"),
            "state": draw.of("asked", "asked", "given", "declined", "withdrawn"),
        }
        pair = (row["working_group_id"], row["organisation_id"])
        asked.setdefault(pair if row["state"] == "asked" else row["id"], row)
    return list(asked.values())


def _post(draw: Draw, groups: list[Row], organisations: list[Row], people: list[Row]) -> Row:
    return draw.made() | {
        "working_group_id": draw.one(groups),
        "audience": draw.of("all", "npo", "public"),
        "author_id": draw.one(people),
        "author_organisation_id": draw.one(organisations),
        "title": f"お知らせ{draw.random.randrange(5)}",
        "body": "本文\n" * draw.random.randrange(3),
    }
