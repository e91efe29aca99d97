"""What the tests of services and places say: mutations by name, a place to be to begin with."""

from typing import Any

from libs.persistence.worker import Worker
from services.platform.resources.jobs import JOBS
from tests.stage.stage import Person, Stage

CARD = """resource { id version number kind state published name organisation { name } hours hoursJa hoursEn
  openNow nextOpening capacity capacityAsOf verifiedOn verifiedBy { name } isStale addressConfidential
  placeName municipalityCode postalCode address building latitude longitude access viewerCan hiddenFields }"""
REFUSED = """... on UserError { problem: code ja en } ... on InvalidInput { field detail }
  ... on WrongState { state } ... on StaleVersion { current }"""
INPUTS = {
    "createResource": "CreateResourceInput",
    "editResource": "EditResourceInput",
    "offerResource": "OfferResourceInput",
    "endResource": "ResourceInput",
    "sayResourceCapacity": "ResourceCapacityInput",
    "verifyResource": "ResourceInput",
}
ONE = f"query ($id: ID!) {{ {CARD.replace('resource', 'resource(id: $id)', 1)} }}"
LIST = """query ($search: String, $kind: ResourceKind, $area: String, $openNow: Boolean, $language: String) {
  resources(first: 50, search: $search, kind: $kind, area: $area, openNow: $openNow, language: $language) {
    totalCount nodes { name } } }"""


def a_place(**changes: Any) -> dict[str, Any]:
    """A place to be in 生駒市, open on weekdays and every second Saturday."""
    return {
        "kind": "IBASHO",
        "name": "ひだまりの家",
        "nameKana": "ひだまりのいえ",
        "description": "予約なしで来られます",
        "eligibility": "どなたでも",
        "areas": ["292095"],
        "fee": "無料",
        "languages": ["ja", "en"],
        "phone": "0743-74-1111",
        "url": "https://hidamari.example.jp/",
        "hours": {
            "rules": [
                {"rrule": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "opens": "9:00", "closes": "17:00"},
                {"rrule": "FREQ=MONTHLY;BYDAY=2SA", "opens": "10:00", "closes": "12:00"},
            ],
            "closedOnHolidays": True,
            "closedAtYearEnd": True,
        },
        "place": {
            "name": "商店街の空き店舗",
            "municipalityCode": "292095",
            "postalCode": "630-0288",
            "address": "東新町8番38号",
            "latitude": 34.692,
            "longitude": 135.7,
            "access": "生駒駅から徒歩3分",
        },
        **changes,
    }


async def tries(person: Person, name: str, /, **given: Any) -> dict[str, Any]:
    """The mutation's answer, payload or refusal."""
    return await person.do(
        f"""mutation ($input: {INPUTS[name]}!) {{ {name}(input: $input) {{
          __typename ... on ResourcePayload {{ {CARD} }} {REFUSED} }} }}""",
        **given,
    )


async def does(person: Person, name: str, /, **given: Any) -> dict[str, Any]:
    """The service or place afterwards; it must have been done."""
    answer = await tries(person, name, **given)
    assert answer["__typename"] == "ResourcePayload", answer
    shown: dict[str, Any] = answer["resource"]
    return shown


async def offered(person: Person, *, to_everybody: bool = False, **changes: Any) -> dict[str, Any]:
    """One of this person's organisation that members, or everybody, see."""
    made = await does(person, "createResource", resource=a_place(**changes))
    return await does(
        person, "offerResource", id=made["id"], version=made["version"], toEverybody=to_everybody
    )


async def seen(person: Person, identity: str) -> dict[str, Any] | None:
    shown: dict[str, Any] | None = (await person.ask(ONE, id=identity)).data["resource"]
    return shown


async def names(person: Person, **filters: Any) -> list[str]:
    """The names that this person finds; the count beside them must agree."""
    found = (await person.ask(LIST, **filters)).data["resources"]
    assert found["totalCount"] == len(found["nodes"])
    return [each["name"] for each in found["nodes"]]


async def told(person: Person) -> list[str]:
    """The kinds of what this person was told, newest first."""
    said = await person.ask("{ inbox { notices(first: 50) { nodes { kind } } } }")
    return [each["kind"] for each in said.data["inbox"]["notices"]["nodes"]]


async def work_off(stage: Stage) -> None:
    """What the worker does of this room by now."""
    async with stage.worker() as claims, stage.database() as tenants:
        while await Worker(claims, tenants, JOBS).do_due():
            pass
