"""Cases, consents, referrals in every state, and what hangs on them."""

from collections.abc import Mapping
from datetime import timedelta

from services.platform.links.models import ENDS
from services.platform.referrals.models import codes, machine
from services.platform.rights.models import codes as erasures
from tests.oracle.drawn_rows import Draw
from tests.oracle.moments import NOW
from tests.reading.world import Row

Rows = Mapping[str, list[Row]]
WAITING = (machine.QUESTION, machine.APPROVAL, machine.REOPENING, machine.VOIDING)
HOLDERS = 6
"""Cases belong mostly to the first organisations, which people ask for."""


def draw_referrals(draw: Draw, rows: Rows) -> dict[str, list[Row]]:
    cases = [_case(draw, rows, number) for number in range(18)]
    consents = [_consent(draw, cases, rows["organisation"]) for _ in range(16)]
    referrals = _referrals(draw, rows, cases, consents)
    links = [_link(draw, rows, row) for row in referrals if draw.chance(0.3)]
    questions = [_question(draw, rows, row) for row in referrals for _ in range(draw.of(0, 0, 1, 2))]
    return {
        "case_file": cases,
        "consent": consents,
        "consent_recipient": _recipients(draw, consents, rows["organisation"]),
        "referral": referrals,
        "referral_event": [each for row in referrals for each in _events(draw, rows, row)],
        "card_note": [_note(draw, rows, row) for row in referrals for _ in range(draw.of(0, 0, 1, 5))],
        "offer": _offers(draw, rows, referrals),
        "disclosure": [_disclosure(draw, rows, row) for row in referrals if draw.chance(0.3)],
        "answer_link": links,
        "access_entry": [_access(draw, rows, draw.of(*referrals), links) for _ in range(70)],
        "question": _one_open_each(questions),
        "assignment": [_assignment(draw, rows, row) for row in referrals if draw.chance(0.5)],
        "correction": [_correction(draw, rows, draw.of(*referrals)) for _ in range(30)],
        "erasure": [_erasure(draw, rows, case) for case in cases if draw.chance(0.6)],
    }


def _case(draw: Draw, rows: Rows, number: int) -> Row:
    """Kept mostly by somebody who acts for its organisation, else by anybody."""
    holders = rows["organisation"][:HOLDERS] if draw.chance(0.8) else rows["organisation"]
    holder = draw.one(holders)
    staff = [each["person_id"] for each in rows["membership"] if each["organisation_id"] == holder]
    return draw.made() | {
        "number": f"{1000 + number}",
        "kind": draw.of(*codes.CASE_KINDS),
        "state": draw.of("open", "open", "closed", "erased"),
        "organisation_id": holder,
        "caseworker_id": draw.of(*staff) if staff and draw.chance(0.8) else draw.one(rows["person"]),
        "needs": draw.some(codes.NEEDS, 3),
        "opened_on": draw.day(-400, -30, 0),
        "closed_on": draw.maybe(draw.day(-1, 0), 0.6),
        "updated_at": draw.moment(),
    }


def _consent(draw: Draw, cases: list[Row], organisations: list[Row]) -> Row:
    return draw.made() | {
        "case_id": draw.one(cases),
        "holder_id": draw.one(organisations),
        "medium": draw.of(*codes.MEDIA),
        "items": draw.some(codes.ITEMS, 5),
        "purpose": "支援のため",
        "how_obtained": draw.of(*codes.OBTAINED),
        "obtained_on": draw.day(-300, -1, 0, 1),
        "valid_until": draw.day(-1, 0, 1, 300),
        "withdrawn_at": draw.maybe(draw.moment(), 0.3),
    }


def _recipients(draw: Draw, consents: list[Row], organisations: list[Row]) -> list[Row]:
    return [
        {"id": draw.id(), "consent_id": consent["id"], "organisation_id": each["id"]}
        for consent in consents
        for each in draw.some(organisations[:12], 4)
    ]


def _referrals(draw: Draw, rows: Rows, cases: list[Row], consents: list[Row]) -> list[Row]:
    found: dict[object, Row] = {}
    for number in range(90):
        row = _referral(draw, rows, cases, consents, machine.STATES[number % len(machine.STATES)])
        twin = (row["case_id"], row["need_category"], row["recipient_id"])
        live = row["state"] in machine.ADDRESSED and row["recipient_id"] is not None
        found.setdefault(twin if live else row["id"], row)
    earlier: list[Row] = []
    for row in found.values():
        row["based_on_id"] = draw.one(earlier) if earlier and draw.chance(0.2) else None
        row["previous_attempt_id"] = draw.one(earlier) if earlier and draw.chance(0.3) else None
        earlier.append(row)
    return earlier


