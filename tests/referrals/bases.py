"""The council, sittings and break-glass as 生駒市's people use them."""

from typing import Any

from tests.referrals import documents as said
from tests.referrals.conftest import ASK, MINE, PERSON, Loop

ERRORS = said.ERRORS
COUNCIL = (
    "id version name announcedOn noticeOn publicNotice coordinatingAgency { name } namedAgency { name } "
    "members { id version fromOn untilOn announcedOn joinedOn noticeOn }"
)
ITEM = "id version items endedAt assigned { name } broughtBy { name } referral { id }"
SITTING = "id version state heldOn organisations { name } participants { name } referrals { id }"
GLASS = """id version reason items expiresAt reviewDueAt finding findingNote reviewedBy { name }
  opener { name } namedPeople { name } viewerCan"""
READ_GLASS = f"query ($id: ID!) {{ breakGlass(id: $id) {{ {GLASS} }} }}"
READ_COUNCIL = f"query ($id: ID!) {{ council(id: $id) {{ {COUNCIL} }} }}"
READ_ITEM = f"query ($id: ID!) {{ councilItem(id: $id) {{ {ITEM} }} }}"
READ_SITTING = f"query ($id: ID!) {{ sitting(id: $id) {{ {SITTING} }} }}"
CAN = "query ($id: ID!) { referral(id: $id) { viewerCan } }"
STORY = ["NARRATIVE", "CONSTRAINTS"]
EVERYTHING = [*STORY, "PERSON_NAME", "ADDRESS", "SAFETY_NOTES"]
LEVELS = {"L2": "REVEAL_NARRATIVE", "L3": "REVEAL_IDENTITY", "L4": "REVEAL_SAFETY"}


def mutation(name: str, payload: str, selection: str, input_type: str | None = None) -> str:
    kind = input_type or f"{name[0].upper()}{name[1:]}Input"
    return f"""mutation ($input: {kind}!) {{ {name}(input: $input) {{ __typename
      ... on {payload}Payload {{ {selection} }} {ERRORS} }} }}"""


ESTABLISH = mutation("establishCouncil", "Council", f"council {{ {COUNCIL} }}")
KEEP_COUNCIL = mutation("keepCouncil", "Council", f"council {{ {COUNCIL} }}")
ANNOUNCE = mutation("announceCouncil", "Council", f"council {{ {COUNCIL} }}")
AGENCY = mutation("nameCoordinatingAgency", "Council", f"council {{ {COUNCIL} }}")
ADD_MEMBER = mutation("addCouncilMember", "CouncilMember", "councilMember { id version }")
END_MEMBER = mutation("endCouncilMember", "CouncilMember", "councilMember { id version untilOn }")
CORRECT_MEMBER = mutation(
    "correctCouncilMember",
    "CouncilMember",
    "councilMember { id version fromOn announcedOn joinedOn noticeOn }",
)
BRING_TO_COUNCIL = mutation("bringToCouncil", "CouncilItem", f"councilItem {{ {ITEM} }}")
ASSIGN = mutation("assignItem", "CouncilItem", f"councilItem {{ {ITEM} }}", "ItemAssignmentInput")
UNASSIGN = mutation("unassignItem", "CouncilItem", f"councilItem {{ {ITEM} }}", "ItemAssignmentInput")
CALL_SITTING = mutation("callSitting", "Sitting", f"sitting {{ {SITTING} }}")
PICK = mutation("pickBody", "Sitting", f"sitting {{ {SITTING} }}")
RECORD_SITTING = mutation("recordSitting", "Sitting", f"sitting {{ {SITTING} }}")
CANCEL_SITTING = mutation("cancelSitting", "Sitting", f"sitting {{ {SITTING} }}")
END_SITTING = mutation("endSitting", "Sitting", f"sitting {{ {SITTING} endedAt }}")
BRING_TO_SITTING = said.step("bringToSitting")
BREAK = mutation("openBreakGlass", "BreakGlass", f"breakGlass {{ {GLASS} }}")
REVIEW = mutation("reviewBreakGlass", "BreakGlass", f"breakGlass {{ {GLASS} }}")
REVOKE = said.step("revokeConsent")
REBASE = said.step("rebaseReferral")


async def does(loop: Loop, name: str, text: str, field: str, /, **given: Any) -> dict[str, Any]:
    """A step that must succeed."""
    answer = await loop.person(name).do(text, **given)
    assert field in answer, answer
    return answer[field]


async def person_of(loop: Loop, name: str) -> str:
    return (await loop.person(name).ask(MINE)).data["me"]["id"]


async def a_council(loop: Loop, *names: str) -> dict[str, Any]:
    """Set up, its members listed, and announced."""
    made = await does(
        loop, "mori", ESTABLISH, "council", name="生駒市孤独・孤立対策地域協議会", establishedOn="2026-04-01"
    )
    for name in names:
        await does(
            loop,
            "mori",
            ADD_MEMBER,
            "councilMember",
            councilId=made["id"],
            organisationId=loop.organisations[name],
        )
    return await does(loop, "mori", ANNOUNCE, "council", id=made["id"], version=made["version"])


