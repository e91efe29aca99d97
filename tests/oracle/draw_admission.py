"""Conditions of today and of earlier, agreements to either, classes that are given or not any more."""

from collections.abc import Mapping

from tests.oracle.drawn_rows import Draw
from tests.reading.world import Row


def draw_admission(draw: Draw, rows: Mapping[str, list[Row]]) -> dict[str, list[Row]]:
    conditions = [_condition(draw, number) for number in range(1, 8)]
    return {
        "membership_condition": conditions,
        "condition_agreement": [
            {
                "id": draw.id(),
                "organisation_id": organisation["id"],
                "condition_id": condition["id"],
                "person_id": draw.maybe(draw.one(rows["person"])),
                "at": draw.moment(),
            }
            for organisation in rows["organisation"]
            for condition in draw.some(conditions, 3)
        ],
        "application_paper": [
            _paper(draw, organisation)
            for organisation in rows["organisation"]
            for _ in range(draw.of(0, 0, 1, 3))
        ],
    }


def draw_classes(draw: Draw, _: Mapping[str, list[Row]]) -> dict[str, list[Row]]:
    """Before the organisations that have them."""
    return {"member_class": [_class(draw, number) for number in range(1, 5)]}


def _paper(draw: Draw, organisation: Row) -> Row:
    return draw.made() | {
        "organisation_id": organisation["id"],
        "kind": draw.of("articles", "members", "other"),
        "title": draw.of("定款", "会員名簿"),
        "object_id": draw.id(),
        "name": "書類.pdf",
        "media_type": "application/pdf",
        "size": draw.random.randrange(1_000),
        "sha256": "00" * 32,
    }


def _condition(draw: Draw, number: int) -> Row:
    return {
        "id": draw.id(),
        "number": (number + 1) // 2,
        "text": draw.of("政治活動をしない", "宗教活動をしない", "反社会的勢力ではない"),
        "since": draw.moment(),
        "until": draw.maybe(draw.moment(), 0.4),
    }


def _class(draw: Draw, number: int) -> Row:
    return {
        "id": draw.id(),
        "number": number,
        "name": draw.of("正会員", "協力会員", "賛助会員", "一般団体"),
        "kinds": draw.some(("government", "npo", "company"), 3),
        "votes": draw.chance(0.5),
        "ended_at": draw.maybe(draw.moment(), 0.3),
    }
