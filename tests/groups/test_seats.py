"""Seats: given, asked for, ended; in force at the next request and on the day they name."""

from datetime import timedelta
from typing import Any

import pytest

from libs.persistence.worker import Worker
from libs.tenancy.viewer import JAPAN
from services.platform.groups.jobs import JOBS
from services.platform.groups.terms import TERM_ENDS
from services.platform.members.actions.standing import LEFT
from services.platform.referrals import jobs as referrals
from tests.groups.said import ONE_SEAT, does, founded, group_of, organisation_of, titles, tries
from tests.meetings.said import kinds
from tests.members.said import applied, own
from tests.members.said import does as member_does
from tests.stage.cities import Cities

REQUESTS = """query ($id: ID!) { workingGroup(id: $id) { seatRequests { totalCount nodes {
  id version state message organisation { name } } } } }"""


def _day(cities: Cities, days: int) -> str:
    return (cities.stage.clock() + timedelta(days=days)).astimezone(JAPAN).date().isoformat()


async def _requests(cities: Cities, name: str, group: str) -> list[dict[str, Any]]:
    found = (await cities.person(name).ask(REQUESTS, id=group)).data["workingGroup"]["seatRequests"]
    assert found["totalCount"] == len(found["nodes"])
    nodes: list[dict[str, Any]] = found["nodes"]
    return nodes


async def test_chair_and_coordinator_give_seats_and_nobody_else(cities: Cities) -> None:
    group = await founded(cities.mori, cities.ines, cities.hana)
    for name in ("hana", "sato", "kato"):
        refused = await tries(
            cities.person(name),
            "giveSeat",
            workingGroupId=group,
            organisationId=await organisation_of(cities.sato),
        )
        assert refused["problem"] == "NOT_ALLOWED"
    sato = {"workingGroupId": group, "organisationId": await organisation_of(cities.sato)}
    assert (await tries(cities.oda, "giveSeat", **sato))["problem"] == "NOT_FOUND"
    given = await does(cities.ines, "giveSeat", **sato)
    assert (given["organisation"], given["isChair"]) == ({"name": "こども食堂ひだまり"}, False)
    assert (await tries(cities.ines, "giveSeat", **sato))["problem"] == "ALREADY_EXISTS"
    kato = {"workingGroupId": group, "organisationId": await organisation_of(cities.kato)}
    await does(cities.mori, "giveSeat", **kato)
    ueda = {"workingGroupId": group, "organisationId": await organisation_of(cities.ueda)}
    assert (await tries(cities.mori, "giveSeat", **ueda))["problem"] == "NOT_FOUND"
    assert (await group_of(cities.kato, group))["seats"]["totalCount"] == 4


async def test_an_applicant_gets_no_seat_and_a_chair_does_not_learn_of_it(cities: Cities) -> None:
    group = await founded(cities.mori, cities.ines)
    pending = {"workingGroupId": group, "organisationId": (await applied(cities.stranger))["id"]}
    assert (await tries(cities.ines, "giveSeat", **pending))["problem"] == "NOT_FOUND"
    assert (await tries(cities.mori, "giveSeat", **pending))["problem"] == "WRONG_STATE"
    sato = await own(cities.sato)
    await member_does(cities.mori, "suspendMember", id=sato["id"], version=sato["version"])
    refused = await tries(cities.ines, "giveSeat", workingGroupId=group, organisationId=sato["id"])
    # that it is suspended is not the chair's to know
    assert (refused["problem"], refused["state"]) == ("WRONG_STATE", "no_member")
    assert "停止" not in refused["ja"]


async def test_a_group_has_one_chair_that_the_coordinator_names(cities: Cities) -> None:
    group = await founded(cities.mori, cities.ines, cities.hana)
    hana = {"workingGroupId": group, "organisationId": await organisation_of(cities.hana)}
    assert (await tries(cities.ines, "nameChair", **hana))["problem"] == "NOT_ALLOWED"
    named = await does(cities.mori, "nameChair", **hana)
    assert named["chair"] == {"name": "生駒市福祉総務課"}
    assert [each["isChair"] for each in named["seats"]["nodes"]].count(True) == 1
    sato = {"workingGroupId": group, "organisationId": await organisation_of(cities.sato)}
    assert (await tries(cities.ines, "giveSeat", **sato))["problem"] == "NOT_ALLOWED"
    assert (await tries(cities.hana, "giveSeat", **sato, isChair=True))["problem"] == "NOT_ALLOWED"
    unseated = await tries(cities.mori, "nameChair", **sato)
    assert (unseated["problem"], unseated["state"]) == ("WRONG_STATE", "no_seat")
    assert (await group_of(cities.mori, group))["chair"] == {"name": "生駒市福祉総務課"}
    await does(cities.mori, "giveSeat", **sato, isChair=True)
    assert (await group_of(cities.hana, group))["chair"] == {"name": "こども食堂ひだまり"}


