"""What the tests of training say: their GraphQL, a text and a course to begin with."""

import datetime as dt
from typing import Any

from libs.japan.calendar import JST
from tests.events import stage as events
from tests.events.stage import REFUSED, a_talk
from tests.stage.cities import Cities
from tests.stage.stage import Person

NAME = "﨑山 さくらもち"
SECRETS = (NAME,)
TEXT_CARD = "id state edition textVersion openingMinutes version viewerCan hiddenFields previous { id }"
CARD = """id state heldOn venueCategory lecturing declaredAt schoolContact heads reportedOn version viewerCan
  hiddenFields event { id version state capacity kind } text { id }"""
DISPATCH_CARD = "id state wishes source version viewerCan lecturer { id } course { id }"
TEXT = f"query ($id: ID!) {{ courseText(id: $id) {{ {TEXT_CARD} }} }}"
COURSE = f"query ($id: ID!) {{ course(id: $id) {{ {CARD} }} }}"
COURSES = "{ courses { totalCount nodes { id } } }"
DISPATCH = f"query ($id: ID!) {{ dispatch(id: $id) {{ {DISPATCH_CARD} }} }}"
CERTIFICATES = """query ($id: ID!) { course(id: $id) { certificates {
  totalCount nodes { id prints version revokedAt } } } }"""
REPORT = """query ($year: Int!, $by: Date) { trainingReport(fiscalYear: $year, reportedBy: $by) {
  fiscalYearName reportedBy reportedByEra counted closed
  rows { venueCategory sessions heads unreported late targetSessions targetHeads } } }"""
NOTICES = "{ inbox { notices { nodes { kind } } } }"
ME = "{ me { id } }"


def mutation(name: str, payload: str, selection: str, more: str = "") -> str:
    kind = f"{name[0].upper()}{name[1:]}Input"
    return f"""mutation ($input: {kind}!) {{ {name}(input: $input) {{
      __typename ... on {payload} {{ {more} {selection} }} {REFUSED} }} }}"""


def _text(name: str) -> str:
    return mutation(name, "CourseTextPayload", f"courseText {{ {TEXT_CARD} }}")


def _course(name: str) -> str:
    return mutation(name, "CoursePayload", f"course {{ {CARD} }}")


def _dispatch(name: str) -> str:
    return mutation(name, "DispatchPayload", f"dispatch {{ {DISPATCH_CARD} }}")


CREATE_TEXT, EDIT_TEXT, PUBLISH_TEXT = (_text(f"{step}CourseText") for step in ("create", "edit", "publish"))
WITHDRAW_TEXT, RENEW_TEXT = _text("withdrawCourseText"), _text("renewCourseText")
CREATE, EDIT, REPORT_COURSE = _course("createCourse"), _course("editCourse"), _course("reportCourse")
ASK_LECTURER, OFFER = _dispatch("requestDispatch"), _dispatch("offerDispatch")
TAKE_ON, DECLINE = _dispatch("acceptDispatch"), _dispatch("declineDispatch")
WITHDRAW = _dispatch("withdrawDispatch")
HAND_OUT = mutation("handOutCertificates", "CertificatesPayload", f"course {{ {CARD} }}", "codes")
REVOKE = mutation("revokeCertificate", "CertificatePayload", "certificate { id revokedAt version }")
SET_TARGET = mutation(
    "setTrainingTarget", "TrainingTargetPayload", "trainingTarget { id sessions heads version }"
)
CLOSE = mutation("closeTrainingPeriod", "TrainingPeriodPayload", "reportedBy")


def a_text(**changes: Any) -> dict[str, Any]:
    return {
        "edition": "STANDARD",
        "title": "つながりサポーター養成講座テキスト",
        "textVersion": "令和6年度試行版",
        "openingMinutes": 10,
        "lectureMinutes": 60,
        "surveyMinutes": 20,
        "materials": "内閣府のページから申し込む。",
        **changes,
    }


def details(text: str, **changes: Any) -> dict[str, Any]:
    return {"textId": text, "venueCategory": "SUPPORT_BODY", "declared": True, **changes}


async def drafted_text(mori: Person, **changes: Any) -> dict[str, Any]:
    return (await mori.do(CREATE_TEXT, text=a_text(**changes)))["courseText"]


async def published_text(mori: Person, **changes: Any) -> dict[str, Any]:
    draft = await drafted_text(mori, **changes)
    return (await mori.do(PUBLISH_TEXT, id=draft["id"], version=draft["version"]))["courseText"]


async def planned(
    person: Person, text: str, event: dict[str, Any] | None = None, **changes: Any
) -> dict[str, Any]:
    """`event`: changes of its content."""
    content = a_talk(**{"capacity": None, **(event or {})})
    made = await person.do(CREATE, event=content, course=details(text, **changes))
    assert made["__typename"] == "CoursePayload", made
    return made["course"]


async def announced(
    person: Person, text: str, event: dict[str, Any] | None = None, **changes: Any
) -> dict[str, Any]:
    course = await planned(person, text, event, **changes)
    happening = course["event"]
    shown = await person.do(
        events.PUBLISH, id=happening["id"], version=happening["version"], toEverybody=True
    )
    assert shown["__typename"] == "EventPayload", shown
    return await read(person, course["id"])


async def read(person: Person, course: str) -> dict[str, Any]:
    return (await person.ask(COURSE, id=course)).data["course"]


async def asked_for_lecturer(person: Person, course: dict[str, Any], **more: Any) -> dict[str, Any]:
    asked = await person.do(ASK_LECTURER, id=course["id"], version=course["version"], **more)
    assert asked["__typename"] == "DispatchPayload", asked
    return asked["dispatch"]


async def report(person: Person, course: str, **more: Any) -> dict[str, Any]:
    version = (await read(person, course))["version"]
    told = await person.do(REPORT_COURSE, id=course, version=version, **more)
    assert told["__typename"] == "CoursePayload", told
    return told["course"]


async def codes_for(person: Person, course: dict[str, Any], count: int) -> list[str]:
    handed = await person.do(HAND_OUT, id=course["id"], count=count)
    assert handed["__typename"] == "CertificatesPayload", handed
    return handed["codes"]


def on(day: str, clock: str = "10:00") -> dict[str, Any]:
    """An event's content: 90 minutes on that day in Japan."""
    begins = dt.datetime.fromisoformat(f"{day}T{clock}:00+09:00")
    span = {"startsAt": begins.isoformat(), "endsAt": (begins + dt.timedelta(minutes=90)).isoformat()}
    return {"occurrences": [span], "deadline": None}


def move_to(cities: Cities, day: str, clock: str = "18:00") -> None:
    """The stage's clock, to this time in Japan."""
    then = dt.datetime.fromisoformat(f"{day}T{clock}:00").replace(tzinfo=JST)
    cities.stage.clock.offset += then - cities.stage.clock()


async def table(person: Person, year: int, by: str | None = None) -> dict[str, dict[str, Any]]:
    """The rows of a fiscal year by venue category, without their targets."""
    found = (await person.ask(REPORT, year=year, by=by)).data["trainingReport"]
    return {row["venueCategory"]: row for row in found["rows"]}
