"""Referrals on other bases than consent: an item of the council, a 支援会議, danger to life."""

from typing import Any

from rich.console import Console

from services.operator.demo.chapters.steps import (
    TENANT,
    at_version,
    draft,
    move,
    mutation,
    organisation_of,
    person_of,
)
from services.operator.demo.teller import Teller

COUNCILS = "{ councils { nodes { id } } }"
GLASSES = "{ breakGlasses { nodes { id version } } }"
BRING_TO_COUNCIL = mutation("bringToCouncil", "CouncilItemPayload", "councilItem { id }")
ASSIGN_ITEM = mutation("assignItem", "CouncilItemPayload", "councilItem { id }", "ItemAssignmentInput")
CALL_SITTING = mutation("callSitting", "SittingPayload", "sitting { id version }")
RECORD_SITTING = mutation("recordSitting", "SittingPayload", "sitting { id }")
REVEAL = mutation("revealReferral", "RevealPayload", "accessEntry { id }")
INVITE = mutation("invitePerson", "InvitationPayload", "code", "InviteInput")
ACCEPT_INVITATION = mutation("acceptInvitation", "PersonPayload", "person { id }")
APPOINT = mutation("appointCoordinator", "PersonPayload", "person { id }")
REVIEW = mutation("reviewBreakGlass", "BreakGlassPayload", "breakGlass { id }")
NEEDED = ("NARRATIVE", "PERSON_NAME", "CONTACT")


async def lawful_bases(teller: Teller, _: Console) -> None:
    """council, sitting, break-glass"""
    sato = await organisation_of(teller, "sato")
    await _council_item(teller, sato)
    await _sitting(teller, sato)
    await _break_glass(teller)


async def _council_item(teller: Teller, recipient: str) -> None:
    council = (await teller.ask("mori", TENANT, COUNCILS))["councils"]["nodes"][0]["id"]
    ask = "家から出られない若者に、同年代の居場所を探しています。"
    referral = await _waiting(teller, "ines", recipient, ask, "COUNCIL_EXCHANGE")
    brought = await at_version(
        teller, "ines", BRING_TO_COUNCIL, referral, councilId=council, items=[*NEEDED, "SAFETY_NOTES"]
    )
    item = brought["councilItem"]["id"]
    await teller.do("mori", TENANT, ASSIGN_ITEM, id=item, organisationId=recipient)
    await move(teller, "ines", "sendReferral", referral, councilExchange={"itemId": item})


async def _sitting(teller: Teller, recipient: str) -> None:
    """Held today; who took part is recorded."""
    ines, mori = await organisation_of(teller, "ines"), await person_of(teller, "mori")
    today = teller.clock.today().isoformat()
    called = await teller.do(
        "mori", TENANT, CALL_SITTING, heldOn=today, chairId=mori, organisationIds=[ines, recipient]
    )
    sitting = called["sitting"]
    ask = "朝食を食べずに登校している子の、朝の居場所を相談したい。"
    referral = await _waiting(teller, "ines", recipient, ask, "SUPPORT_MEETING")
    await move(teller, "ines", "bringToSitting", referral, sittingId=sitting["id"], items=NEEDED)
    people = [await person_of(teller, "ines"), await person_of(teller, "sato")]
    await teller.do("mori", TENANT, RECORD_SITTING, **sitting, participantIds=people)
    await move(teller, "ines", "sendReferral", referral, supportMeeting={"sittingId": sitting["id"]})


async def _break_glass(teller: Teller) -> None:
    """Hana cannot reach somebody and opens the minimum to Mori, who looks and goes there; Abe reviews it."""
    await _second_coordinator(teller)
    recipient, mori = await organisation_of(teller, "mori"), await person_of(teller, "mori")
    ask = "安否の確認をお願いします。"
    referral = await _waiting(teller, "hana", recipient, ask, "VITAL_INTEREST")
    danger = {
        "reason": "電話に出ず、安否が分からないため",
        "personIds": [mori],
        "items": NEEDED,
        "hours": 24,
    }
    await move(teller, "hana", "sendReferral", referral, vitalInterest=danger)
    purpose = {"code": "SAFETY", "text": "安否の確認"}
    await teller.do("mori", TENANT, REVEAL, id=referral["id"], level="L3", purpose=purpose)
    glass = (await teller.ask("mori", TENANT, GLASSES))["breakGlasses"]["nodes"][0]
    await teller.do("abe", TENANT, REVIEW, **glass, finding="JUSTIFIED", note="本人に会えました")


async def _second_coordinator(teller: Teller) -> None:
    """Of Mori's office: nobody reviews what was opened to themselves."""
    office = await organisation_of(teller, "mori")
    invited = await teller.do(
        "mori", TENANT, INVITE, organisationId=office, name="阿部 あきら", roles=["REPRESENTATIVE"]
    )
    accepted = await teller.do("abe", TENANT, ACCEPT_INVITATION, code=invited["code"])
    await teller.do("mori", TENANT, APPOINT, personId=accepted["person"]["id"])


async def _waiting(teller: Teller, sender: str, recipient: str, ask: str, basis: str) -> dict[str, Any]:
    """A referral that waits for its basis."""
    referral = await draft(teller, "BELONGING", ask, sender)
    await move(teller, sender, "requestBasis", referral, recipientId=recipient, basis=basis)
    return referral