@pytest.mark.parametrize("name", ["ines", "hana", "mori", "sato", "kato", "anyone", "ueda"])
async def test_a_seat_is_the_groups_its_holders_and_the_coordinators(cities: Cities, name: str) -> None:
    group = await founded(cities.mori, cities.ines, cities.hana)
    seat = (await group_of(cities.mori, group))["seats"]["nodes"][0]
    seen = (await cities.person(name).ask(ONE_SEAT, id=seat["id"])).data["seat"]
    if name in {"ines", "hana", "mori"}:
        assert seen["hiddenFields"] == []
        assert (seen["workingGroup"], seen["organisation"]) == ({"name": "見守り部会"}, seat["organisation"])
        assert (seen["fromOn"], seen["untilOn"]) == (_day(cities, 0), None)
    else:
        assert seen is None


async def test_a_seat_that_ends_closes_the_group_at_the_next_request(cities: Cities) -> None:
    group = await founded(cities.mori, cities.ines, cities.hana, cities.sato)
    await does(cities.ines, "writePost", workingGroupId=group, audience="ALL", title="お知らせ", body="本文")
    assert await titles(cities.sato, group) == {"お知らせ"}
    seats = {
        each["organisation"]["name"]: each for each in (await group_of(cities.mori, group))["seats"]["nodes"]
    }
    sato, hana = seats["こども食堂ひだまり"], seats["生駒市福祉総務課"]
    assert (await tries(cities.hana, "endSeat", id=sato["id"], version=1))["problem"] == "NOT_ALLOWED"
    assert (await tries(cities.kato, "endSeat", id=sato["id"], version=1))["problem"] == "NOT_FOUND"
    await does(cities.ines, "endSeat", id=sato["id"], version=1)
    assert await titles(cities.sato, group) == set()
    assert (await group_of(cities.ines, group))["seats"]["totalCount"] == 2
    again = await tries(cities.mori, "endSeat", id=sato["id"], version=2)
    assert (again["problem"], again["state"]) == ("WRONG_STATE", "ended")
    assert (await cities.sato.ask(ONE_SEAT, id=sato["id"])).data["seat"]["untilOn"] == _day(cities, 0)
    await does(cities.hana, "endSeat", id=hana["id"], version=1)  # one's own seat can be given up
    assert await titles(cities.hana, group) == set()
    await does(
        cities.mori, "giveSeat", workingGroupId=group, organisationId=await organisation_of(cities.sato)
    )
    assert await titles(cities.sato, group) == {"お知らせ"}


async def test_a_seat_begins_and_ends_on_its_days(cities: Cities) -> None:
    group = await founded(cities.mori, cities.ines)
    await does(cities.ines, "writePost", workingGroupId=group, audience="ALL", title="お知らせ", body="本文")
    sato = {"workingGroupId": group, "organisationId": await organisation_of(cities.sato)}
    for given, field in (
        ({"fromOn": _day(cities, -1)}, "fromOn"),
        ({"untilOn": _day(cities, 0)}, "untilOn"),
        ({"fromOn": _day(cities, 2), "untilOn": _day(cities, 1)}, "untilOn"),
    ):
        refused = await tries(cities.mori, "giveSeat", **sato, **given)
        assert (refused["problem"], refused["field"]) == ("INVALID_INPUT", field)
    await does(cities.mori, "giveSeat", **sato, fromOn=_day(cities, 1), untilOn=_day(cities, 3))
    doubled = await tries(cities.mori, "giveSeat", **sato, fromOn=_day(cities, 2))
    assert doubled["problem"] == "ALREADY_EXISTS"
    seen = [await titles(cities.sato, group)]
    for _ in range(3):
        cities.stage.clock.move(days=1)
        seen.append(await titles(cities.sato, group))
    assert seen == [set(), {"お知らせ"}, {"お知らせ"}, set()]


async def test_sato_asks_for_a_seat_and_the_chair_gives_it(cities: Cities) -> None:
    group = await founded(cities.mori, cities.ines, cities.hana)
    asked = await does(
        cities.sato, "askForSeat", workingGroupId=group, message="子どもの居場所から参加したい"
    )
    assert asked["state"] == "ASKED"
    assert (await tries(cities.sato, "askForSeat", workingGroupId=group))["problem"] == "ALREADY_EXISTS"
    assert (await tries(cities.hana, "askForSeat", workingGroupId=group))["problem"] == "ALREADY_EXISTS"
    assert (await tries(cities.ueda, "askForSeat", workingGroupId=group))["problem"] == "NOT_FOUND"
    seen = {
        name: len(await _requests(cities, name, group)) for name in ("ines", "mori", "sato", "hana", "kato")
    }
    assert seen == {"ines": 1, "mori": 1, "sato": 1, "hana": 0, "kato": 0}
    assert await titles(cities.sato, group) == set()  # asking opens nothing
    await does(
        cities.ines, "giveSeat", workingGroupId=group, organisationId=await organisation_of(cities.sato)
    )
    assert [each["state"] for each in await _requests(cities, "sato", group)] == ["GIVEN"]


