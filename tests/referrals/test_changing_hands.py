"""Referrals that change hands, cards that wait, what is taken back, what there was no room for."""

import asyncio
from typing import Any

from tests.referrals import documents as said
from tests.referrals.conftest import ALL_ITEMS, CREATE_GROUP, GIVE_SEAT, MINE, NAME, Loop

LOOKING = ("ines", "mori", "sato", "hana")
NO_CONSENT = "consent_01890000-0000-7000-8000-000000000000"
EVERYTHING = [*ALL_ITEMS, "CONTACT_RULE", "SAFETY_NOTES"]


def at(row: dict[str, Any]) -> dict[str, Any]:
    return {"id": row["id"], "version": row["version"]}


async def refused(loop: Loop, name: str, mutation: str, **given: Any) -> str:
    result = await loop.person(name).do(mutation, **given)
    return result.get("state") or result.get("detail") or result["__typename"]


async def test_handed_on_it_waits_for_a_basis_of_its_own_and_ends_when_the_child_is_accepted(
    loop: Loop,
) -> None:
    taken = await loop.accepted(days=300)
    own, theirs = loop.organisations["sato"], loop.organisations["hana"]
    assert await refused(loop, "sato", said.HAND_ON, **at(taken), recipientId=own) == "InvalidInput"
    handed = await loop.step("sato", said.HAND_ON, **at(taken), recipientId=theirs)
    assert handed["state"] == "ACCEPTED"
    assert await refused(loop, "sato", said.HAND_ON, **at(handed), recipientId=theirs) == "handed_on"
    assert "HANDED_ON" in await loop.told("ines")
    mine = (await loop.person("ines").ask(said.SENT)).data["referralsSent"]["nodes"]
    (child,) = (each["id"] for each in mine if each["state"] == "AWAITING_BASIS")
    for name in ("hana", "sato"):
        assert await loop.read(name, child) is None
    consent = await loop.consent(taken["case"], "hana", days=300)
    waiting = await loop.seen("ines", child)
    assert waiting["basedOn"] == {"id": taken["id"]}
    sent = await loop.step("ines", said.SEND, **at(waiting), consentId=consent["id"])
    await loop.due()
    assert (await loop.seen("ines", taken["id"]))["state"] == "ACCEPTED"
    await loop.step("hana", said.ACCEPT, **at(sent))
    await loop.due()
    ended = await loop.seen("ines", taken["id"])
    assert (ended["state"], ended["outcomeCode"]) == ("REPORTED", "REFERRED_ELSEWHERE")
    assert "HAND_ON_ACCEPTED" in await loop.told("sato")


async def test_a_case_moves_only_when_its_owner_agrees_and_the_person_did(loop: Loop) -> None:
    case = await loop.case()
    card, other = await loop.card(case), await loop.draft(case)
    asked = await loop.step("hana", said.ASK_TRANSFER, **at(card))
    assert await refused(loop, "hana", said.ASK_TRANSFER, **at(asked)) == "AlreadyExists"
    assert await refused(loop, "ines", said.ASK_TRANSFER, **at(asked)) == "NotAllowed"
    assert (await loop.person("hana").ask(said.CASE, id=case)).data["case"] is None
    some = await loop.consent(case, "hana")
    give: dict[str, Any] = {**at(asked), "organisationId": loop.organisations["hana"]}
    assert await refused(loop, "ines", said.TRANSFER, **give, consentId=some["id"]) == "NO_VALID_CONSENT"
    consent = await loop.consent(case, "hana", items=EVERYTHING)
    stranger = give | {"organisationId": loop.organisations["sato"]}
    assert await refused(loop, "ines", said.TRANSFER, **stranger, consentId=consent["id"]) == "NotFound"
    assert await refused(loop, "hana", said.TRANSFER, **give, consentId=consent["id"]) == "NotAllowed"
    await loop.step("ines", said.TRANSFER, **give, consentId=consent["id"])
    await loop.due()
    assert (await loop.person("hana").ask(said.CASE, id=case)).data["case"]["caseworker"] == {"name": "Hana"}
    assert (await loop.reveal("hana", card["id"], "L3"))["personName"] == NAME
    assert (await loop.reveal("ines", card["id"], "L3"))["__typename"] == "NotAllowed"
    left = await loop.read("ines", other["id"]) or {}
    assert (left["state"], left["ask"]) == ("DRAFT", None)
    assert "TRANSFER_ACCEPTED" in await loop.told("hana")
    moved = await loop.read("hana", other["id"]) or {}
    assert moved["sender"]["name"] == "生駒市福祉総務課"


