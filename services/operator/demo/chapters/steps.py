"""What people of 生駒市 do with cases and referrals in the story, step by step."""

from datetime import timedelta
from typing import Any

from services.operator.demo.teller import Teller

TENANT = "ikoma"
OWN = "{ me { id } myOrganisation { id } }"
VERSION = "query ($id: ID!) { referral(id: $id) { version } }"
CONSENTED = ("NARRATIVE", "PERSON_NAME", "CONTACT", "CONTACT_RULE")


def mutation(
    name: str, payload: str = "ReferralPayload", selection: str = "referral { id version }", kind: str = ""
) -> str:
    """The text of a mutation; its input is named after it unless `kind` says otherwise."""
    given = kind or f"{name[0].upper()}{name[1:]}Input"
    return f"""mutation ($input: {given}!) {{ {name}(input: $input) {{
      ... on {payload} {{ {selection} }} ... on UserError {{ en }} }} }}"""


OPEN_CASE = mutation("openCase", "CasePayload", "case { id version }")
CREATE = mutation("createReferral")
CONSENT = mutation("recordConsent", "ConsentPayload", "consent { id }")


async def organisation_of(teller: Teller, who: str) -> str:
    return (await teller.ask(who, TENANT, OWN))["myOrganisation"]["id"]


async def person_of(teller: Teller, who: str) -> str:
    return (await teller.ask(who, TENANT, OWN))["me"]["id"]


async def open_case(teller: Teller, who: str, need: str) -> dict[str, Any]:
    """An invented person, whose story is encrypted under a key of its own."""
    person = {
        "narrative": "(デモ用の架空の相談内容)",
        "personName": "架空 太郎",
        "contact": "demo@example.jp",
        "contactRule": "SAFE_TIMES",
    }
    return (await teller.do(who, TENANT, OPEN_CASE, needs=[need], person=person))["case"]


async def draft(teller: Teller, need: str, ask: str, who: str = "ines", **card: str) -> dict[str, Any]:
    """A draft about an invented person; `case` is the id of their case."""
    case = (await open_case(teller, who, need))["id"]
    content = {"needCategory": need, "ask": ask, "ageBand": "ADULT", "area": "北地区", **card}
    made = await teller.do(who, TENANT, CREATE, caseId=case, card=content)
    return {**made["referral"], "case": case}


async def consent(teller: Teller, case: str, organisation: str) -> str:
    """For half a year, in writing."""
    today = teller.clock.today()
    made = await teller.do(
        "ines",
        TENANT,
        CONSENT,
        caseId=case,
        items=CONSENTED,
        recipientIds=[organisation],
        purpose="支援先の検討と連絡のため",
        howObtained="WRITTEN",
        obtainedOn=today.isoformat(),
        validUntil=(today + timedelta(days=180)).isoformat(),
    )
    return made["consent"]["id"]


async def sent(teller: Teller, organisation: str, need: str, ask: str, **card: str) -> dict[str, Any]:
    """A draft that Ines sent to that organisation, on the person's consent."""
    referral = await draft(teller, need, ask, **card)
    agreed = await consent(teller, referral["case"], organisation)
    await move(teller, "ines", "requestBasis", referral, recipientId=organisation)
    await move(teller, "ines", "sendReferral", referral, consentId=agreed)
    return referral


async def move(teller: Teller, who: str, step: str, referral: dict[str, Any], **given: object) -> None:
    """One transition that answers with the referral."""
    await at_version(teller, who, mutation(step), referral, **given)


async def at_version(
    teller: Teller, who: str, said: str, referral: dict[str, Any], **given: object
) -> dict[str, Any]:
    """A mutation of the referral as it stands; its version is read anew, as a client would."""
    version = (await teller.ask(who, TENANT, VERSION, id=referral["id"]))["referral"]["version"]
    return await teller.do(who, TENANT, said, id=referral["id"], version=version, **given)
