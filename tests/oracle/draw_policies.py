"""Editions of the policy that were never in force, and a draft: the platform itself keeps the baseline."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from tests.oracle.drawn_rows import Draw
from tests.oracle.moments import NOW
from tests.reading.world import Row

FIRST: Final = 100
OVERRIDES: Final[tuple[list[dict[str, str]], ...]] = (
    [],
    [
        {
            "change": "tighten",
            "kind": "company",
            "role": "any",
            "object": "referral.summary",
            "act": "read",
            "relation": "group+posted+open_board",
            "becomes": "nobody",
        }
    ],
)


def draw_policies(draw: Draw, rows: Mapping[str, list[Row]]) -> dict[str, list[Row]]:
    people = rows["person"]
    return {
        "policy_edition": [_edition(draw, people, FIRST + number) for number in range(6)],
        "policy_draft": [_draft(draw, people)],
    }


def _edition(draw: Draw, people: list[Row], version: int) -> Row:
    return _changes(draw) | {
        "id": draw.id(),
        "version": version,
        "content_hash": f"{draw.random.getrandbits(64):016x}",
        "note": draw.of("運営委員会の決定", 'quote " \\ end'),
        "author_id": draw.one(people),
        "at": NOW - timedelta(days=version),
        "reverted_to": draw.of(None, None, 1),
    }


def _draft(draw: Draw, people: list[Row]) -> Row:
    return _changes(draw) | {
        "updated_by_id": draw.one(people),
        "updated_at": draw.moment(),
    }


def _changes(draw: Draw) -> Row:
    nothing = list[str]()
    return {
        "overrides": json.dumps(draw.of(*OVERRIDES)),
        "changes_ja": draw.of(nothing, ["カードの概要: 企業 → ∅"]),
        "changes_en": draw.of(nothing, ["summary of a card: company → ∅"]),
    }
