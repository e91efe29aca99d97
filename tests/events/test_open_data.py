"""Open data in and out: previewed, imported, exported in each layout, and imported again without a change."""

import base64
from typing import Any

import pytest

from libs.japan.open_data.events import UnderstoodEvent, read_events
from libs.japan.open_data.samples import sample_path
from services.platform.events.actions.imported_content import content_of
from tests.events.stage import announced, in_days
from tests.stage.cities import Cities

LIST = sample_path("takamatsu_events_2026-08.csv").read_bytes()
IMPORT = """mutation ($input: ImportEventsInput!) { importEvents(input: $input) { __typename
  ... on ImportEventsPayload { previewed created changed unchanged asked refused gone { title }
    rows { row outcome title eventId code ja notes { code } } }
  ... on UserError { code ja } ... on InvalidInput { field detail } } }"""
COUNT = "{ events { totalCount } }"


async def _import(cities: Cities, file: bytes, name: str = "oda", **more: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "file": base64.b64encode(file).decode(),
        "list": "行事予定",
        "year": 2026,
        "month": 8,
    } | more
    return await cities.person(name).do(IMPORT, **given)


async def _count(cities: Cities) -> int:
    return (await cities.oda.ask(COUNT)).data["events"]["totalCount"]


def _counts(said: dict[str, Any]) -> list[int]:
    return [said[name] for name in ("created", "changed", "unchanged", "asked", "refused")]


async def test_the_real_list_goes_in_by_preview_and_out_in_each_layout(cities: Cities) -> None:
    seen = await _import(cities, LIST)
    assert (seen["previewed"], _counts(seen), await _count(cities)) == (True, [45, 0, 0, 6, 0], 0)
    asked = {each["row"]: each["code"] for each in seen["rows"] if each["outcome"] == "ASKED"}
    assert asked[18] == "sessions_or_days"
    assert all(each["eventId"] is None for each in seen["rows"])
    done = await _import(cities, LIST, preview=False)
    assert (_counts(done), await _count(cities)) == ([45, 0, 0, 6, 0], 45)
    again = await _import(cities, LIST.decode("utf-8-sig").encode("utf-16"), preview=False)
    assert (_counts(again), again["gone"], await _count(cities)) == ([0, 0, 45, 6, 0], [], 45)
    was = {each.title: each for each in map(_content, read_events(LIST, (2026, 8))) if each is not None}
    http = cities.stage.http
    for name in ("events.csv", "events.suisho.csv", "events.gif.csv"):
        exported = await http.get(f"/t/takamatsu/{name}", params={"encoding": "utf-16"})
        assert (exported.status_code, exported.headers["content-type"]) == (
            200,
            "text/csv; charset=utf-16; header=present",
        )
        back = {each.title: each for each in map(_content, read_events(exported.content, (2026, 8))) if each}
        assert back == was
        # into the same platform as another list: numbered, each known again by its number
        first = await _import(cities, exported.content, list=name, preview=False)
        assert _counts(first) == [45, 0, 0, 0, 0]
        twice = await _import(cities, exported.content, list=name, month=9, preview=False)
        assert _counts(twice) == [0, 0, 45, 0, 0]
        for each in first["rows"]:
            assert each["eventId"] is not None
        await _forget(cities, first)
    assert (await http.get("/t/takamatsu/events.csv", params={"encoding": "cp932"})).status_code == 406


def _content(result: object) -> Any:
    return content_of(result, "高松市") if isinstance(result, UnderstoodEvent) else None


async def _forget(cities: Cities, report: dict[str, Any]) -> None:
    """Takes the copies out again, so that the next layout begins as this one did."""
    async with cities.stage.sql() as connection:
        ids = [each["eventId"].removeprefix("event_") for each in report["rows"]]
        await connection.execute(
            "DELETE FROM tsunagari.event_occurrence WHERE event_id = ANY($1::uuid[])", ids
        )
        await connection.execute("DELETE FROM tsunagari.event WHERE id = ANY($1::uuid[])", ids)


async def test_only_what_is_public_goes_out_with_whose_list_it_is(cities: Cities) -> None:
    await announced(cities.ines, title="会員のみ")
    await announced(
        cities.ines,
        to_everybody=True,
        title="=1+1",
        kind="SYMPOSIUM",
        occurrences=[{"startsAt": in_days(10)}, {"startsAt": in_days(17)}],
    )
    text = (await cities.stage.http.get("/t/ikoma/events.csv")).content.decode("utf-8-sig")
    assert "会員のみ" not in text
    assert "meet.example.jp" not in text
    assert "292095" in text
    assert "'=1+1" in text
    assert "開催日時：" in text
    (row,) = read_events(text.encode(), (2026, 12))
    assert isinstance(row, UnderstoodEvent)
    assert (row.title, len(row.occurrences), dict(row.details.more)["kind"]) == ("=1+1", 2, "シンポジウム")
    # its organiser has not made its own card public
    assert "つながる生駒" not in text
    assert (await cities.stage.http.get("/t/none/events.csv")).status_code == 404


@pytest.mark.parametrize(
    ("file", "detail"),
    [(b"\x00\x01\x02", "not_text"), (b"", "empty"), ("題,日\n会,きょう\n".encode(), "unknown_columns")],
)
async def test_what_is_no_list_is_refused_as_a_whole(cities: Cities, file: bytes, detail: str) -> None:
    said = await _import(cities, file)
    assert (said["__typename"], said["field"], said["detail"]) == ("InvalidInput", "file", detail)
    assert (await cities.oda.do(IMPORT, file="***", list="x", year=2026, month=8))["detail"] == "BASE64"
    assert (await _import(cities, LIST, "ueda", month=13))["detail"] == "no_such_month"
    assert (await _import(cities, LIST, "stranger"))["code"] == "NOT_FOUND"
