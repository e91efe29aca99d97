"""People in need, by invented stories: cards on the board, and referrals in every state of the loop."""

from datetime import timedelta
from typing import Any

from rich.console import Console

from services.operator.demo.chapters.groups import OWN, group_named
from services.operator.demo.teller import Teller


def _step(name: str, payload: str = "ReferralPayload", selection: str = "referral { id version }") -> str:
    kind = f"{name[0].upper()}{name[1:]}Input"
    return f"""mutation ($input: {kind}!) {{ {name}(input: $input) {{
      ... on {payload} {{ {selection} }} ... on UserError {{ en }} }} }}"""


VERSION = "query ($id: ID!) { referral(id: $id) { version } }"
OPEN_CASE = _step("openCase", "CasePayload", "case { id }")
CONSENT = _step("recordConsent", "ConsentPayload", "consent { id }")
NOTE = _step("writeNote", "NotePayload", "note { id }")
OFFER = _step("offerHelp", "OfferPayload", "offer { id }")

REMARK = "地区の担当に心当たりがあるか聞いてみます。"
ASKS = (
    ("LISTENING", "週に一度、話し相手になってくれる方を探しています。", "SENIOR", "NORMAL"),
    ("FOOD", "学校のない日の昼食を一緒に食べられる場を探しています。", "SCHOOL_AGE", "URGENT"),
    ("DAILY_LIFE", "買い物への同行を月に数回お願いできませんか。", "OLDEST", "NORMAL"),
    ("BELONGING", "人の多くない居場所で過ごしたいという希望があります。", "YOUTH", "NORMAL"),
)


async def referrals(teller: Teller, _: Console) -> None:
    """cards and referrals"""
    await _declined(teller)
    await _closed(teller)
    teller.clock.now()
    group = await group_named(teller, "ines", "ikoma", "居場所と訪問の分科会")
    for need, ask, age, urgency in ASKS:
        card = await _card(teller, need, ask, age, urgency)
        await _move(teller, "ines", "postToBoard", card, workingGroupId=group)
        await teller.do("hana", "ikoma", NOTE, id=card["id"], body=REMARK)
    await _accepted(teller, group)


async def _accepted(teller: Teller, group: str) -> None:
    """A card for which several raised a hand; the sender chose one, which accepted."""
    card = await _card(
        teller, "SCHOOLING", "宿題を見守ってくれる大人を探しています。", "SCHOOL_AGE", "NORMAL"
    )
    await _move(teller, "ines", "postToBoard", card, workingGroupId=group)
    offer = await teller.do("sato", "ikoma", OFFER, id=card["id"], message="平日の夕方なら伺えます。")
    await teller.do("hana", "ikoma", OFFER, id=card["id"], message="学習支援事業をご案内できます。")
    consent = await _consent(teller, card["case"], "sato")
    await _move(teller, "ines", "chooseOffer", card, offerId=offer["offer"]["id"], consentId=consent)
    await _move(teller, "sato", "acceptReferral", card)


async def _declined(teller: Teller) -> None:
    sent = await _sent(teller, "HOUSING", "家賃の滞納について相談先を探しています。", "ADULT")
    await _move(teller, "hana", "declineReferral", sent, declinedBy="PROVIDER", code="WAITLIST_ONLY")


async def _closed(teller: Teller) -> None:
    sent = await _sent(teller, "MONEY", "家計の整理を一緒に考えてくれる窓口を探しています。", "ADULT")
    await _move(teller, "hana", "acceptReferral", sent)
    await _move(teller, "hana", "startSupport", sent, startedOn=teller.clock.today().isoformat())
    await _move(teller, "hana", "reportOutcome", sent, code="CONNECTED_ONGOING")
    await _move(teller, "ines", "confirmLoop", sent)


async def _sent(teller: Teller, need: str, ask: str, age: str) -> dict[str, Any]:
    referral = await _card(teller, need, ask, age, "NORMAL")
    consent = await _consent(teller, referral["case"], "hana")
    recipient = (await teller.ask("hana", "ikoma", OWN))["myOrganisation"]["id"]
    await _move(teller, "ines", "requestBasis", referral, recipientId=recipient)
    await _move(teller, "ines", "sendReferral", referral, consentId=consent)
    return referral


async def _card(teller: Teller, need: str, ask: str, age: str, urgency: str) -> dict[str, Any]:
    """A draft about an invented person, whose story is encrypted under a key of its own."""
    person = {
        "narrative": "(デモ用の架空の相談内容)",
        "personName": "架空 太郎",
        "contact": "demo@example.jp",
        "contactRule": "SAFE_TIMES",
    }
    case = (await teller.do("ines", "ikoma", OPEN_CASE, needs=[need], person=person))["case"]
    draft = {"needCategory": need, "ask": ask, "ageBand": age, "area": "北地区", "urgency": urgency}
    made = await teller.do("ines", "ikoma", _step("createReferral"), caseId=case["id"], card=draft)
    return {**made["referral"], "case": case["id"]}


async def _consent(teller: Teller, case: str, recipient: str) -> str:
    organisation = (await teller.ask(recipient, "ikoma", OWN))["myOrganisation"]["id"]
    today = teller.clock.today()
    made = await teller.do(
        "ines",
        "ikoma",
        CONSENT,
        caseId=case,
        items=["NARRATIVE", "PERSON_NAME", "CONTACT", "CONTACT_RULE"],
        recipientIds=[organisation],
        purpose="支援先の検討と連絡のため",
        howObtained="WRITTEN",
        obtainedOn=today.isoformat(),
        validUntil=(today + timedelta(days=180)).isoformat(),
    )
    return made["consent"]["id"]


async def _move(teller: Teller, who: str, step: str, referral: dict[str, Any], **given: object) -> None:
    """One transition; the referral's version is read anew, as a client would."""
    known = await teller.ask(who, "ikoma", VERSION, id=referral["id"])
    version = known["referral"]["version"]
    await teller.do(who, "ikoma", _step(step), id=referral["id"], version=version, **given)
