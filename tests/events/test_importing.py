"""A city's real list imported: every row accounted for, and the same list again changes nothing."""

from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from libs.errors.problems import InvalidInput, NotAllowed, NotFound
from libs.japan.open_data.events import EventResult, read_events
from libs.japan.open_data.samples import sample_path
from libs.persistence.actor import Actor
from libs.persistence.sealing.vault import Vault
from libs.policy.access import Access
from libs.policy.acting import Acting
from libs.policy.predicates import ASKER
from libs.policy.rules import Policy
from libs.reading import ids
from libs.tenancy.tokens.identity import Identity
from libs.tenancy.viewers import Address, Viewers
from services.platform.events.actions.importing import ListOf, Report, import_events
from services.platform.relations import RELATIONS
from tests.events.stage import CANCEL, EDIT, EVENTS, a_talk
from tests.stage.cities import Cities
from tests.stage.tokens import ISSUER

AUGUST = ListOf("takamatsu-events", (2026, 8))
HEADINGS = "イベント名,開催日,開始時間,説明,定員,会場\n"
ROWS = {
    "cafe": "つながりカフェ,8月5日,10:00～12:00,お茶の会,20人,公民館\n",
    "walk": "見守りさんぽ,8月8日,9:00～10:00,歩く会,,公園\n",
    "odd": "いつかの会,そのうち,10:00～12:00,未定,,公民館\n",
}


@pytest.fixture
def acting(cities: Cities, tmp_path: Path) -> Any:
    """Opens a Work as somebody of 高松市."""

    @asynccontextmanager
    async def opened(subject: str = "oda") -> AsyncGenerator[Acting, None]:
        async with cities.stage.database() as database:
            identity = Identity(ISSUER, subject, 2**31)
            viewer = await Viewers(database).of(identity, Address("takamatsu"))
            grants = Policy.baseline().grants(viewer.kinds, viewer.roles)
            access = Access(grants, viewer.facts, RELATIONS, ASKER)
            actor = Actor(viewer.person_id, viewer.organisation_id)
            async with database.work(viewer.tenant_id, actor, account=viewer.account) as work:
                yield Acting(work, viewer, access, Vault.in_folder(tmp_path))

    return opened


def _list(*rows: str) -> tuple[EventResult, ...]:
    return read_events((HEADINGS + "".join(rows)).encode(), (2026, 8))


async def _import(acting: Any, cities: Cities, results: tuple[EventResult, ...], **who: str) -> Report:
    async with acting(**who) as opened:
        return await import_events(opened, await _city(cities), AUGUST, results)


async def _city(cities: Cities) -> Any:
    said = await cities.oda.ask("{ myOrganisation { id } }")
    return ids.of_type("organisation", said.data["myOrganisation"]["id"])


async def test_the_real_list_row_by_row_and_again(cities: Cities, acting: Any) -> None:
    results = read_events(sample_path("takamatsu_events_2026-08.csv").read_bytes(), (2026, 8))
    report = await _import(acting, cities, results)
    assert [each.row for each in report.rows] == [each.row for each in results]
    assert Counter(each.outcome for each in report.rows) == {"created": 45, "asked": 6}
    assert all(each.ja and each.en for each in report.rows if each.outcome == "asked")
    assert (await cities.stage.person(None, "takamatsu").ask(EVENTS)).data["events"]["totalCount"] == 45
    again = await _import(acting, cities, results)
    assert Counter(each.outcome for each in again.rows) == {"unchanged": 45, "asked": 6}
    assert again.gone == ()
    assert (await cities.oda.ask(EVENTS)).data["events"]["totalCount"] == 45
    assert (await cities.mori.ask(EVENTS)).data["events"]["totalCount"] == 0


async def test_what_a_row_says_is_in_the_event(cities: Cities, acting: Any) -> None:
    await _import(acting, cities, _list(ROWS["cafe"]))
    said = await cities.oda.ask(
        """{ events { nodes { title description venue capacity reservable startsAt endsAt published state
             deliveryMode organiser { name } } } }"""
    )
    assert said.data["events"]["nodes"] == [
        {
            "title": "つながりカフェ",
            "description": "お茶の会\n\n定員: 20人",
            "venue": "公民館",
            "capacity": 20,
            "reservable": False,
            "startsAt": "2026-08-05T01:00:00+00:00",
            "endsAt": "2026-08-05T03:00:00+00:00",
            "published": True,
            "state": "ANNOUNCED",
            "deliveryMode": "ROOM",
            "organiser": {"name": "高松市"},
        }
    ]


