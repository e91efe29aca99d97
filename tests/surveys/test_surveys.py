"""A survey from its draft to its published results; who answered is kept apart from what was answered."""

import asyncio
import csv
import io
import uuid
from typing import Any

import pytest

from libs.persistence.roles import SCHEMA
from tests.events.stage import TAKE, announced, in_days
from tests.stage.cities import Cities
from tests.stage.given_up import gives_up_the_next
from tests.stage.stage import Stage
from tests.surveys import stage as said
from tests.surveys.stage import Resident, drafted, moved, opened

NOTICES = "{ inbox { notices { nodes { kind about } } } }"
FIRST = {"question": "q1", "options": [0]}
SECRET = "=ここだけの話です"


async def test_from_the_draft_to_the_published_results(cities: Cities) -> None:
    ines, sato, resident = cities.ines, cities.sato, Resident(cities.stage.http)
    event = (await announced(ines, to_everybody=True))["id"]
    await sato.do(TAKE, eventId=event, count=1)
    draft = await drafted(ines, event)
    assert await _reads(cities, draft["id"], "sato", "kato", "mori", "ueda", "anyone") == set()
    refused = await ines.do(
        said.CREATE, form=said.a_form(questions=[{"kind": "CHOICE", "ja": "一択", "options": [{"ja": "a"}]}])
    )
    assert (refused["field"], refused["detail"]) == ("questions[0]", "NUMBER_OF_OPTIONS")
    survey = await moved(
        ines, said.OPEN, await moved(ines, said.EDIT, draft, form=said.a_form(title="感想をお聞かせください"))
    )
    told = (await sato.ask(NOTICES)).data["inbox"]["notices"]["nodes"]
    assert {"kind": "SURVEY_OPENED", "about": survey["id"]} in told
    assert [each["key"] for each in survey["questions"]] == ["q1", "q2", "q3", "q4"]
    changed = await ines.do(said.EDIT, id=survey["id"], version=survey["version"], form=said.a_form())
    assert (changed["__typename"], changed["state"]) == ("WrongState", "open"), "what was opened stands"
    assert await _reads(cities, survey["id"], "sato", "kato", "mori", "ueda", "anyone") == {"sato"}
    codes = (await ines.do(said.CODES, id=survey["id"], count=4))["codes"]
    await _residents(resident, codes)
    await _members(cities, survey["id"])
    assert (await ines.ask(said.RESULTS, id=survey["id"])).data["surveyResults"] is None, "not while it runs"
    assert (await ines.ask(said.ANSWERS, id=survey["id"])).data["survey"]["answers"]["totalCount"] == 0
    survey = await moved(ines, said.CLOSE, (await ines.ask(said.SURVEY, id=survey["id"])).data["survey"])
    assert (survey["answerCount"], survey["readable"]) == (5, True)
    assert await _late(resident, codes[3]) == 404
    await _results(cities, survey)
    await _published(cities, resident, survey)
    following = await moved(ines, said.RENEW, survey, closesAt=in_days(30))
    assert (following["state"], following["edition"]) == ("DRAFT", 2)
    assert following["questions"] == survey["questions"]


async def _residents(resident: Resident, codes: list[str]) -> None:
    page = await resident.read("survey", "en")
    assert "No name is needed" in page.one("main").text
    for wrong, status in (("ABCD", 400), ("0000-0000-0000-0000", 404)):
        await resident.type_code(wrong)
        assert resident.status == status
    page = await resident.type_code(codes[0].lower())
    assert [each.get("type") for each in page.fields()] == ["radio"] * 5 + ["checkbox"] * 2 + [""]
    page = await resident.answer(codes[0], q2="2", q3_0="yes", q3_1="yes", q4=SECRET)
    assert resident.status == 400
    assert page.by_id("q1-error").text == "この設問にお答えください。"
    assert page.one("textarea").text.strip() == SECRET, "what was written stays"
    assert len([each for each in page.fields() if "checked" in each.attributes]) == 3
    for place, code in enumerate(codes[:4]):
        # the last paper is tried with an option that is none, and stays good
        fits = {"q1": str(place % 2), "q2": "2", "q3_0": "yes", "q4": SECRET}
        await resident.answer(code, **({"q1": "9"} if place == 3 else fits))
        assert resident.status == (400 if place == 3 else 200)
    await resident.answer(codes[0], q1="0")
    assert resident.status == 404, "a code is one answer"