async def leaves(loop: Loop, council: str, name: str, until: str | None = None) -> None:
    listed = """query ($id: ID!) { council(id: $id) { members { id version organisation { id } } } }"""
    members = (await loop.person("mori").ask(listed, id=council)).data["council"]["members"]
    (entry,) = [each for each in members if each["organisation"]["id"] == loop.organisations[name]]
    given = {} if until is None else {"untilOn": until}
    await does(loop, "mori", END_MEMBER, "councilMember", id=entry["id"], version=entry["version"], **given)


async def asked_for(
    loop: Loop, name: str, basis: str, case: str | None = None, sender: str = "ines"
) -> dict[str, Any]:
    """A referral that waits for its basis."""
    draft = await draft_of(loop, sender, case)
    at = {"id": draft["id"], "version": draft["version"]}
    return await loop.step(
        sender, said.REQUEST_BASIS, **at, recipientId=loop.organisations[name], basis=basis
    )


async def draft_of(loop: Loop, name: str, case: str | None = None) -> dict[str, Any]:
    made = await loop.person(name).do(
        said.CREATE,
        caseId=case or await a_case(loop, name),
        card={"needCategory": "BELONGING", "ask": ASK},
    )
    draft: dict[str, Any] = made["referral"]
    return draft


async def a_case(loop: Loop, name: str) -> str:
    opened = await loop.person(name).do(said.OPEN_CASE, kind="PERSON", needs=[], person=PERSON)
    return opened["case"]["id"]


async def on_the_council(loop: Loop, name: str = "sato", **sending: Any) -> dict[str, Any]:
    """Sent to a member that is assigned to the item; with the council and the item."""
    council = await a_council(loop, "ines", name)
    asked = await asked_for(loop, name, "COUNCIL_EXCHANGE")
    item = await brought(loop, asked, council["id"])
    await does(loop, "mori", ASSIGN, "councilItem", id=item["id"], organisationId=loop.organisations[name])
    exchange = {"itemId": item["id"], **sending}
    sent = await loop.step(
        "ines", said.SEND, id=asked["id"], version=asked["version"], councilExchange=exchange
    )
    return sent | {"council": council["id"], "item": item["id"]}


async def brought(loop: Loop, referral: dict[str, Any], council: str) -> dict[str, Any]:
    at = {"id": referral["id"], "version": referral["version"]}
    return await does(
        loop, "ines", BRING_TO_COUNCIL, "councilItem", **at, councilId=council, items=EVERYTHING
    )


async def a_sitting(loop: Loop, *names: str) -> dict[str, Any]:
    return await does(
        loop,
        "mori",
        CALL_SITTING,
        "sitting",
        heldOn=loop.today.isoformat(),
        chairId=await person_of(loop, "mori"),
        organisationIds=[loop.organisations[name] for name in names],
    )


async def on_a_sitting(loop: Loop, name: str = "sato") -> dict[str, Any]:
    """Sent to a body picked for the sitting that has it before it."""
    sitting = await a_sitting(loop, "ines", name)
    asked = await asked_for(loop, name, "SUPPORT_MEETING")
    before = await loop.step(
        "ines",
        BRING_TO_SITTING,
        id=asked["id"],
        version=asked["version"],
        sittingId=sitting["id"],
        items=EVERYTHING[:-1],
    )
    sent = await loop.step(
        "ines",
        said.SEND,
        id=before["id"],
        version=before["version"],
        supportMeeting={"sittingId": sitting["id"]},
    )
    return sent | {"sitting": sitting["id"]}


async def in_danger(loop: Loop, **danger: Any) -> dict[str, Any]:
    """Hana of the city department opens her case to the coordinator's department; the referral, as sent."""
    mine = (await loop.person("mori").ask(MINE)).data
    loop.organisations["mori"] = mine["myOrganisation"]["id"]
    asked = await asked_for(loop, "mori", "VITAL_INTEREST", sender="hana")
    given = {
        "reason": "電話に出ず、安否が分からないため",
        "personIds": [mine["me"]["id"]],
        "items": ["NARRATIVE", "PERSON_NAME", "ADDRESS"],
        "hours": 24,
    }
    return await loop.step(
        "hana", said.SEND, id=asked["id"], version=asked["version"], vitalInterest=given | danger
    )


async def opened_to(loop: Loop, name: str, referral: str) -> dict[str, str]:
    """What each level answers, and that `viewerCan` says the same of it."""
    seen = (await loop.person(name).ask(CAN, id=referral)).data["referral"]
    can: set[str] = set() if seen is None else set(seen["viewerCan"] or ())
    answers: dict[str, str] = {}
    for level, step in LEVELS.items():
        answer = (await loop.reveal(name, referral, level))["__typename"]
        assert (answer == "RevealPayload") == (step in can), (level, answer, can)
        answers[level] = {"RevealPayload": "open", "NotAllowed": "shut", "NotFound": "absent"}[answer]
    return answers


async def glasses(loop: Loop, name: str) -> list[dict[str, Any]]:
    return (await loop.person(name).ask(f"{{ breakGlasses {{ nodes {{ {GLASS} }} }} }}")).data[
        "breakGlasses"
    ]["nodes"]