async def test_a_request_for_the_case_is_declined_or_withdrawn_and_told(loop: Loop) -> None:
    card = await loop.card(await loop.case())
    hana = loop.organisations["hana"]
    asked = await loop.step("hana", said.ASK_TRANSFER, **at(card))
    assert await refused(loop, "sato", said.WITHDRAW_TRANSFER, **at(asked)) == "no_request"
    assert (
        await refused(loop, "hana", said.DECLINE_TRANSFER, **at(asked), organisationId=hana) == "NotAllowed"
    )
    other = loop.organisations["sato"]
    assert await refused(loop, "ines", said.DECLINE_TRANSFER, **at(asked), organisationId=other) == "NotFound"
    kept = await loop.step("ines", said.DECLINE_TRANSFER, **at(asked), organisationId=hana)
    assert "TRANSFER_DECLINED" in await loop.told("hana")
    assert await refused(loop, "hana", said.WITHDRAW_TRANSFER, **at(kept)) == "no_request"
    assert await refused(
        loop, "ines", said.TRANSFER, **at(kept), organisationId=hana, consentId=NO_CONSENT
    ) == ("no_request")
    again = await loop.step("hana", said.ASK_TRANSFER, **at(kept))
    gone = await loop.step("hana", said.WITHDRAW_TRANSFER, **at(again))
    assert gone["state"] == "POSTED"
    assert "TRANSFER_WITHDRAWN" in await loop.told("ines")
    assert await refused(loop, "ines", said.DECLINE_TRANSFER, **at(gone), organisationId=hana) == "no_request"


async def test_the_recipient_does_not_learn_who_else_offered_or_asked_for_the_case(loop: Loop) -> None:
    case = await loop.case()
    card = await loop.card(case)
    await loop.offer("hana", card["id"])
    mine = await loop.offer("sato", card["id"])
    seen = await loop.seen("ines", card["id"])
    asked = await loop.step("hana", said.ASK_TRANSFER, **at(seen))
    declined = await loop.step(
        "ines", said.DECLINE_TRANSFER, **at(asked), organisationId=loop.organisations["hana"]
    )
    consent = await loop.consent(case, "sato")
    chosen = await loop.step("ines", said.CHOOSE, **at(declined), offerId=mine, consentId=consent["id"])
    assert chosen["state"] == "SENT"
    steps = "query ($id: ID!) { referral(id: $id) { history { id toState organisation { name } } } }"
    of = {
        name: (await loop.person(name).ask(steps, id=card["id"])).data["referral"]["history"]
        for name in LOOKING
    }
    assert len(of["ines"]) == len(of["mori"]) == 8
    assert [each["toState"] for each in of["sato"]] == ["SENT", "AWAITING_BASIS", "POSTED", "POSTED", "DRAFT"]
    assert of["hana"] is None, "no end of it"
    assert "生駒市福祉総務課" not in str(of["sato"])
    hidden = {each["id"] for each in of["ines"]} - {each["id"] for each in of["sato"]}
    node = "query ($id: ID!) { node(id: $id) { id } }"
    for each in hidden:
        assert (await loop.person("sato").ask(node, id=each)).data["node"] is None
        assert (await loop.person("ines").ask(node, id=each)).data["node"] == {"id": each}


async def test_who_is_at_work_on_it_reports_before_the_case_is_theirs(loop: Loop) -> None:
    taken = await loop.accepted("hana", items=EVERYTHING)
    asked = await loop.step("hana", said.ASK_TRANSFER, **at(taken))
    give = {"organisationId": loop.organisations["hana"], "consentId": taken["consent"]["id"]}
    assert await refused(loop, "ines", said.TRANSFER, **at(asked), **give) == "accepted"


async def test_void_needs_both_and_a_breach_where_something_was_sent(loop: Loop) -> None:
    draft = await loop.draft(await loop.case())
    assert await refused(loop, "mori", said.VOID, **at(draft)) == "NotAllowed"
    asked = await loop.step("ines", said.ASK_VOID, **at(draft))
    assert "VOID_REQUESTED" in await loop.told("mori")
    assert await refused(loop, "ines", said.VOID, **at(asked)) == "NotAllowed"
    assert (await loop.step("mori", said.VOID, **at(asked)))["state"] == "VOID"

    taken = await loop.accepted()
    asked = await loop.step("ines", said.ASK_VOID, **at(taken))
    assert await refused(loop, "mori", said.VOID, **at(asked)) == "BREACH_REQUIRED"
    await loop.step("mori", said.VOID, **at(asked), openBreach=True)
    assert (await loop.reveal("sato", taken["id"], "L2"))["__typename"] == "NotAllowed"
    assert "VOIDED" in await loop.told("sato")
    async with loop.cities.stage.sql() as sql:
        opened = await sql.fetch("SELECT breach_opened_at IS NOT NULL AS opened FROM tsunagari.referral")
    assert sorted(row["opened"] for row in opened) == [False, True]