def _referral(draw: Draw, rows: Rows, cases: list[Row], consents: list[Row], state: str) -> Row:
    case = draw.of(*cases)
    board = draw.chance(0.6) or state == "posted"
    chosen = state not in {"draft", "posted"} and draw.chance(0.9)
    # at times without a recipient: then a comparison is null, which must open nothing
    sent = draw.chance(0.9) if chosen and state != "awaiting_basis" else draw.chance(0.2)
    return draw.made() | {
        "case_id": case["id"],
        "mode": "board" if board else "directed",
        "state": state,
        "need_category": draw.of(*codes.NEEDS[:4]),
        "urgency": draw.of(*codes.URGENCIES),
        "age_band": draw.of(*codes.AGE_BANDS),
        "area": draw.of("", "北地区"),
        "ask": f"話し相手を探しています{draw.random.randrange(9)}",
        "working_group_id": draw.one(rows["working_group"]) if board else None,
        "sender_id": case["organisation_id"],
        "recipient_id": draw.one(rows["organisation"][:12]) if chosen else None,
        "basis": draw.of(None, *codes.BASES),
        "consent_id": draw.maybe(draw.one(consents)),
        "opened_early": draw.chance(0.3),
        "post_until": draw.maybe(draw.day(-1, 0, 30)),
        "due_at": draw.maybe(draw.near(-1, 1)),
        "posted_at": draw.moment() if board and (state == "posted" or draw.chance(0.8)) else None,
        "sent_at": draw.moment() if sent else None,
        "earlier_sender_ids": [each["id"] for each in draw.some(rows["organisation"][:12], 1)],
        "past_due": draw.chance(0.3),
        "hold_code": draw.of(None, *codes.HOLDS),
        "review_on": draw.maybe(draw.day(1, 9)),
        "person_answer": draw.of(None, *codes.PERSON_ANSWERS),
        **{stamp: draw.maybe(draw.moment(), 0.3) for stamp in WAITING},
        **_ends(draw, state),
    }


def _question(draw: Draw, rows: Rows, referral: Row) -> Row:
    return draw.made() | {
        "referral_id": referral["id"],
        "asked_by_id": referral["recipient_id"] or referral["sender_id"],
        "asker_id": draw.maybe(draw.one(rows["person"])),
        "open": draw.chance(0.5),
        "answered_at": draw.maybe(draw.moment()),
    }


def _one_open_each(questions: list[Row]) -> list[Row]:
    found: dict[object, Row] = {}
    for row in questions:
        found.setdefault(row["referral_id"] if row["open"] else row["id"], row)
    return list(found.values())


def _assignment(draw: Draw, rows: Rows, referral: Row) -> Row:
    """Mostly of somebody who acts for the recipient, else of anybody."""
    staff = [each for each in rows["membership"] if each["organisation_id"] == referral["recipient_id"]]
    member = draw.of(*(staff or rows["membership"]))
    person = draw.maybe(member["person_id"], 0.8) or draw.one(rows["person"])
    return draw.made() | {
        "referral_id": referral["id"],
        "organisation_id": member["organisation_id"],
        "person_id": person,
        "assigned_by_id": draw.one(rows["person"]),
        "superseded_at": draw.maybe(draw.moment(), 0.2),
    }


def _ends(draw: Draw, state: str) -> Row:
    ended = NOW - timedelta(days=draw.of(0, 1, 29, 30, 31, 400), seconds=draw.of(0, -1, 1))
    return {
        "answered_at": draw.maybe(draw.moment()),
        "started_on": draw.maybe(draw.day(-9, 0)),
        "reported_at": draw.maybe(draw.moment(), 0.3),
        "ended_at": ended if state in machine.TERMINAL else None,
        "declined_by": draw.of(*codes.DECLINED_BY) if state == "declined" else None,
        "decline_code": draw.of(*codes.DECLINES) if state == "declined" else None,
        "outcome_code": draw.of(*codes.OUTCOMES) if state in {"reported", "closed"} else None,
        "withdraw_code": draw.of(*codes.WITHDRAWALS) if state == "withdrawn" else None,
        "confirmed": draw.of(True, False) if state == "closed" else None,
        "updated_at": draw.moment(),
    }


def _events(draw: Draw, rows: Rows, referral: Row) -> list[Row]:
    return [
        {
            "id": draw.id(),
            "referral_id": referral["id"],
            "sequence": number,
            "step": draw.of("accept_referral", *machine.OF_BYSTANDERS),
            "from_state": draw.of(None, *machine.STATES),
            "to_state": draw.of(*machine.STATES),
            "actor_id": draw.maybe(draw.one(rows["person"])),
            "organisation_id": draw.maybe(draw.one(rows["organisation"])),
            "at": draw.moment(),
            "reason_code": draw.of(None, "other"),
        }
        for number in range(draw.of(0, 1, 2))
    ]


