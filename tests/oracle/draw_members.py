"""Organisations of each kind and state, people and their memberships, coordinators' terms."""

from collections.abc import Mapping
from datetime import timedelta

from libs.japan.text import kana_key, search_key
from tests.oracle.drawn_rows import Draw
from tests.oracle.moments import NOW
from tests.oracle.people import CAST, ORGANISATIONS, Part, person_row, term
from tests.reading.world import Row

KINDS = ("npo", "npo", "npo", "company", "company", "government")
STATES = ("active",) * 5 + ("applied", "declined", "suspended", "withdrawn")
ROLES = ("representative", "desk", "caseworker")


def draw_members(draw: Draw, rows: Mapping[str, list[Row]]) -> dict[str, list[Row]]:
    classes = rows["member_class"]
    organisations = [_organisation(draw, *each) for each in ORGANISATIONS]
    organisations += [_organisation(draw, draw.of(*KINDS), draw.of(*STATES)) for _ in range(15)]
    for each in organisations:
        each["member_class_id"] = draw.maybe(draw.one(classes))
    cast = [_person(draw) | person_row(name, part) for name, part in CAST.items()]
    others = [_person(draw) for _ in range(22)]
    memberships = [_membership(draw, row, organisations) for row in others]
    memberships += [_membership(draw, row, organisations) for row in others if draw.chance(0.2)]
    memberships += [
        _cast(draw, row, part, organisations) for row, part in zip(cast, CAST.values(), strict=True)
    ]
    appointments = [
        _appointment(draw, row, part)
        for row, part in zip(cast, CAST.values(), strict=True)
        if part.coordinates
    ]
    return {
        "organisation": organisations,
        "person": [*cast, *others],
        "membership": _one_live_each(memberships),
        "coordinator_appointment": appointments,
    }


def _organisation(draw: Draw, kind: str, status: str) -> Row:
    name, kana = draw.name(), draw.of("", "ひだまり", "つながり")
    services, area = draw.of("", "相談と居場所"), draw.of("市内全域", "北部", "")
    decided = draw.moment() if status in {"active", "declined", "suspended"} else draw.maybe(draw.moment())
    return draw.made() | {
        "kind": kind,
        "status": status,
        "name": name,
        "name_kana": kana,
        "search_key": search_key(f"{name}\n{kana}\n{services}\n{area}"),
        "sort_key": kana_key(kana or name),
        "corporate_number": draw.maybe(f"{draw.random.randrange(10**12, 10**13)}"),
        "fields_of_work": draw.some(("食", "居場所", "a,b", 'q"', "NULL", ""), 4),
        "services": services,
        "area": area,
        "capacity": draw.of(None, "open", "limited", "waitlist", "none"),
        "capacity_as_of": draw.maybe(draw.day(-9, 0)),
        "service_areas": draw.some(("北部", "292095", "札幌市北区", "a,b"), 2),
        "website": draw.of(None, "https://example.jp/?a=1&b=%E3%81%82"),
        "work_contact": draw.of(None, "0743-00-0000", "work@example.jp"),
        "work_email": draw.of(None, "desk@example.jp"),
        "confidential_address": draw.of(None, "秘密の住所"),
        "application_statement": draw.of(None, "地域のために\n改行"),
        "review_notes": draw.of(None, "審査メモ"),
        "decline_code": draw.of(None, "out_of_area", "other") if status == "declined" else None,
        "decline_reason": draw.of(None, "要件を満たさない") if status == "declined" else None,
        "published": draw.chance(0.4),
        "decided_at": None if status == "applied" else decided,
        "version": draw.random.randrange(1, 6),
    }


def _person(draw: Draw) -> Row:
    name, kana = draw.name(), draw.of("", "さとう")
    profile, interests = draw.of("", "よろしくお願いします。\n改行"), draw.of("", "将棋", "園芸")
    return draw.made() | {
        "status": draw.of("active", "active", "active", "invited", "removed"),
        "name": name,
        "name_kana": kana,
        "profile": profile,
        "interests": interests,
        "profile_for": draw.of("members", "members", "own"),
        "search_key": search_key(f"{name}\n{kana}"),
        "profile_key": search_key(f"{profile}\n{interests}\n"),
        "email": draw.of(None, "someone@example.jp"),
        "photo_object_id": draw.maybe(draw.id()),
    }


def _membership(draw: Draw, of: Row, organisations: list[Row]) -> Row:
    return {
        "id": draw.id(),
        "person_id": of["id"],
        "organisation_id": draw.one(organisations),
        "roles": draw.some(ROLES, 3),
        "term_from": draw.maybe(draw.day(-300)),
        "term_until": draw.maybe(draw.day(30, 300)),
        "since": NOW - timedelta(days=draw.of(0, 1, 30, 30, 900, -1)),
        "until": draw.of(None, None, None, NOW, NOW - timedelta(days=1), NOW + timedelta(days=1)),
    }


def _cast(draw: Draw, of: Row, part: Part, organisations: list[Row]) -> Row:
    organisation = organisations[part.organisation or 0]
    return _membership(draw, of, [organisation]) | term(part) | {"roles": list(part.roles)}


def _appointment(draw: Draw, of: Row, part: Part) -> Row:
    until = NOW - timedelta(days=1) if part.term_ended else None
    return {"id": draw.id(), "person_id": of["id"], "since": NOW - timedelta(days=100), "until": until}


def _one_live_each(memberships: list[Row]) -> list[Row]:
    """Two without an end of one person in one organisation cannot be."""
    kept: dict[object, Row] = {}
    for row in memberships:
        open_ended = row["until"] is None
        kept.setdefault((row["person_id"], row["organisation_id"]) if open_ended else row["id"], row)
    return list(kept.values())