async def _members(cities: Cities, survey: str) -> None:
    answered = await cities.sato.do(said.ANSWER, id=survey, answers=[FIRST])
    assert answered["__typename"] == "SurveyPayload", answered
    assert answered["survey"]["answerCount"] is None, "who answers does not see how many did"
    again = await cities.sato.do(said.ANSWER, id=survey, answers=[FIRST])
    assert again["__typename"] == "AlreadyExists"
    wrong = await cities.ines.do(said.ANSWER, id=survey, answers=[FIRST])
    assert wrong["__typename"] == "NotAllowed", "she asks, and holds no place"
    assert (await cities.kato.do(said.ANSWER, id=survey, answers=[FIRST]))["__typename"] == "NotFound"
    async with cities.stage.sql() as sql:
        await sql.execute(
            f"INSERT INTO {SCHEMA}.survey_answer (tenant_id, id, survey_id, answers) "
            f'SELECT tenant_id, gen_random_uuid(), id, \'{{"q1": [1], "q2": [0]}}\' FROM {SCHEMA}.survey '
            "WHERE id = $1",
            uuid.UUID(survey.removeprefix("survey_")),
        )


async def _results(cities: Cities, survey: dict[str, Any]) -> None:
    found = (await cities.ines.ask(said.RESULTS, id=survey["id"])).data["surveyResults"]
    assert [each["counts"] for each in found["questions"]] == [[3, 2], [1, 0, 3], [3, 0], []]
    assert [each["mean"] for each in found["questions"]] == [None, 2.5, None, None]
    assert "<title" in found["questions"][0]["picture"]
    rows = list(csv.reader(io.StringIO(found["csv"].removeprefix("\ufeff"))))
    assert rows[0] == [
        "参加は何回目ですか",
        "内容はいかがでしたか",
        "どこで知りましたか",
        "感想をお書きください",
    ]
    assert ["はじめて", "よかった", "広報", f"'{SECRET}"] in rows, "no cell is a formula"
    crossed = await cities.ines.ask(said.RESULTS, id=survey["id"], crossed=["q1", "q2"])
    assert crossed.data["surveyResults"]["crossed"] is None, "five answers give no table"
    wrong = await cities.ines.ask(said.RESULTS, id=survey["id"], crossed=["q1", "q4"])
    assert wrong.code == "INVALID_INPUT"
    listed = (await cities.ines.ask(said.ANSWERS, id=survey["id"])).data["survey"]["answers"]
    assert listed["totalCount"] == 5
    assert {"q1": [0], "q2": [2], "q3": [0], "q4": SECRET} in [each["answers"] for each in listed["nodes"]]
    for other in ("sato", "mori", "anyone"):
        assert (await cities.person(other).ask(said.RESULTS, id=survey["id"])).data["surveyResults"] is None


async def _published(cities: Cities, resident: Resident, survey: dict[str, Any]) -> None:
    address = "survey.results/" + survey["id"].removeprefix("survey_")
    assert (await resident.http.get(f"/t/ikoma/{address}")).status_code == 404
    shown = await moved(cities.ines, said.PUBLISH, survey)
    page = await resident.read(address)
    assert (resident.status, len(page.all("svg")), len(page.all("table"))) == (200, 3, 3)
    assert all(each.get("role") == "img" and each.get("aria-labelledby") for each in page.all("svg"))
    assert SECRET not in page.one("main").text
    assert (await resident.http.get(f"/t/takamatsu/{address}")).status_code == 404
    read = (await cities.anyone.ask(said.RESULTS, id=survey["id"])).data["surveyResults"]
    assert (read["answers"], read["csv"]) == (5, None)
    assert (await cities.anyone.ask(said.ANSWERS, id=survey["id"])).data["survey"]["answers"] is None
    survey["version"] = shown["version"]


async def _late(resident: Resident, code: str) -> int:
    await resident.type_code(code)
    return resident.status


async def _reads(cities: Cities, identity: str, *names: str) -> set[str]:
    """Who of them finds the survey; by id and in the list alike."""
    found: set[str] = set()
    for name in names:
        person = cities.person(name)
        one = (await person.ask(said.SURVEY, id=identity)).data["survey"]
        listed = (await person.ask(said.SURVEYS)).data["surveys"]["nodes"]
        assert (one is not None) == ({"id": identity} in listed), name
        found |= {name} if one else set()
    return found


