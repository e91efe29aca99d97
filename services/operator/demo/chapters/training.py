"""Courses: Mori keeps the text and the target; Hana held one, asked how it was, and seeks a lecturer."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from rich.console import Console

from libs.japan.calendar import fiscal_year
from services.operator.demo.chapters.steps import TENANT, mutation
from services.operator.demo.teller import Teller

CREATE_TEXT = mutation("createCourseText", "CourseTextPayload", "courseText { id version }")
PUBLISH_TEXT = mutation("publishCourseText", "CourseTextPayload", "courseText { id }")
TARGET = mutation("setTrainingTarget", "TrainingTargetPayload", "trainingTarget { id }")
CREATE = mutation("createCourse", "CoursePayload", "course { id version event { id version } }")
PUBLISH = mutation("publishEvent", "EventPayload", "event { id }")
ASK_LECTURER = mutation("requestDispatch", "DispatchPayload", "dispatch { id }")
REPORT = mutation("reportCourse", "CoursePayload", "course { id }")
CERTIFICATES = mutation("handOutCertificates", "CertificatesPayload", "codes")
SURVEY = mutation("createSurvey", "SurveyPayload", "survey { id version }")
OPEN = mutation("openSurvey", "SurveyPayload", "survey { id version }")
CODES = mutation("handOutCodes", "CodesPayload", "codes")
CLOSE = mutation("closeSurvey", "SurveyPayload", "survey { id version }")
PUBLISH_RESULTS = mutation("publishResults", "SurveyPayload", "survey { id }")
TEXT: Final = {
    "edition": "STANDARD",
    "title": "つながりサポーター養成講座テキスト",
    "textVersion": "令和6年度試行版",
    "openingMinutes": 10,
    "lectureMinutes": 60,
    "surveyMinutes": 20,
}
STEPS: Final = ("よくなかった", "あまりよくなかった", "ふつう", "よかった", "とてもよかった")
QUESTIONS: Final = (
    {
        "kind": "SCALE",
        "ja": "講座はいかがでしたか",
        "en": "How did you find the course?",
        "options": [{"ja": each} for each in STEPS],
    },
    {
        "kind": "CHOICES",
        "ja": "これからしてみたいこと",
        "en": "What would you like to do?",
        "options": [{"ja": "声をかける"}, {"ja": "居場所に行く"}, {"ja": "家族に話す"}],
    },
)
ANSWERS: Final = ("4", "4", "3", "4", "2", "3")


async def training(teller: Teller, console: Console) -> None:
    """courses, certificates, a survey"""
    text = (await teller.do("mori", TENANT, CREATE_TEXT, text=TEXT))["courseText"]
    await teller.do("mori", TENANT, PUBLISH_TEXT, **text)
    year = fiscal_year(teller.clock.today())
    await teller.do("mori", TENANT, TARGET, fiscalYear=year, venueCategory="ALL", sessions=20, heads=1_000)
    held = await _course(teller, text["id"], days=-3)
    await teller.do("hana", TENANT, REPORT, id=held["id"], version=held["version"], walkIns=38)
    codes = (await teller.do("hana", TENANT, CERTIFICATES, id=held["id"], count=2))["codes"]
    console.print(f"a certificate at /t/{TENANT}/certificate.print with the code {codes[0]}")
    await _survey(teller, held["event"]["id"], console)
    coming = await _course(teller, text["id"], days=30, lecturing="DISPATCH")
    await teller.do("hana", TENANT, ASK_LECTURER, id=coming["id"], version=coming["version"])


async def _course(teller: Teller, text: str, *, days: int, **more: str) -> dict[str, Any]:
    starts = datetime.now(UTC).replace(hour=5, minute=0, second=0, microsecond=0) + timedelta(days=days)
    times = {"startsAt": starts.isoformat(), "endsAt": (starts + timedelta(minutes=90)).isoformat()}
    event = {
        "title": "つながりサポーター養成講座",
        "venue": "生駒市コミュニティセンター",
        "deliveryMode": "ROOM",
        "occurrences": [times],
        "forResidents": True,
    }
    details = {"textId": text, "venueCategory": "LOCAL_GOVERNMENT", "declared": True, **more}
    course = (await teller.do("hana", TENANT, CREATE, event=event, course=details))["course"]
    await teller.do("hana", TENANT, PUBLISH, **course["event"], toEverybody=True)
    return course


async def _survey(teller: Teller, event: str, console: Console) -> None:
    """Six who came answer by the codes on their papers; then it is closed, and its counts are public."""
    closes = (datetime.now(UTC) + timedelta(days=7)).isoformat()
    form = {"title": "講座のアンケート", "questions": list(QUESTIONS), "closesAt": closes}
    draft = (await teller.do("hana", TENANT, SURVEY, form=form, eventId=event))["survey"]
    survey = (await teller.do("hana", TENANT, OPEN, **draft))["survey"]
    codes = (await teller.do("hana", TENANT, CODES, id=survey["id"], count=len(ANSWERS)))["codes"]
    for code, answer in zip(codes, ANSWERS, strict=True):
        chosen = {"q1": answer, "q2.0": "yes"}
        await teller.fill_in(f"/t/{TENANT}/survey", code=code, do="answer", **chosen)
    closed = (await teller.do("hana", TENANT, CLOSE, **survey))["survey"]
    await teller.do("hana", TENANT, PUBLISH_RESULTS, **closed)
    console.print(f"a survey's results at /t/{TENANT}/survey.results/{survey['id'].removeprefix('survey_')}")
    await _open_survey(teller, form, console)


async def _open_survey(teller: Teller, form: dict[str, Any], console: Console) -> None:
    """The same questions again, of nobody's event: whoever holds a code answers."""
    again = {**form, "title": "つながりについてのアンケート"}
    draft = (await teller.do("hana", TENANT, SURVEY, form=again))["survey"]
    await teller.do("hana", TENANT, OPEN, **draft)
    codes = (await teller.do("hana", TENANT, CODES, id=draft["id"], count=5))["codes"]
    console.print(f"a survey to answer at /t/{TENANT}/survey with the code {codes[0]}")