async def test_a_changed_row_changes_its_event_and_rows_may_move(cities: Cities, acting: Any) -> None:
    first = await _import(acting, cities, _list(ROWS["cafe"], ROWS["walk"]))
    moved = ROWS["cafe"].replace("8月5日", "8月6日")
    report = await _import(acting, cities, _list(ROWS["odd"], ROWS["walk"], moved))
    assert [each.outcome for each in report.rows] == ["asked", "unchanged", "changed"]
    assert report.rows[2].event_id == first.rows[0].event_id
    events = (await cities.oda.ask("{ events { nodes { title startsAt } } }")).data["events"]["nodes"]
    assert [(each["title"], each["startsAt"][:10]) for each in events] == [
        ("つながりカフェ", "2026-08-06"),
        ("見守りさんぽ", "2026-08-08"),
    ]


async def test_two_rows_of_one_title_and_place_are_two_events(cities: Cities, acting: Any) -> None:
    rows = _list(ROWS["cafe"], ROWS["cafe"].replace("8月5日", "8月19日"))
    assert [each.outcome for each in (await _import(acting, cities, rows)).rows] == ["created", "created"]
    assert [each.outcome for each in (await _import(acting, cities, rows)).rows] == ["unchanged"] * 2


async def test_what_the_list_no_longer_names_is_told_and_left(cities: Cities, acting: Any) -> None:
    await _import(acting, cities, _list(ROWS["cafe"], ROWS["walk"]))
    report = await _import(acting, cities, _list(ROWS["walk"]))
    assert [each.title for each in report.gone] == ["つながりカフェ"]
    assert (await cities.oda.ask(EVENTS)).data["events"]["totalCount"] == 2


@pytest.mark.parametrize("mutation", [EDIT, CANCEL])
async def test_edited_here_and_changed_there_is_asked(cities: Cities, acting: Any, mutation: str) -> None:
    report = await _import(acting, cities, _list(ROWS["cafe"]))
    identity = ids.encode("event", report.rows[0].event_id)  # pyright: ignore[reportArgumentType] - created above
    content = {"event": a_talk(title="ここで直した", deadline=None)} if mutation == EDIT else {}
    version = (await cities.oda.ask("{ events { nodes { version } } }")).data["events"]["nodes"][0]["version"]
    await cities.oda.do(mutation, id=identity, version=version, **content)
    same = await _import(acting, cities, _list(ROWS["cafe"]))
    assert [each.outcome for each in same.rows] == ["unchanged"]
    changed = await _import(acting, cities, _list(ROWS["cafe"].replace("10:00", "11:00")))
    assert [(each.outcome, each.code) for each in changed.rows] == [("asked", "changed_on_both_sides")]


async def test_a_row_that_an_event_cannot_hold_is_refused_alone(cities: Cities, acting: Any) -> None:
    long = ROWS["walk"].replace("公園", "園" * 600)
    report = await _import(acting, cities, _list(long, ROWS["cafe"]))
    assert [(each.outcome, each.code) for each in report.rows] == [("refused", "too_long"), ("created", None)]


async def test_only_who_may_create_events_for_the_organisation_imports(cities: Cities, acting: Any) -> None:
    with pytest.raises(NotAllowed):
        await _import(acting, cities, _list(ROWS["cafe"]), subject="ueda")
    with pytest.raises(NotAllowed):
        await _import(acting, cities, (), subject="ueda")
    ikoma = (await cities.mori.ask("{ myOrganisation { id } }")).data["myOrganisation"]["id"]
    async with acting() as opened:
        with pytest.raises(NotFound):
            await import_events(opened, ids.decode(ikoma)[1], AUGUST, _list(ROWS["cafe"]))
        with pytest.raises(InvalidInput):
            await import_events(opened, await _city(cities), ListOf(" ", (2026, 8)), ())
    assert (await cities.oda.ask(EVENTS)).data["events"]["totalCount"] == 0
