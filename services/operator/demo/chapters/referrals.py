"""People in need, by invented stories: cards on the board, and referrals that ended last month."""

from rich.console import Console

from services.operator.demo.chapters.groups import group_named
from services.operator.demo.chapters.steps import (
    TENANT,
    consent,
    draft,
    move,
    mutation,
    organisation_of,
    sent,
)
from services.operator.demo.teller import Teller

NOTE = mutation("writeNote", "NotePayload", "note { id }")
OFFER = mutation("offerHelp", "OfferPayload", "offer { id }")

REMARK = "地区の担当に心当たりがあるか聞いてみます。"
ASKS = (
    ("LISTENING", "週に一度、話し相手になってくれる方を探しています。", "SENIOR", "NORMAL"),
    ("FOOD", "学校のない日の昼食を一緒に食べられる場を探しています。", "SCHOOL_AGE", "URGENT"),
    ("DAILY_LIFE", "買い物への同行を月に数回お願いできませんか。", "OLDEST", "NORMAL"),
    ("BELONGING", "人の多くない居場所で過ごしたいという希望があります。", "YOUTH", "NORMAL"),
)


async def referrals(teller: Teller, _: Console) -> None:
    """cards and referrals"""
    hana = await organisation_of(teller, "hana")
    await _declined(teller, hana)
    await _closed(teller, hana)
    teller.clock.now()
    group = await group_named(teller, "ines", TENANT, "居場所と訪問の分科会")
    for need, ask, age, urgency in ASKS:
        card = await draft(teller, need, ask, ageBand=age, urgency=urgency)
        await move(teller, "ines", "postToBoard", card, workingGroupId=group)
        await teller.do("hana", TENANT, NOTE, id=card["id"], body=REMARK)
    await _accepted(teller, group)


async def _accepted(teller: Teller, group: str) -> None:
    """A card for which several raised a hand; the sender chose one, which accepted."""
    ask = "宿題を見守ってくれる大人を探しています。"
    card = await draft(teller, "SCHOOLING", ask, ageBand="SCHOOL_AGE")
    await move(teller, "ines", "postToBoard", card, workingGroupId=group)
    offer = await teller.do("sato", TENANT, OFFER, id=card["id"], message="平日の夕方なら伺えます。")
    await teller.do("hana", TENANT, OFFER, id=card["id"], message="学習支援事業をご案内できます。")
    agreed = await consent(teller, card["case"], await organisation_of(teller, "sato"))
    await move(teller, "ines", "chooseOffer", card, offerId=offer["offer"]["id"], consentId=agreed)
    await move(teller, "sato", "acceptReferral", card)


async def _declined(teller: Teller, recipient: str) -> None:
    asked = await sent(teller, recipient, "HOUSING", "家賃の滞納について相談先を探しています。")
    await move(teller, "hana", "declineReferral", asked, declinedBy="PROVIDER", code="WAITLIST_ONLY")


async def _closed(teller: Teller, recipient: str) -> None:
    asked = await sent(teller, recipient, "MONEY", "家計の整理を一緒に考えてくれる窓口を探しています。")
    await move(teller, "hana", "acceptReferral", asked)
    await move(teller, "hana", "startSupport", asked, startedOn=teller.clock.today().isoformat())
    await move(teller, "hana", "reportOutcome", asked, code="CONNECTED_ONGOING")
    await move(teller, "ines", "confirmLoop", asked)