async def test_nothing_kept_joins_an_answer_to_a_person(cities: Cities) -> None:
    event = (await announced(cities.ines))["id"]
    members = [cities.sato, cities.hana, cities.kato]
    for member in members:
        await member.do(TAKE, eventId=event, count=1)
    survey = await opened(cities.ines, event)
    codes = (await cities.ines.do(said.CODES, id=survey["id"], count=3))["codes"]
    resident = Resident(cities.stage.http)
    audited = await _audit(cities.stage)
    for number, (member, code) in enumerate(zip(members, codes, strict=True)):
        words = [FIRST, {"question": "q4", "text": f"{SECRET} {number}"}]
        key = {"Idempotency-Key": str(uuid.uuid4())}
        await member.do(said.ANSWER, id=survey["id"], answers=words, headers=key)
        await resident.answer(code, q1="1", q4=f"{SECRET} {number}")
        assert resident.status == 200
    async with cities.stage.sql() as sql:
        answers = await sql.fetch(f"SELECT *, xmin::text AS written FROM {SCHEMA}.survey_answer")
        boxes = await sql.fetch(f"SELECT *, xmin::text AS written FROM {SCHEMA}.survey_ballot")
        columns = set(dict(answers[0])) - {"written"}
        keys = await sql.fetchval(f"SELECT count(*) FROM {SCHEMA}.idempotency_record")
    assert columns == {"tenant_id", "id", "survey_id", "answers"}, "no time, no person, no code"
    assert {row["id"].version for row in answers} == {4}, "an id that says nothing of when"
    (box,) = boxes
    assert (len(box["answered"]), len(box["codes"])) == (3, 0)
    assert box["answered"] == sorted(box["answered"]), "in no order of coming"
    assert len({row["written"] for row in answers} - {box["written"]}) == 5, "it says only when the last came"
    assert await _audit(cities.stage) == audited, "an entry would have an actor and a time"
    assert keys == 0, "nor is there a hash of what an account sent"


async def test_codes_of_a_transaction_that_was_given_up_are_not_handed_out(
    cities: Cities, monkeypatch: pytest.MonkeyPatch
) -> None:
    survey = await opened(cities.ines)
    gives_up_the_next(monkeypatch)
    codes = (await cities.ines.do(said.CODES, id=survey["id"], count=2))["codes"]
    assert len(codes) == 2
    resident = Resident(cities.stage.http)
    for code in codes:
        await resident.answer(code, q1="0")
        assert resident.status == 200


async def test_of_few_answers_none_is_read(cities: Cities) -> None:
    survey = await opened(cities.ines)
    codes = (await cities.ines.do(said.CODES, id=survey["id"], count=5))["codes"]
    resident = Resident(cities.stage.http)
    for code in codes[:4]:
        await resident.answer(code, q1="0")
    closed = await moved(cities.ines, said.CLOSE, survey)
    assert (closed["answerCount"], closed["readable"]) == (4, False)
    assert (await cities.ines.ask(said.RESULTS, id=survey["id"])).data["surveyResults"] is None
    assert (await cities.ines.ask(said.ANSWERS, id=survey["id"])).data["survey"]["answers"]["nodes"] == []
    refused = await cities.ines.do(said.PUBLISH, id=survey["id"], version=closed["version"])
    assert refused["state"] == "too_few"


async def test_a_code_sent_many_times_at_once_is_one_answer(cities: Cities) -> None:
    survey = await opened(cities.ines)
    (code,) = (await cities.ines.do(said.CODES, id=survey["id"], count=1))["codes"]
    residents = [Resident(cities.stage.http) for _ in range(6)]
    await asyncio.gather(*(each.answer(code, q1="0") for each in residents))
    assert sorted(each.status for each in residents) == [200, *[404] * 5]
    assert (await cities.ines.ask(said.SURVEY, id=survey["id"])).data["survey"]["answerCount"] == 1


async def _audit(stage: Stage) -> list[str]:
    async with stage.sql() as sql:
        rows = await sql.fetch(f"SELECT action FROM {SCHEMA}.audit_entry ORDER BY 1")
    return [row["action"] for row in rows]
