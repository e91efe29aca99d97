"""Notices to anybody of anything, what some people prefer, webhooks in every state."""

from collections.abc import Mapping

from services.platform.notices.models.kinds import GROUPS, KINDS
from tests.oracle.drawn_rows import Draw
from tests.reading.world import Row

CHOICES = ("now", "digest", "none", None, "now", "digest", "none")


def draw_notices(draw: Draw, rows: Mapping[str, list[Row]]) -> dict[str, list[Row]]:
    people, organisations = rows["person"], rows["organisation"]
    return {
        "webhook": [_webhook(draw, people, organisations[:6]) for _ in range(24)],
        "notice_preference": [_preference(draw, each) for each in people if draw.chance(0.85)],
        "notice": [_notice(draw, people) for _ in range(90)],
    }


def _webhook(draw: Draw, people: list[Row], organisations: list[Row]) -> Row:
    return draw.made() | {
        "organisation_id": draw.one(organisations),
        "of_platform": draw.chance(0.3),
        "url": f"https://hooks.example/{draw.random.randrange(100)}",
        "secret": b"sealed",
        "state": draw.of("active", "disabled", "removed"),
        "failing_since": draw.moment() if draw.chance(0.6) else None,
        "created_by_id": draw.one(people),
        "version": draw.random.randrange(1, 6),
    }


def _preference(draw: Draw, of: Row) -> Row:
    chosen = {f"mail_{group}": draw.of(*CHOICES) for group in GROUPS}
    return {"id": of["id"], "language": draw.of("ja", "en"), "changed_at": draw.moment(), **chosen}


def _notice(draw: Draw, people: list[Row]) -> Row:
    return draw.made() | {
        "person_id": draw.one(people),
        "kind": draw.of(*KINDS),
        "about": f"referral_{draw.id()}",
        "mail": draw.of("now", "digest", "none"),
        "read_at": draw.maybe(draw.moment()),
        "version": draw.random.randrange(1, 6),
    }
