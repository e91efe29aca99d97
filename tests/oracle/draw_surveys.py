"""Surveys in every state, of organisers of all kinds, with answers also where too few came to be read."""

from collections.abc import Mapping

from tests.oracle.drawn_rows import Draw
from tests.oracle.people import ORGANISATIONS
from tests.reading.world import Row

QUESTIONS = '[{"key": "q1", "kind": "text", "ja": "感想", "en": "", "required": false, "options": []}]'


def draw_surveys(draw: Draw, rows: Mapping[str, list[Row]]) -> dict[str, list[Row]]:
    surveys = [_survey(draw, rows) for _ in range(48)]
    for survey, earlier in zip(surveys[24:], surveys[:24], strict=True):
        survey |= {"previous_id": earlier["id"], "organisation_id": earlier["organisation_id"]}
    answers = [
        {"id": draw.id(), "survey_id": draw.one(surveys), "answers": draw.of("{}", '{"q1": "よかった"}')}
        for _ in range(40)
    ]
    return {"survey": surveys, "survey_answer": answers}


def _survey(draw: Draw, rows: Mapping[str, list[Row]]) -> Row:
    state, readable = draw.of("draft", "open", "closed", "closed"), draw.chance(0.4)
    return draw.made() | {
        "organisation_id": draw.one(rows["organisation"][: len(ORGANISATIONS) + 4]),
        "event_id": draw.maybe(draw.one(rows["event"]), 0.8),
        "state": state,
        "title": draw.name(),
        "title_en": draw.of("", "After the course"),
        "introduction": draw.of("", "無記名です。\n改行"),
        "questions": QUESTIONS,
        "edition": draw.of(1, 2),
        "closes_at": draw.near(-1, 1),
        "opened_at": draw.maybe(draw.moment(), 0.7),
        "closed_at": draw.maybe(draw.moment(), 0.8),
        "readable": readable,
        "published": readable and draw.chance(0.6),
        "updated_at": draw.moment(),
    }
