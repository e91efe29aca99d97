"""What groups say and keep beside posts: observers, charters, comments, files, meetings and their results."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from tests.oracle.drawn_rows import Draw
from tests.oracle.people import ORGANISATIONS
from tests.reading.world import Row

Rows = Mapping[str, list[Row]]


def draw_shelves(draw: Draw, rows: Rows) -> dict[str, list[Row]]:
    groups = rows["working_group"]
    meetings = [_meeting(draw, rows) for _ in range(14)]
    minutes = [_minutes(draw, rows, each) for each in meetings if draw.chance(0.8)]
    decisions = [_decision(draw, each) for each in meetings for _ in range(draw.random.randrange(4))]
    files = _Hanging(draw, {"post_id": rows["post"], "meeting_id": meetings, "minutes_id": minutes})
    return {
        "seat": [*rows["seat"], *(_observer(draw, group, rows) for group in groups for _ in range(2))],
        "post": [each | {"is_pinned": draw.chance(0.3)} for each in rows["post"]],
        "charter": [_charter(draw, rows, group, number) for group in groups for number in (1, 2)],
        "comment": [_comment(draw, rows) for _ in range(40)],
        "group_reading": _pairs(draw, _reading, groups, rows["person"]),
        "meeting": meetings,
        "attendance": _pairs(draw, partial(_attendance, rows["person"]), meetings, _cast(rows)),
        "minutes": minutes,
        "minutes_agreement": _pairs(draw, partial(_agreement, rows["person"]), minutes, _cast(rows)),
        "decision": decisions,
        "vote": _pairs(draw, _vote, decisions, _cast(rows)),
        "file": [_file(draw, rows) | files.on_one() for _ in range(60)],
    }


class _Hanging:
    """A file hangs on one thing or none, perhaps of another group, or for others than that is."""

    def __init__(self, draw: Draw, parents: Mapping[str, list[Row]]) -> None:
        self._draw = draw
        self._parents = parents

    def on_one(self) -> Row:
        on: dict[str, Any] = dict.fromkeys(self._parents)
        if self._draw.chance(0.7):
            chosen = self._draw.of(*self._parents)
            on[chosen] = self._draw.one(self._parents[chosen])
        return on


def _cast(rows: Rows) -> list[Row]:
    """The organisations that will be asked for."""
    return rows["organisation"][: len(ORGANISATIONS)]


def _pairs(
    draw: Draw, make: Callable[[Draw, Row, Row], Row], these: list[Row], those: list[Row]
) -> list[Row]:
    return [make(draw, this, that) for this in these for that in those if draw.chance(0.5)]


def _observer(draw: Draw, group: Row, rows: Rows) -> Row:
    return draw.made() | {
        "working_group_id": group["id"],
        "organisation_id": draw.one(_cast(rows)),
        "from_on": draw.day(-30, -1, 0, 1),
        "until_on": draw.day(2, 9),
        "is_chair": False,
        "is_observer": True,
    }


def _charter(draw: Draw, rows: Rows, group: Row, number: int) -> Row:
    return draw.made() | {
        "working_group_id": group["id"],
        "number": number,
        "body": "規約\n第1条",
        "quorum": draw.of("none", "majority", "two_thirds"),
        "author_id": draw.one(rows["person"]),
    }


def _comment(draw: Draw, rows: Rows) -> Row:
    return _said(draw, rows) | {"post_id": draw.one(rows["post"]), "body": draw.name()}


def _reading(draw: Draw, group: Row, person: Row) -> Row:
    return {
        "id": draw.id(),
        "working_group_id": group["id"],
        "person_id": person["id"],
        "read_through": draw.id(),
    }


def _meeting(draw: Draw, rows: Rows) -> Row:
    starts = draw.near(-40, -9, -9, 0, 1, 9)
    counted = draw.chance(0.5)
    return draw.made() | {
        "working_group_id": draw.one(rows["working_group"]),
        "title": draw.name(),
        "agenda": draw.of("", "1 開会"),
        "starts_at": starts,
        "ends_at": starts + timedelta(hours=2),
        "venue": draw.of("", "公民館"),
        "join_url": draw.maybe("https://meet.example.jp/a"),
        "state": draw.of("called", "cancelled", "held", "held"),
        "quorum": draw.of("none", "majority", "two_thirds") if counted else None,
        "seats_counted": 5 if counted else None,
        "seats_present": draw.of(1, 4) if counted else None,
        "updated_at": draw.moment(),
    }


def _attendance(people: list[Row], draw: Draw, meeting: Row, organisation: Row) -> Row:
    return draw.made() | {
        "working_group_id": meeting["working_group_id"],
        "meeting_id": meeting["id"],
        "organisation_id": organisation["id"],
        "standing": draw.of("present", "present", "apology", "observer"),
        "recorded_by_id": draw.one(people),
    }


def _minutes(draw: Draw, rows: Rows, meeting: Row) -> Row:
    state = draw.of("draft", "agreed", "published", "published")
    agreed = state != "draft"
    return (
        _said(draw, rows)
        | {"working_group_id": meeting["working_group_id"]}
        | {
            "meeting_id": meeting["id"],
            "title": draw.name(),
            "body": "本文\n",
            "held_on": draw.day(-9, 0),
            "state": state,
            "agreed_by": draw.of("chair", "majority") if agreed else None,
            "agreed_at": draw.moment() if agreed else None,
            "published_at": draw.moment() if state == "published" else None,
        }
    )


def _agreement(people: list[Row], draw: Draw, minutes: Row, organisation: Row) -> Row:
    return draw.made() | {
        "minutes_id": minutes["id"],
        "organisation_id": organisation["id"],
        "person_id": draw.one(people),
    }


def _decision(draw: Draw, meeting: Row) -> Row:
    return draw.made() | {
        "working_group_id": meeting["working_group_id"],
        "meeting_id": meeting["id"],
        "title": draw.name(),
        "body": draw.of("", "内容"),
        "outcome": draw.of("adopted", "rejected", "deferred", "noted"),
        "published": draw.chance(0.4),
    }


def _vote(draw: Draw, decision: Row, organisation: Row) -> Row:
    return {
        "id": draw.id(),
        "working_group_id": decision["working_group_id"],
        "decision_id": decision["id"],
        "organisation_id": organisation["id"],
        "choice": draw.of("in_favour", "against", "abstained"),
    }


def _file(draw: Draw, rows: Rows) -> Row:
    return _said(draw, rows) | {
        "object_id": draw.id(),
        "name": f"資料{draw.random.randrange(5)}.pdf",
        "media_type": draw.of("application/pdf", "text/csv"),
        "size": draw.random.randrange(1_000),
        "sha256": "00" * 32,
    }


def _said(draw: Draw, rows: Rows) -> Row:
    return draw.made() | {
        "working_group_id": draw.one(rows["working_group"]),
        "audience": draw.of("all", "npo", "public"),
        "author_id": draw.one(rows["person"]),
        "author_organisation_id": draw.one(rows["organisation"]),
    }
