"""Services and places: drafts, offered, ended; with and without hours, secret and open addresses."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import asyncpg

from libs.japan.text import kana_key, search_key
from tests.oracle.drawn_rows import Draw
from tests.oracle.moments import NOW
from tests.oracle.people import ORGANISATIONS
from tests.reading.world import Row


def draw_resources(draw: Draw, rows: Mapping[str, list[Row]]) -> dict[str, list[Row]]:
    owners = rows["organisation"][: len(ORGANISATIONS) + 4]
    return {"resource": [_resource(draw, number, owners, rows["person"]) for number in range(1, 40)]}


def _resource(draw: Draw, number: int, owners: list[Row], people: list[Row]) -> Row:
    name, description = draw.name(), draw.of("", "どなたでも")
    said = draw.chance(0.8)
    return draw.made() | {
        "organisation_id": draw.one(owners),
        "number": number,
        "kind": draw.of("consultation", "ibasho", "machi_no_eki", "gathering", "support"),
        "state": draw.of("draft", "offered", "offered", "offered", "ended"),
        "published": draw.chance(0.5),
        "name": name,
        "search_key": search_key(f"{name}\n\n{description}\n"),
        "sort_key": kana_key(name),
        "description": description,
        "areas": draw.some(("292095", "011029", "011002"), 2),
        "languages": draw.some(("ja", "en", "zh-Hans"), 3),
        "phone": draw.of(None, "0743-74-1111"),
        "email": draw.of(None, "ibasho@example.jp"),
        "url": draw.of(None, "https://ibasho.example.jp/"),
        "hours": json.dumps({"rules": []} if said else {}),
        "hours_ja": draw.of("", "毎日 9:00～12:00"),
        "open_times": _open_times(draw) if said else [],
        "open_times_until": draw.day(-1, 0, 30) if said else None,
        "capacity": draw.of(None, "open", "none"),
        "capacity_as_of": draw.maybe(draw.day(-3)),
        "verified_on": draw.of(None, draw.day(-1, -180, -181, -400)),
        "verified_by_id": draw.maybe(draw.one(people)),
        "address_confidential": draw.chance(0.4),
        "place_name": draw.of("", "商店街"),
        "municipality_code": draw.of(None, "292095"),
        "postal_code": draw.of(None, "6300288"),
        "address": draw.of("", "東新町8-38"),
        "latitude": draw.of(None, 34.6913),
        "longitude": draw.of(None, 135.7004, -0.25),
        "updated_at": draw.moment(),
    }


def _open_times(draw: Draw) -> list[Any]:
    """Around now, some of them at its very second."""
    hours = draw.of((-2, 0), (-1, 1), (0, 1), (3, 5))
    first = asyncpg.Range(*(NOW + timedelta(hours=each) for each in hours))
    return [first, asyncpg.Range(NOW + timedelta(days=1), NOW + timedelta(days=1, hours=2))]