async def test_where_the_platform_asks_a_card_waits_for_the_coordinator(loop: Loop) -> None:
    mori = loop.person("mori")
    version = (await mori.ask(said.TERMS)).data["referralTerms"]["version"]
    await mori.do(said.CHANGE_TERMS, version=version, cardsNeedApproval=True)
    card = await loop.card(await loop.case())
    assert card["state"] == "DRAFT"
    assert (await loop.seen("ines", card["id"]))["approvalAsked"]
    assert await loop.read("sato", card["id"]) is None
    assert await refused(loop, "ines", said.APPROVE, **at(card)) == "NotAllowed"
    back = await loop.step("mori", said.REFUSE, **at(card), code="UNCLEAR")
    assert await refused(loop, "mori", said.APPROVE, **at(back)) == "no_request"
    again = await loop.step("ines", said.POST, **at(back), workingGroupId=loop.group)
    assert (await loop.step("mori", said.APPROVE, **at(again)))["state"] == "POSTED"
    assert (await loop.read("sato", card["id"]) or {})["state"] == "POSTED"
    told = await loop.told("ines")
    assert ("CARD_REFUSED" in told, "CARD_APPROVED" in told) == (True, True)
    assert (await loop.told("sato")).count("REFERRAL_POSTED") == 1


async def test_offers_are_withdrawn_and_those_not_chosen_are_told(loop: Loop) -> None:
    case = await loop.case()
    card = await loop.card(case)
    offers = {name: await loop.offer(name, card["id"]) for name in ("sato", "hana")}
    assert await refused(loop, "ines", said.WITHDRAW_OFFER, id=offers["hana"], version=1) == "NotAllowed"
    gone = await loop.person("hana").do(said.WITHDRAW_OFFER, id=offers["hana"], version=1)
    assert gone["offer"]["state"] == "WITHDRAWN"
    assert "OFFER_WITHDRAWN" in await loop.told("ines")
    again = await loop.offer("hana", card["id"])
    seen = await loop.seen("ines", card["id"])
    await loop.step("ines", said.CHOOSE, **at(seen), offerId=again)
    assert "OFFER_CLOSED" in await loop.told("sato")
    assert "OFFER_CHOSEN" in await loop.told("hana")


async def test_a_chosen_card_taken_back_leaves_the_board(loop: Loop) -> None:
    card = await loop.card(await loop.case())
    offer = await loop.offer("sato", card["id"])
    seen = await loop.seen("ines", card["id"])
    chosen = await loop.step("ines", said.CHOOSE, **at(seen), offerId=offer)
    back = await loop.step("ines", said.TAKE_BACK, **at(chosen))
    assert back["state"] == "DRAFT"
    assert await loop.read("hana", card["id"]) is None


async def test_notes_are_mended_and_removed_by_their_organisation(loop: Loop) -> None:
    card = await loop.card(await loop.case())
    note = (await loop.person("hana").do(said.NOTE, id=card["id"], body="火曜に空き"))["note"]["id"]
    assert await refused(loop, "sato", said.EDIT_NOTE, id=note, version=1, body="?") == "NotAllowed"
    mended = await loop.person("hana").do(said.EDIT_NOTE, id=note, version=1, body="水曜に空き")
    assert mended["note"]["body"] == "水曜に空き"
    removed = await loop.person("hana").do(said.REMOVE_NOTE, id=note, version=2)
    assert removed["referral"]["notes"] == []
    async with loop.cities.stage.sql() as sql:
        assert await sql.fetchval("SELECT count(*) FROM tsunagari.card_note") == 0


async def test_a_case_is_closed_when_nothing_is_under_way(loop: Loop) -> None:
    case = await loop.case()
    draft = await loop.draft(case)
    assert await refused(loop, "ines", said.CLOSE_CASE, id=case, version=1) == "live_referral"
    await loop.step("ines", said.WITHDRAW, **at(draft), code="MOVED")
    closed = (await loop.person("ines").do(said.CLOSE_CASE, id=case, version=1))["case"]
    assert (closed["state"], closed["closedOn"]) == ("CLOSED", loop.today.isoformat())
    card = {"needCategory": "FOOD", "ask": "…"}
    assert await refused(loop, "ines", said.CREATE, caseId=case, card=card) == "closed"
    again = (await loop.person("ines").do(said.REOPEN_CASE, id=case, version=2))["case"]
    assert (again["state"], again["closedOn"]) == ("OPEN", None)


