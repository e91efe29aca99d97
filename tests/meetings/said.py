"""What the tests of meetings say: mutations by name, a meeting to begin with."""

from datetime import timedelta
from typing import Any

from tests.groups.said import REFUSED, organisation_of
from tests.stage.cities import Cities
from tests.stage.stage import Person

MEETING = """meeting { id version title agenda venue state quorum seatsCounted seatsPresent hiddenFields
  invited(first: 50) { totalCount nodes { organisation { name } isObserver } }
  attendance(first: 50) { nodes { standing organisation { name } } }
  files { totalCount nodes { id name audience } } }"""
MINUTES = """minutes { id version title body state audience agreements agreedBy heldOn hiddenFields viewerCan
  files { totalCount } }"""
DECISION = """decision { id version title outcome published inFavour against abstained hiddenFields
  votes(first: 50) { totalCount nodes { choice organisation { name } } } }"""
CHARTER = "charter { id number body quorum }"
PAPER = "file { id name audience }"
INPUTS = {
    "adoptCharter": ("AdoptCharterInput", "CharterPayload", CHARTER),
    "callMeeting": ("CallMeetingInput", "MeetingPayload", MEETING),
    "editMeeting": ("EditMeetingInput", "MeetingPayload", MEETING),
    "cancelMeeting": ("MeetingInput", "MeetingPayload", MEETING),
    "answerMeeting": ("AnswerMeetingInput", "MeetingPayload", MEETING),
    "markAttendance": ("MarkAttendanceInput", "MeetingPayload", MEETING),
    "holdMeeting": ("MeetingInput", "MeetingPayload", MEETING),
    "attachAgenda": ("AttachPaperInput", "PaperPayload", PAPER),
    "writeMinutes": ("WriteMinutesInput", "MinutesPayload", MINUTES),
    "editMinutes": ("EditMinutesInput", "MinutesPayload", MINUTES),
    "agreeMinutes": ("MinutesInput", "MinutesPayload", MINUTES),
    "publishMinutes": ("MinutesInput", "MinutesPayload", MINUTES),
    "removeMinutes": ("MinutesInput", "MinutesPayload", MINUTES),
    "attachToMinutes": ("AttachPaperInput", "PaperPayload", PAPER),
    "recordDecision": ("RecordDecisionInput", "DecisionPayload", DECISION),
    "publishDecision": ("PublishDecisionInput", "DecisionPayload", DECISION),
}
KINDS = "{ inbox { notices(first: 50) { nodes { kind about } } } }"


async def tries(person: Person, name: str, /, **given: Any) -> dict[str, Any]:
    """The mutation's answer, payload or refusal."""
    input_type, payload, selection = INPUTS[name]
    refused = REFUSED.replace("{ state }", "{ inState: state }")
    document = f"""mutation ($input: {input_type}!) {{ {name}(input: $input) {{
      __typename ... on {payload} {{ {selection} }} {refused} }} }}"""
    return await person.do(document, **given)


async def does(person: Person, name: str, /, **given: Any) -> dict[str, Any]:
    """The mutation's object; it must have been done."""
    answer = await tries(person, name, **given)
    assert answer["__typename"] == INPUTS[name][1], answer
    shown: dict[str, Any] = answer[INPUTS[name][2].split()[0]]
    return shown


async def seen(person: Person, selection: str, identity: str) -> dict[str, Any] | None:
    name = selection.split(maxsplit=1)[0]
    document = f"query ($id: ID!) {{ {selection.replace(name, f'{name}(id: $id)', 1)} }}"
    found: dict[str, Any] | None = (await person.ask(document, id=identity)).data[name]
    return found


def plan(cities: Cities, *, days: float = 7, **changes: Any) -> dict[str, Any]:
    """Two hours, some days from now."""
    starts = cities.stage.clock() + timedelta(days=days)
    return {
        "title": "第1回見守り部会",
        "startsAt": starts.isoformat(),
        "endsAt": (starts + timedelta(hours=2)).isoformat(),
        "agenda": "1 開会\n2 見守りの分担",
        "venue": "市役所3階",
        **changes,
    }


async def held(cities: Cities, group: str, present: tuple[Person, ...]) -> dict[str, Any]:
    """A meeting of the group to which these came, its list settled by the coordinator."""
    meeting = await does(cities.mori, "callMeeting", workingGroupId=group, plan=plan(cities, days=1))
    for person in present:
        await does(person, "answerMeeting", id=meeting["id"], comes=True)
    cities.stage.clock.move(days=1, minutes=5)
    return await does(cities.mori, "holdMeeting", id=meeting["id"], version=meeting["version"])


async def voted(*votes: tuple[Person, str]) -> list[dict[str, str]]:
    return [{"organisationId": await organisation_of(person), "choice": choice} for person, choice in votes]


async def kinds(person: Person) -> list[str]:
    """What somebody was told, newest first."""
    nodes = (await person.ask(KINDS)).data["inbox"]["notices"]["nodes"]
    return [each["kind"] for each in nodes]