def _note(draw: Draw, rows: Rows, referral: Row) -> Row:
    """On a card; those of a directed referral stand in some group all the same, which must not open it."""
    return draw.made() | {
        "referral_id": referral["id"],
        "working_group_id": referral["working_group_id"] or draw.one(rows["working_group"]),
        "author_id": draw.one(rows["person"]),
        "author_organisation_id": draw.one(rows["organisation"][:12]),
        # of this posting, or of an earlier one
        "posted_at": (draw.chance(0.7) and referral["posted_at"]) or draw.moment(),
        "body": draw.of("心当たりがあります", 'q" \\'),
        "updated_at": draw.moment(),
    }


def _offers(draw: Draw, rows: Rows, referrals: list[Row]) -> list[Row]:
    found: dict[object, Row] = {}
    for _ in range(60):
        row = draw.made() | {
            "referral_id": draw.one(referrals),
            "organisation_id": draw.one(rows["organisation"][:12]),
            "offered_by_id": draw.one(rows["person"]),
            "message": draw.of("", "手伝えます"),
            "state": draw.of("open", "open", *codes.OFFER_STATES),
        }
        pair = (row["referral_id"], row["organisation_id"])
        found.setdefault(pair if row["state"] == "open" else row["id"], row)
    return list(found.values())


def _disclosure(draw: Draw, rows: Rows, referral: Row) -> Row:
    return {
        "id": draw.id(),
        "referral_id": referral["id"],
        "recipient_id": referral["recipient_id"] or draw.one(rows["organisation"]),
        "consent_id": referral["consent_id"],
        "basis": draw.of(*codes.BASES),
        "rests_on_id": referral["consent_id"] or draw.id(),
        "items": draw.some(codes.ITEMS, 4),
        "package_hash": f"{draw.random.getrandbits(256):064x}",
        "at": draw.moment(),
    }


def _link(draw: Draw, rows: Rows, referral: Row) -> Row:
    return {
        "id": draw.id(),
        "referral_id": referral["id"],
        "organisation_id": draw.one(rows["organisation"]),
        "secret_hash": b"",
        "code_by": draw.of("mail", "telephone"),
        "made_by_id": draw.maybe(draw.one(rows["person"]), 0.7),
        "codes": draw.of(0, 1, 3),
        "tries": draw.of(0, 2),
        "created_at": draw.moment(),
        "expires_at": draw.moment(),
    } | _link_end(draw)


def _link_end(draw: Draw) -> Row:
    ended = draw.chance(0.5)
    return {
        "ended_at": draw.moment() if ended else None,
        "end_code": draw.of(*ENDS) if ended else None,
    }


def _access(draw: Draw, rows: Rows, referral: Row, links: list[Row]) -> Row:
    by_link = bool(links) and draw.chance(0.2)
    return {
        "id": draw.id(),
        "case_id": referral["case_id"],
        "referral_id": draw.maybe(referral["id"], 0.8),
        "person_id": None if by_link else draw.one(rows["person"]),
        "link_id": draw.one(links) if by_link else None,
        "organisation_id": draw.one(rows["organisation"]),
        "level": draw.of(*codes.ACCESS_LEVELS),
        "basis": draw.of("case_holder", "party", *codes.BASES),
        "purpose_code": draw.of(*codes.PURPOSES),
        "at": draw.moment(),
    }


def _correction(draw: Draw, rows: Rows, referral: Row) -> Row:
    return {
        "id": draw.id(),
        "referral_id": referral["id"],
        "items": draw.some(codes.ITEMS, 4),
        "reason": draw.of(*codes.CORRECTIONS),
        "person_id": draw.one(rows["person"]),
        "organisation_id": draw.one(rows["organisation"]),
        "at": draw.moment(),
    }


def _erasure(draw: Draw, rows: Rows, case: Row) -> Row:
    """Of each case at most one: but for those taken back a case has one."""
    return {
        "id": draw.id(),
        "case_id": case["id"],
        "organisation_id": case["organisation_id"],
        "reason": draw.of(*erasures.REASONS),
        "state": draw.of(*erasures.STATES),
        "asked_by_id": draw.maybe(draw.one(rows["person"])),
        "asked_at": draw.moment(),
        "confirmed_by_id": draw.maybe(draw.one(rows["person"])),
        "confirmed_at": draw.maybe(draw.moment()),
        "done_at": draw.maybe(draw.moment()),
        "version": draw.of(1, 2),
    }