async def test_who_says_that_it_has_no_room_is_asked_only_with_a_reason(loop: Loop) -> None:
    own = loop.organisations["sato"]
    version = (
        await loop.person("sato").ask("query ($id: ID!) { organisation(id: $id) { version } }", id=own)
    ).data["organisation"]["version"]
    given: dict[str, Any] = {"id": own, "version": version, "capacity": "NONE", "serviceAreas": ["北部"]}
    assert await refused(loop, "ines", said.SET_CAPACITY, **given) == "NotAllowed"
    stated = (await loop.person("sato").do(said.SET_CAPACITY, **given))["organisation"]
    assert (stated["capacity"], stated["capacityAsOf"]) == ("NONE", loop.today.isoformat())
    case = await loop.case()
    consent = await loop.consent(case, "sato")
    draft = await loop.draft(case, area="生駒市北部")
    asked = await loop.step("ines", said.REQUEST_BASIS, **at(draft), recipientId=own)
    send: dict[str, Any] = {**at(asked), "consentId": consent["id"]}
    assert await refused(loop, "ines", said.SEND, **send) == "NO_CAPACITY"
    await loop.step("ines", said.SEND, **send, overrideReason="電話で了解を得た")
    assert (await loop.reveal("ines", draft["id"], "TEXTS"))["overrideReason"] == "電話で了解を得た"

    open_again: dict[str, Any] = given | {"version": stated["version"], "capacity": "OPEN"}
    await loop.person("sato").do(said.SET_CAPACITY, **open_again)
    other = await loop.draft(case, area="南部", needCategory="FOOD")
    asked = await loop.step("ines", said.REQUEST_BASIS, **at(other), recipientId=own)
    send = {**at(asked), "consentId": consent["id"]}
    assert await refused(loop, "ines", said.SEND, **send) == "AREA_NOT_SERVED"


async def test_kinds_that_the_platform_does_not_ask_are_not_asked(loop: Loop) -> None:
    mori = loop.person("mori")
    version = (await mori.ask(said.TERMS)).data["referralTerms"]["version"]
    await mori.do(said.CHANGE_TERMS, version=version, recipientKinds=["GOVERNMENT"])
    case = await loop.case()
    draft = await loop.draft(case)
    asked = await loop.step("ines", said.REQUEST_BASIS, **at(draft), recipientId=loop.organisations["sato"])
    consent = await loop.consent(case, "sato")
    send: dict[str, Any] = {**at(asked), "consentId": consent["id"], "overrideReason": "どうしても"}
    assert await refused(loop, "ines", said.SEND, **send) == "KIND_NOT_ALLOWED"


async def test_the_ledger_counts_what_there_was_no_room_for(loop: Loop) -> None:
    for code in ("NO_CAPACITY", "WAITLIST_ONLY", "SAFETY"):
        case = await loop.case()
        consent = await loop.consent(case, "sato")
        sent = await loop.sent(case, "sato", consent["id"], area="北部")
        await loop.step("sato", said.DECLINE, **at(sent), declinedBy="PROVIDER", code=code)
    taken = await loop.accepted()
    await loop.step("sato", said.REPORT, **at(taken), code="NO_CAPACITY_AFTER_ALL")
    month = loop.today.replace(day=1).isoformat()
    ledger = (await loop.person("mori").ask(said.UNMET)).data["unmetNeeds"]
    assert ledger == [
        {"need": "BELONGING", "area": "", "month": month, "count": 1},
        {"need": "BELONGING", "area": "北部", "month": month, "count": 2},
    ]
    old = (await loop.person("mori").ask(said.UNMET, until="2025-01-31")).data["unmetNeeds"]
    assert old == []
    ever: dict[str, Any] = {"since": "0001-01-01", "until": "9999-12-31"}
    assert (await loop.person("mori").ask(said.UNMET, **ever)).data["unmetNeeds"] == ledger
    for name in ("ines", "hana", "oda", "anyone"):
        answer = (await loop.person(name).ask(said.UNMET)).data["unmetNeeds"]
        assert answer == ([] if name == "oda" else None), name


