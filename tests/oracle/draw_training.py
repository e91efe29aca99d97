"""Texts, courses of events of all kinds of organisers, dispatches, reports, certificates and targets."""

from collections.abc import Mapping

from services.platform.training.models import codes
from tests.oracle.drawn_rows import Draw
from tests.reading.world import Row

MOST = 12


def draw_training(draw: Draw, rows: Mapping[str, list[Row]]) -> dict[str, list[Row]]:
    texts = [_text(draw) for _ in range(8)]
    for text, earlier in zip(texts[4:], texts[:4], strict=True):
        text["previous_id"] = earlier["id"]
    courses = [_course(draw, event, texts) for event in draw.random.sample(rows["event"], MOST)]
    return {
        "course_text": texts,
        "course": courses,
        "course_dispatch": _dispatches(draw, courses, rows["person"]),
        "course_report": [_report(draw, courses) for _ in range(8)],
        "certificate": [_certificate(draw, courses, number) for number in range(20)],
        "training_target": [_target(draw, venue) for venue in (*codes.VENUES, codes.EVERY_VENUE)],
    }


def _text(draw: Draw) -> Row:
    return draw.made() | {
        "edition": draw.of(*codes.EDITIONS),
        "title": draw.name(),
        "text_version": draw.of("令和6年度試行版", "第2版"),
        "language": draw.of("ja", "en"),
        "opening_minutes": 10,
        "lecture_minutes": 60,
        "survey_minutes": 20,
        "materials": draw.of("", "内閣府に申し込む\n改行"),
        "state": draw.of(*codes.TEXT_STATES),
        "updated_at": draw.moment(),
    }


def _course(draw: Draw, event: Row, texts: list[Row]) -> Row:
    return draw.made() | {
        "event_id": event["id"],
        "text_id": draw.one(texts),
        "venue_category": draw.of(*codes.VENUES),
        "lecturing": draw.of(*codes.LECTURING),
        "declared_at": draw.maybe(draw.moment()),
        "school_contact": draw.of("", "教頭"),
        "school_timing": draw.of("", "3時間目"),
        "updated_at": draw.moment(),
    }


def _dispatches(draw: Draw, courses: list[Row], people: list[Row]) -> list[Row]:
    return [
        draw.made()
        | {
            "course_id": course["id"],
            "state": state,
            "wishes": draw.of("", "平日の午後"),
            "person_id": draw.maybe(draw.one(people), 0.8),
            "source": draw.of(None, *codes.SOURCES),
            "updated_at": draw.moment(),
        }
        for course in courses
        for state in ("withdrawn", draw.of("requested", "offered", "assigned", "declined"))
    ]


def _report(draw: Draw, courses: list[Row]) -> Row:
    return {
        "id": draw.id(),
        "course_id": draw.one(courses),
        "held_on": draw.day(-9, -8),
        "reported_on": draw.day(-7, -6, -6),
        "heads": draw.of(0, 12, 50),
    }


def _certificate(draw: Draw, courses: list[Row], number: int) -> Row:
    return draw.made() | {
        "course_id": draw.one(courses),
        "claim_hash": b"claim %d" % number,
        "code_hash": b"code %d" % number,
        "prints": draw.of(0, 1, 5),
        "revoked_at": draw.maybe(draw.moment(), 0.3),
    }


def _target(draw: Draw, venue: str) -> Row:
    return draw.made() | {
        "fiscal_year": draw.of(2026, 2027),
        "venue_category": venue,
        "sessions": draw.of(None, 0, 20),
        "heads": draw.of(None, 1000),
        "updated_at": draw.moment(),
    }
