"""What the tests of surveys say: their GraphQL, a form to begin with, and a resident's browser."""

from dataclasses import dataclass
from typing import Any

import httpx

from tests.events.stage import REFUSED, in_days
from tests.pages.reading import Document, check_accessible
from tests.stage.stage import Person

CARD = "id title state edition questions version published readable answerCount viewerCan hiddenFields"
SURVEY = f"query ($id: ID!) {{ survey(id: $id) {{ {CARD} previous {{ id }} }} }}"
ANSWERS = """query ($id: ID!) { survey(id: $id) { state readable hiddenFields
  answers { totalCount nodes { id answers survey { id } } } } }"""
RESULTS = """query ($id: ID!, $crossed: [String!]) { surveyResults(id: $id, crossed: $crossed) {
  answers csv crossed questions { key answered counts mean picture } } }"""
SURVEYS = "query ($event: ID) { surveys(event: $event) { totalCount nodes { id } } }"


def _mutation(name: str, more: str = "") -> str:
    kind = f"{name[0].upper()}{name[1:]}Input"
    payload = "CodesPayload" if more else "SurveyPayload"
    return f"""mutation ($input: {kind}!) {{ {name}(input: $input) {{
      __typename ... on {payload} {{ {more} survey {{ {CARD} }} }} {REFUSED} }} }}"""


CREATE, EDIT, OPEN = _mutation("createSurvey"), _mutation("editSurvey"), _mutation("openSurvey")
CLOSE, RENEW, PUBLISH = _mutation("closeSurvey"), _mutation("renewSurvey"), _mutation("publishResults")
CODES, ANSWER = _mutation("handOutCodes", "codes"), _mutation("answerSurvey")


def a_form(**changes: Any) -> dict[str, Any]:
    """A question of each kind; the first must be answered."""
    options = [{"ja": "はじめて", "en": "First time"}, {"ja": "二回目以上"}]
    steps = [{"ja": label} for label in ("よくなかった", "ふつう", "よかった")]
    return {
        "title": "講座のアンケート",
        "titleEn": "After the course",
        "questions": [
            {"kind": "CHOICE", "ja": "参加は何回目ですか", "required": True, "options": options},
            {"kind": "SCALE", "ja": "内容はいかがでしたか", "options": steps},
            {"kind": "CHOICES", "ja": "どこで知りましたか", "options": [{"ja": "広報"}, {"ja": "知人"}]},
            {"kind": "TEXT", "ja": "感想をお書きください"},
        ],
        "closesAt": in_days(20),
        **changes,
    }


async def drafted(person: Person, event: str | None = None, **changes: Any) -> dict[str, Any]:
    made = await person.do(CREATE, form=a_form(**changes), eventId=event)
    assert made["__typename"] == "SurveyPayload", made
    return made["survey"]


async def opened(person: Person, event: str | None = None, **changes: Any) -> dict[str, Any]:
    return await moved(person, OPEN, await drafted(person, event, **changes))


async def moved(person: Person, step: str, survey: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The survey after one of its organiser's steps."""
    done = await person.do(step, id=survey["id"], version=survey["version"], **more)
    assert done["__typename"] == "SurveyPayload", done
    return done["survey"]


@dataclass
class Resident:
    """Somebody with a paper that has a code on it; no account, no name, no JavaScript."""

    http: httpx.AsyncClient
    last: httpx.Response | None = None

    @property
    def status(self) -> int:
        assert self.last is not None
        return self.last.status_code

    async def read(self, name: str, language: str = "ja") -> Document:
        return self._shown(await self.http.get(f"/t/ikoma/{name}", params={"lang": language}), language)

    async def type_code(self, code: str) -> Document:
        return self._shown(await self.http.post("/t/ikoma/survey", data={"code": code}))

    async def answer(self, code: str, **answers: str) -> Document:
        """`answers` as the form's fields; an underscore stands for the dot of a box."""
        fields = {name.replace("_", "."): text for name, text in answers.items()}
        sent = {"code": code, "do": "answer", **fields}
        return self._shown(await self.http.post("/t/ikoma/survey", data=sent))

    def _shown(self, response: httpx.Response, language: str = "ja") -> Document:
        self.last = response
        return check_accessible(response.text, language)
