"""A series is drafted by a rule or by its days, changed and called off singly or from one on; a report."""

import datetime as dt
from typing import Any

import pytest

from libs.errors.problems import InvalidInput
from services.platform.events.recurrence import days_of
from tests.events.stage import CANCEL, EDIT, PUBLISH, TAKE, a_talk, seen
from tests.stage.cities import Cities

CREATE_SERIES = """mutation ($input: CreateEventSeriesInput!) { createEventSeries(input: $input) { __typename
  ... on EventPayload { event { id version seriesFirst { id } } } ... on InvalidInput { field detail }
  ... on UserError { code } } }"""
SERIES = """query ($series: ID!) { events(series: $series, first: 100) { nodes {
  id title state startsAt deadline version published } } }"""
REPORT = """mutation ($input: ReportEventInput!) { reportEvent(input: $input) { __typename
  ... on EventPayload { event { report { summary attended published version } } }
  ... on WrongState { state } ... on UserError { code } } }"""
READ_REPORT = "query ($id: ID!) { event(id: $id) { title report { summary attended } } }"

FIRST = dt.date(2027, 4, 14)


def _on(day: dt.date) -> dict[str, Any]:
    return a_talk(
        title="こころのカフェ",
        occurrences=[{"startsAt": f"{day}T13:30:00+09:00", "endsAt": f"{day}T15:00:00+09:00"}],
        deadline=f"{day - dt.timedelta(days=2)}T17:00:00+09:00",
    )


async def _days(cities: Cities, series: str) -> list[tuple[str, str, str]]:
    nodes = (await cities.ines.ask(SERIES, series=series)).data["events"]["nodes"]
    return [(each["startsAt"][:16], each["title"], each["state"]) for each in nodes]


async def test_a_series_by_rule_is_changed_from_one_on(cities: Cities) -> None:
    made = await cities.ines.do(CREATE_SERIES, event=_on(FIRST), rule="FREQ=MONTHLY;BYDAY=2WE;COUNT=4")
    series = made["event"]["id"]
    assert made["event"]["seriesFirst"] == {"id": series}
    assert [each[0] for each in await _days(cities, series)] == [
        "2027-04-14T04:30",
        "2027-05-12T04:30",
        "2027-06-09T04:30",
        "2027-07-14T04:30",
    ]
    shown = await cities.ines.do(
        PUBLISH, id=series, version=made["event"]["version"], toEverybody=True, following=True
    )
    assert shown["__typename"] == "EventPayload"
    nodes = (await cities.kato.ask(SERIES, series=series)).data["events"]["nodes"]
    assert [each["published"] for each in nodes] == [True] * 4
    assert nodes[1]["deadline"] == "2027-05-10T08:00:00+00:00"
    # one alone; then from the third on a week later, under another name
    alone = {**_on(dt.date(2027, 5, 12)), "title": "五月だけ"}
    await cities.ines.do(EDIT, id=nodes[1]["id"], version=nodes[1]["version"], event=alone)
    later = {**_on(dt.date(2027, 6, 16)), "title": "夏のカフェ"}
    refused = await cities.kato.do(
        EDIT, id=nodes[2]["id"], version=nodes[2]["version"], event=later, following=True
    )
    assert refused["code"] == "NOT_ALLOWED"
    moved = await cities.ines.do(
        EDIT, id=nodes[2]["id"], version=nodes[2]["version"], event=later, following=True
    )
    assert moved["event"]["title"] == "夏のカフェ"
    await cities.ines.do(
        CANCEL, id=nodes[3]["id"], version=nodes[3]["version"] + 1, reason="会場の都合", following=True
    )
    assert await _days(cities, series) == [
        ("2027-04-14T04:30", "こころのカフェ", "ANNOUNCED"),
        ("2027-05-12T04:30", "五月だけ", "ANNOUNCED"),
        ("2027-06-16T04:30", "夏のカフェ", "ANNOUNCED"),
        ("2027-07-21T04:30", "夏のカフェ", "CANCELLED"),
    ]
    listed = await cities.ines.do(CREATE_SERIES, event=_on(FIRST), days=["2027-04-20", "2027-05-01"])
    assert len(await _days(cities, listed["event"]["id"])) == 3
    refusals: list[dict[str, Any]] = [{"rule": "FREQ=YEARLY;COUNT=2"}, {"days": ["2027-04-01"]}, {"days": []}]
    for wrong in refusals:
        said = await cities.ines.do(CREATE_SERIES, event=_on(FIRST), **wrong)
        assert said["field"] in {"rule", "days"}, wrong


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("FREQ=DAILY;INTERVAL=2;COUNT=3", ["04-14", "04-16", "04-18"]),
        ("RRULE:FREQ=WEEKLY;BYDAY=WE,FR;UNTIL=20270423", ["04-14", "04-16", "04-21", "04-23"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;COUNT=3", ["04-14", "04-26", "04-28"]),
        ("FREQ=MONTHLY;BYDAY=2WE,-1FR;COUNT=4", ["04-14", "04-30", "05-12", "05-28"]),
        ("FREQ=MONTHLY;COUNT=2", ["04-14", "05-14"]),
    ],
)
def test_a_rule_gives_its_days(rule: str, days: list[str]) -> None:
    assert [f"{day:%m-%d}" for day in days_of(rule, FIRST)] == days


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=WEEKLY",
        "FREQ=WEEKLY;COUNT=2;UNTIL=20270501",
        "FREQ=WEEKLY;BYDAY=2WE;COUNT=2",
        "FREQ=MONTHLY;BYDAY=WE;COUNT=2",
        "FREQ=WEEKLY;BYDAY=TH;COUNT=2",
        "FREQ=DAILY;COUNT=61",
        "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;UNTIL=2027",
        "FREQ=DAILY;COUNT=2;FREQ=DAILY",
        "FREQ=HOURLY;COUNT=2",
        "",
    ],
)
def test_a_rule_that_cannot_be_kept_is_refused(rule: str) -> None:
    with pytest.raises(InvalidInput):
        days_of(rule, FIRST)


