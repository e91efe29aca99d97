"""Requests for help at the desks of all kinds of organisations, in every state."""

from collections.abc import Mapping

from services.platform.referrals.models.codes import PURPOSES
from services.platform.requests.models import ABOUT, STATES
from tests.oracle.drawn_rows import Draw
from tests.reading.world import Row


def draw_requests(draw: Draw, rows: Mapping[str, list[Row]]) -> dict[str, list[Row]]:
    requests = [_request(draw, rows, number) for number in range(120)]
    return {
        "help_request": requests,
        "request_access": [_access(draw, rows, draw.of(*requests)) for _ in range(80)],
    }


def _access(draw: Draw, rows: Mapping[str, list[Row]], request: Row) -> Row:
    return {
        "id": draw.id(),
        "request_id": request["id"],
        "person_id": draw.one(rows["person"]),
        "organisation_id": draw.one(rows["organisation"]),
        "purpose_code": draw.of(*PURPOSES),
        "sealed_purpose": draw.maybe(b"sealed"),
        "at": draw.moment(),
    }


def _request(draw: Draw, rows: Mapping[str, list[Row]], number: int) -> Row:
    return draw.made() | {
        "organisation_id": draw.one(rows["organisation"]),
        "about": draw.of(*ABOUT),
        "state": draw.of(*STATES),
        "code_hash": b"code %d" % number,
        "form_hash": b"form %d" % number,
        "updated_at": draw.moment(),
        "read_at": draw.maybe(draw.moment()),
        "answered_at": draw.maybe(draw.moment()),
        "erased_at": draw.maybe(draw.moment(), 0.8),
    }