async def test_of_two_who_answer_at_once_one_is_a_typed_conflict(loop: Loop) -> None:
    taken = await loop.accepted()
    me = (await loop.person("sato").ask(MINE)).data["me"]["id"]
    tried: list[tuple[str, dict[str, Any]]] = [
        (said.HAND_ON, {"recipientId": loop.organisations["hana"]}),
        (said.HAND_ON, {"recipientId": loop.organisations["kato"]}),
        (said.ASSIGN, {"personId": me}),
        (said.ASK, {"text": "何曜日が"}),
    ]
    answers = await asyncio.gather(
        *(loop.person("sato").do(mutation, **at(taken), **given) for mutation, given in tried)
    )
    assert sorted(each["__typename"] for each in answers) == ["ReferralPayload", *["StaleVersion"] * 3]


async def test_who_hands_on_does_not_learn_who_else_is_asked(loop: Loop) -> None:
    """Ines has asked Hana for the same person already: Sato's hand-on is answered as any other."""
    taken = await loop.accepted(days=300)
    consent = await loop.consent(taken["case"], "hana", days=300)
    await loop.sent(taken["case"], "hana", consent["id"])
    give = {**at(taken), "recipientId": loop.organisations["hana"]}
    handed = await loop.step("sato", said.HAND_ON, **give)
    assert handed["state"] == "ACCEPTED"
    assert await refused(loop, "sato", said.HAND_ON, **(give | at(handed))) == "handed_on"
    assert "HANDED_ON" in await loop.told("ines")
    mine = (await loop.person("ines").ask(said.SENT)).data["referralsSent"]["nodes"]
    (child,) = (each["id"] for each in mine if each["state"] == "DRAFT")
    assert (await loop.seen("ines", child))["basedOn"] == {"id": taken["id"]}
    assert await loop.read("sato", child) is None


async def test_who_gave_a_case_away_shares_nothing_of_it_any_more(loop: Loop) -> None:
    """Its other referrals follow by the worker: until it has come by, Ines sends none of them."""
    case = await loop.case()
    card, other = await loop.card(case), await loop.draft(case, ask="別の相談もお願いします。")
    agreed = await loop.consent(case, "sato")
    waiting = await loop.step("ines", said.REQUEST_BASIS, **at(other), recipientId=loop.organisations["sato"])
    asked = await loop.step("hana", said.ASK_TRANSFER, **at(card))
    consent = await loop.consent(case, "hana", items=EVERYTHING)
    give = {**at(asked), "organisationId": loop.organisations["hana"], "consentId": consent["id"]}
    await loop.step("ines", said.TRANSFER, **give)
    late = await refused(loop, "ines", said.SEND, **at(waiting), consentId=agreed["id"])
    assert late == "case_moved"
    assert await loop.read("sato", other["id"]) is None


async def test_notes_stay_with_the_posting_for_which_they_were_written(loop: Loop) -> None:
    """Posted anew to another group, the card shows neither group what the other wrote; Mori reads both."""
    made = await loop.person("mori").do(CREATE_GROUP, name="見守り部会", purpose="見守る")
    other = made["workingGroup"]["id"]
    for name in ("ines", "hana"):
        await loop.person("mori").do(GIVE_SEAT, workingGroupId=other, organisationId=loop.organisations[name])
    card = await loop.card(await loop.case())
    first = (await loop.person("sato").do(said.NOTE, id=card["id"], body="心当たりがあります"))["note"]["id"]
    offer = await loop.offer("sato", card["id"])
    seen = await loop.seen("ines", card["id"])
    chosen = await loop.step("ines", said.CHOOSE, **at(seen), offerId=offer)
    back = await loop.step("ines", said.TAKE_BACK, **at(chosen))
    assert await note_of(loop, "sato", first) is None
    again = await loop.step("ines", said.POST, **at(back), workingGroupId=other)
    later = (await loop.person("hana").do(said.NOTE, id=again["id"], body="来週うかがえます"))["note"]["id"]
    found = {name: [await note_of(loop, name, each) for each in (first, later)] for name in LOOKING}
    assert found == {
        "ines": [None, later],
        "hana": [None, later],
        "sato": [None, None],
        "mori": [first, later],
    }
    board = (await loop.person("hana").ask(said.BOARD, group=other)).data["board"]
    (shown,) = board["nodes"]
    assert [note["body"] for note in shown["notes"]] == ["来週うかがえます"]
    assert len((await loop.read("ines", card["id"]) or {})["notes"]) == 1
    edited = await loop.person("sato").do(said.EDIT_NOTE, id=first, version=1, body="まだ")
    assert edited["__typename"] == "NotFound"


async def note_of(loop: Loop, name: str, note: str) -> str | None:
    answer = (await loop.person(name).ask("query ($id: ID!) { node(id: $id) { id } }", id=note)).data["node"]
    return answer and answer["id"]
