"""Councils, sittings and break-glass around the drawn referrals: past, present, cancelled, of no use."""

from collections.abc import Mapping
from datetime import timedelta

from services.platform.referrals.models import codes
from services.platform.referrals.models.break_glass import FINDINGS
from services.platform.referrals.models.sittings import SITTING_STATES
from tests.oracle.drawn_rows import Draw
from tests.oracle.moments import NOW
from tests.oracle.people import CAST, ORGANISATIONS
from tests.reading.world import Row

Rows = Mapping[str, list[Row]]
CAST_ORGANISATIONS = len(ORGANISATIONS)


def draw_bases(draw: Draw, rows: Rows) -> dict[str, list[Row]]:
    councils = [_council(draw, rows) for _ in range(3)]
    items = [_item(draw, rows, councils, referral) for referral in rows["referral"] if draw.chance(0.6)]
    sittings = [_sitting(draw, rows) for _ in range(8)]
    glasses = [_glass(draw, rows) for _ in range(40)]
    return {
        "council": councils,
        "council_member": [each for council in councils for each in _members(draw, rows, council)],
        "council_item": items,
        "council_assignment": [each for item in items for each in _assignments(draw, rows, item)],
        "sitting": sittings,
        "sitting_body": [each for sitting in sittings for each in _bodies(draw, rows, sitting)],
        "sitting_participant": [each for sitting in sittings for each in _participants(draw, rows, sitting)],
        "sitting_referral": [each for sitting in sittings for each in _before(draw, rows, sitting)],
        "break_glass": glasses,
        "break_glass_person": [each for glass in glasses for each in _named(draw, rows, glass)],
    }


def _council(draw: Draw, rows: Rows) -> Row:
    return draw.made() | {
        "name": "孤独・孤立対策地域協議会",
        "established_on": draw.day(-500, -31),
        "announced_on": draw.maybe(draw.day(-30, 0, 1), 0.8),
        "notice_on": draw.maybe(draw.day(-400, -30)),
        "coordinating_agency_id": draw.maybe(draw.one(rows["organisation"][:4]), 0.8),
        "agency_announced_on": draw.maybe(draw.day(-30, 0)),
        "named_agency_id": draw.maybe(draw.one(rows["organisation"][:4]), 0.9),
    }


def _members(draw: Draw, rows: Rows, council: Row) -> list[Row]:
    return [
        draw.made()
        | {
            "council_id": council["id"],
            "organisation_id": each["id"],
            "from_on": draw.day(-400, -30, -30, 0, 1),
            "until_on": draw.maybe(draw.day(-1, 0, 1), 0.3),
            "announced_on": draw.maybe(draw.day(-30, -30, 0, 1), 0.9),
            "joined_on": draw.maybe(draw.day(-900, -400)),
            "notice_on": draw.maybe(draw.day(-900, -400)),
        }
        for each in rows["organisation"][:CAST_ORGANISATIONS]
        if draw.chance(0.8)
    ]


def _item(draw: Draw, rows: Rows, councils: list[Row], referral: Row) -> Row:
    bringer = referral["sender_id"] if draw.chance(0.5) else draw.one(rows["organisation"][:6])
    return draw.made() | {
        "council_id": draw.one(councils),
        "referral_id": referral["id"],
        "brought_by_id": bringer,
        "items": draw.some(codes.ITEMS, 4),
        "ended_at": draw.maybe(draw.moment(), 0.1),
    }


def _assignments(draw: Draw, rows: Rows, item: Row) -> list[Row]:
    return [
        draw.made()
        | {
            "council_item_id": item["id"],
            "organisation_id": each["id"],
            "ended_at": draw.maybe(draw.moment(), 0.2),
        }
        for each in draw.some(rows["organisation"][:CAST_ORGANISATIONS], 4)
    ]


def _sitting(draw: Draw, rows: Rows) -> Row:
    return draw.made() | {
        "held_on": draw.day(-9, -8, -7, 0, 9),
        "ended_at": draw.maybe(draw.moment(), 0.2),
        "chair_id": draw.one(rows["person"]),
        "state": draw.of(*SITTING_STATES),
    }


def _bodies(draw: Draw, rows: Rows, sitting: Row) -> list[Row]:
    picked = draw.some(rows["organisation"][:CAST_ORGANISATIONS], 5)
    return [{"id": draw.id(), "sitting_id": sitting["id"], "organisation_id": each["id"]} for each in picked]


def _participants(draw: Draw, rows: Rows, sitting: Row) -> list[Row]:
    return [
        {
            "id": draw.id(),
            "sitting_id": sitting["id"],
            "person_id": each["id"],
            "organisation_id": draw.one(rows["organisation"]),
        }
        for each in draw.some(rows["person"], 4)
    ]


def _before(draw: Draw, rows: Rows, sitting: Row) -> list[Row]:
    return [
        draw.made()
        | {
            "sitting_id": sitting["id"],
            "referral_id": each["id"],
            "items": draw.some(codes.ITEMS, 3),
            "ended_at": draw.maybe(draw.moment(), 0.2),
        }
        for each in draw.some(rows["referral"], 9)
    ]


def _glass(draw: Draw, rows: Rows) -> Row:
    opener, reviewer = draw.random.sample(rows["person"], 2)
    reviewed = draw.chance(0.4)
    return draw.made() | {
        "referral_id": draw.one(rows["referral"]),
        "opener_id": opener["id"],
        "organisation_id": draw.one(rows["organisation"][:6]),
        "reason": "安否が分からないため",
        "items": draw.some(codes.ITEMS, 4),
        "expires_at": NOW + timedelta(hours=draw.of(-9, 0, 1, 24), seconds=draw.of(0, 1)),
        "review_due_at": draw.moment(),
        "remind_at": None,
        "reviewed_by_id": reviewer["id"] if reviewed else None,
        "reviewed_at": draw.moment() if reviewed else None,
        "finding": draw.of(*FINDINGS) if reviewed else None,
        "finding_note": draw.of(None, "妥当") if reviewed else None,
    }


def _named(draw: Draw, rows: Rows, glass: Row) -> list[Row]:
    """Mostly those who will ask."""
    people = draw.some(rows["person"][: len(CAST)], 4)
    return [{"id": draw.id(), "break_glass_id": glass["id"], "person_id": each["id"]} for each in people]