def test_a_month_without_such_a_day_has_none() -> None:
    days = days_of("FREQ=MONTHLY;COUNT=3", dt.date(2027, 1, 31))
    assert [f"{day:%m-%d}" for day in days] == ["01-31", "03-31", "05-31"]


async def test_a_report_is_the_organisers_until_it_is_published(cities: Cities) -> None:
    made = await cities.ines.do(CREATE_SERIES, event=a_talk(deadline=None), rule="FREQ=DAILY;COUNT=2")
    event = made["event"]
    await cities.ines.do(PUBLISH, id=event["id"], version=event["version"], toEverybody=True)
    place = (await cities.sato.do(TAKE, eventId=event["id"], count=3))["place"]
    said: dict[str, Any] = {"eventId": event["id"], "summary": "顔の見える関係ができました。"}
    assert (await cities.ines.do(REPORT, **said))["state"] == "ahead"
    cities.stage.clock.move(days=10, hours=1)
    await cities.ines.do(
        "mutation ($input: RecordAttendanceInput!) { recordAttendance(input: $input) { __typename } }",
        id=place["id"],
        version=place["version"],
        attended=2,
    )
    assert (await cities.kato.do(REPORT, **said))["code"] == "NOT_ALLOWED"
    told = (await cities.ines.do(REPORT, **said))["event"]["report"]
    assert (told["attended"], told["published"], told["version"]) == (2, False, 1)
    people = ("ines", "mori", "sato", "kato", "anyone")

    async def readers() -> list[str]:
        read = {
            name: (await cities.person(name).ask(READ_REPORT, id=event["id"])).data["event"]
            for name in people
        }
        return [name for name in people if read[name] and read[name]["report"]]

    assert await readers() == ["ines", "mori"]
    again = await cities.mori.do(REPORT, **said, attended=5, published=True)
    assert again["event"]["report"] == {
        "summary": said["summary"],
        "attended": 5,
        "published": True,
        "version": 2,
    }
    assert await readers() == list(people)
    now = await seen(cities.ines, event["id"]) or {}
    await cities.ines.do(PUBLISH, id=event["id"], version=now["version"], toEverybody=False)
    assert await readers() == [name for name in people if name != "anyone"]