async def test_a_request_is_declined_by_the_chair_or_withdrawn_by_who_asked(cities: Cities) -> None:
    group = await founded(cities.mori, cities.ines, cities.hana)
    asked = await does(cities.sato, "askForSeat", workingGroupId=group)
    request = {"id": asked["id"], "version": asked["version"]}
    for name, problem in (("hana", "NOT_FOUND"), ("kato", "NOT_FOUND"), ("sato", "NOT_ALLOWED")):
        refused = await tries(cities.person(name), "declineSeatRequest", **request)
        assert refused["problem"] == problem
    assert (await tries(cities.ines, "withdrawSeatRequest", **request))["problem"] == "NOT_ALLOWED"
    declined = await does(cities.ines, "declineSeatRequest", **request)
    assert declined["state"] == "DECLINED"
    late = await tries(cities.sato, "withdrawSeatRequest", id=asked["id"], version=declined["version"])
    assert (late["problem"], late["state"]) == ("WRONG_STATE", "declined")
    second = await does(cities.sato, "askForSeat", workingGroupId=group)
    gone = await does(cities.sato, "withdrawSeatRequest", id=second["id"], version=1)
    assert gone["state"] == "WITHDRAWN"


async def test_a_suspended_organisation_is_out_of_its_groups_and_back_when_reinstated(cities: Cities) -> None:
    group = await founded(cities.mori, cities.ines, cities.sato)
    await does(cities.ines, "writePost", workingGroupId=group, audience="ALL", title="お知らせ", body="本文")
    sato = await own(cities.sato)
    await member_does(cities.mori, "suspendMember", id=sato["id"], version=sato["version"])
    assert await group_of(cities.sato, group) is None
    await member_does(cities.mori, "reinstateMember", id=sato["id"], version=sato["version"] + 1)
    assert await titles(cities.sato, group) == {"お知らせ"}


async def test_the_seats_of_an_organisation_that_left_end_by_due_work(cities: Cities) -> None:
    group = await founded(cities.mori, cities.ines, cities.sato)
    ines = await own(cities.ines)
    await member_does(cities.ines, "leave", id=ines["id"], version=ines["version"])
    async with cities.stage.worker() as claims, cities.stage.database() as tenants:
        assert JOBS.keys() == {LEFT, TERM_ENDS}
        worker = Worker(claims, tenants, {**JOBS, **referrals.JOBS})
        # the seats, what each of its people was at work on, and what it had offered on cards
        assert await worker.do_due() == 3
        seen = await group_of(cities.mori, group)
        assert seen["chair"] is None
        assert [each["organisation"]["name"] for each in seen["seats"]["nodes"]] == ["こども食堂ひだまり"]
        assert await worker.do_due() == 0


async def test_shared_groups_open_the_work_contact(cities: Cities) -> None:
    contact = "query ($id: ID!) { organisation(id: $id) { workContact hiddenFields } }"
    group = await founded(cities.mori, cities.ines)
    ines = await organisation_of(cities.ines)
    for name in ("sato", "kato"):
        asker = cities.person(name)
        before = (await asker.ask(contact, id=ines)).data["organisation"]
        assert before["workContact"] is None
        assert "workContact" in before["hiddenFields"]
        seat = await does(
            cities.mori, "giveSeat", workingGroupId=group, organisationId=await organisation_of(asker)
        )
        assert (await asker.ask(contact, id=ines)).data["organisation"]["workContact"] == "work@example.jp"
        await does(cities.mori, "endSeat", id=seat["id"], version=seat["version"])
        assert (await asker.ask(contact, id=ines)).data["organisation"]["workContact"] is None


async def test_before_a_seats_term_ends_its_holder_and_the_chair_are_told(cities: Cities) -> None:
    """Once for each term; of one that was changed, or a seat that was given up, nothing is told."""
    group = await founded(cities.mori, cities.ines)
    for person, days in ((cities.sato, 60), (cities.hana, 60), (cities.kato, 60)):
        seat = {"workingGroupId": group, "organisationId": await organisation_of(person)}
        await does(cities.ines, "giveSeat", **seat, untilOn=_day(cities, days))
    seats = {
        each["organisation"]["name"]: each for each in (await group_of(cities.mori, group))["seats"]["nodes"]
    }
    later, gone = seats["生駒市福祉総務課"], seats["まちの電器株式会社"]
    await does(cities.ines, "endSeat", id=later["id"], version=1, untilOn=_day(cities, 90))
    await does(cities.kato, "endSeat", id=gone["id"], version=1)

    async def told(days: int) -> dict[str, int]:
        cities.stage.clock.move(days=days)
        async with cities.stage.worker() as claims, cities.stage.database() as tenants:
            while await Worker(claims, tenants, JOBS).do_due():
                pass
        people = ("sato", "hana", "kato", "ines", "mori")
        return {name: (await kinds(cities.person(name))).count("SEAT_ENDS_SOON") for name in people}

    assert set((await told(28)).values()) == {0}
    assert await told(4) == {"sato": 1, "hana": 0, "kato": 0, "ines": 1, "mori": 0}
    await does(cities.mori, "endSeat", id=seats["NPO法人つながる生駒"]["id"], version=1)
    nobody_chairs = await told(30)
    assert nobody_chairs == {"sato": 1, "hana": 1, "kato": 0, "ines": 1, "mori": 1}
