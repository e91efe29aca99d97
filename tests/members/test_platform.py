"""The platform itself: its settings, and who coordinates it."""

from datetime import timedelta

import pytest

from tests.members.said import MINE, does, joined, names_seen, own, tries
from tests.stage.cities import Cities

PLATFORM = """{ platform { id name kind municipalityCodes conditions acceptsApplications cardScan
  accessAfterEndDays answerWorkingDays confirmDays helpKeepDays helpMostSent answerLinkHours
  answerLinkCode answerLinksAutomatic caseRetentionDays
  paperRetentionDays fileMebibytes organisationFileMebibytes version hiddenFields } }"""
SETTINGS = [
    "cardScan",
    "accessAfterEndDays",
    "answerWorkingDays",
    "confirmDays",
    "helpKeepDays",
    "helpMostSent",
    "answerLinkHours",
    "answerLinkCode",
    "answerLinksAutomatic",
    "caseRetentionDays",
    "paperRetentionDays",
    "fileMebibytes",
    "organisationFileMebibytes",
]


@pytest.mark.parametrize("name", ["mori", "ines", "hana", "kato", "stranger", "anyone"])
async def test_the_platform_is_public_and_its_settings_are_the_coordinators(
    cities: Cities, name: str
) -> None:
    shown = (await cities.person(name).ask(PLATFORM)).data["platform"]
    assert (shown["name"], shown["kind"], shown["municipalityCodes"]) == (
        "生駒市",
        "MUNICIPALITY",
        ["292095"],
    )
    assert shown["acceptsApplications"] is True
    if name == "mori":
        assert shown["hiddenFields"] == []
        assert (shown["cardScan"], shown["accessAfterEndDays"]) == ("BLOCK", 30)
    else:
        assert shown["hiddenFields"] == SETTINGS
        assert [shown[field] for field in SETTINGS] == [None] * len(SETTINGS)


async def test_each_city_is_shown_its_own_platform(cities: Cities) -> None:
    ours = (await cities.ines.ask(PLATFORM)).data["platform"]
    assert (await cities.ueda.ask(PLATFORM)).data["platform"]["name"] == "高松市"
    node = "query ($id: ID!) { node(id: $id) { id } }"
    assert (await cities.ines.ask(node, id=ours["id"])).data["node"] == {"id": ours["id"]}
    assert (await cities.ueda.ask(node, id=ours["id"])).data["node"] is None


async def test_mori_changes_what_she_names_and_nothing_else(cities: Cities) -> None:
    version = (await cities.mori.ask(PLATFORM)).data["platform"]["version"]
    for name in ("ines", "hana", "kato", "stranger"):
        refused = await tries(cities.person(name), "changeSettings", version=version, confirmDays=7)
        assert refused["problem"] == "NOT_ALLOWED"
    changed = await does(
        cities.mori,
        "changeSettings",
        version=version,
        conditions="市内で活動していること\n宗教・政治を目的としないこと",
        cardScan="CONFIRM",
        confirmDays=7,
    )
    assert changed["platform"]["cardScan"] == "CONFIRM"
    assert changed["platform"]["confirmDays"] == 7
    assert changed["platform"]["answerWorkingDays"] == 5
    shown = (await cities.anyone.ask(PLATFORM)).data["platform"]
    assert shown["conditions"].startswith("市内で活動")
    assert (await cities.oda.ask(PLATFORM)).data["platform"]["confirmDays"] == 14
    stale = await tries(cities.mori, "changeSettings", version=version, confirmDays=9)
    assert stale["problem"] == "STALE_VERSION"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"accessAfterEndDays": -1}, "accessAfterEndDays"),
        ({"accessAfterEndDays": 366}, "accessAfterEndDays"),
        ({"answerWorkingDays": 0}, "answerWorkingDays"),
        ({"confirmDays": 181}, "confirmDays"),
        ({"caseRetentionDays": 364}, "caseRetentionDays"),
        ({"paperRetentionDays": -1}, "paperRetentionDays"),
        ({"fileMebibytes": 0}, "fileMebibytes"),
        ({"organisationFileMebibytes": 1_048_577}, "organisationFileMebibytes"),
        ({"conditions": "あ" * 4_001}, "conditions"),
    ],
)
async def test_settings_out_of_range_are_refused(
    cities: Cities, given: dict[str, object], field: str
) -> None:
    version = (await cities.mori.ask(PLATFORM)).data["platform"]["version"]
    refused = await tries(cities.mori, "changeSettings", version=version, **given)
    assert (refused["problem"], refused["field"]) == ("INVALID_INPUT", field)
    await does(cities.mori, "changeSettings", version=version, accessAfterEndDays=0)


async def test_hana_coordinates_from_her_appointment_to_her_dismissal(cities: Cities) -> None:
    hana = (await cities.hana.ask(MINE)).data["me"]["id"]
    for name in ("hana", "ines"):
        refused = await tries(cities.person(name), "appointCoordinator", personId=hana)
        assert refused["problem"] == "NOT_ALLOWED"
    appointed = await does(cities.mori, "appointCoordinator", personId=hana)
    assert appointed["person"]["isCoordinator"] is True
    assert (await tries(cities.mori, "appointCoordinator", personId=hana))["problem"] == "ALREADY_EXISTS"
    assert (await cities.hana.ask(PLATFORM)).data["platform"]["hiddenFields"] == []
    await does(cities.mori, "dismissCoordinator", personId=hana)
    assert (await cities.hana.ask(PLATFORM)).data["platform"]["hiddenFields"] == SETTINGS
    assert (await tries(cities.mori, "dismissCoordinator", personId=hana))["problem"] == "NOT_FOUND"


async def test_an_appointment_for_a_time_ends_by_the_clock(cities: Cities) -> None:
    hana = (await cities.hana.ask(MINE)).data["me"]["id"]
    now = cities.stage.clock()
    past = await tries(cities.mori, "appointCoordinator", personId=hana, until=now.isoformat())
    assert (past["problem"], past["field"]) == ("INVALID_INPUT", "until")
    until = (now + timedelta(hours=1)).isoformat()
    await does(cities.mori, "appointCoordinator", personId=hana, until=until)
    assert (await cities.hana.ask(PLATFORM)).data["platform"]["hiddenFields"] == []
    cities.stage.clock.move(hours=2)
    assert (await cities.hana.ask(PLATFORM)).data["platform"]["hiddenFields"] == SETTINGS


async def test_a_platform_never_loses_its_last_coordinator(cities: Cities) -> None:
    said = (await cities.mori.ask(MINE)).data
    mori, hall = said["me"]["id"], said["myOrganisation"]
    attempts = {
        "dismissCoordinator": {"personId": mori},
        "removePerson": {"organisationId": hall["id"], "personId": mori},
        "suspendMember": {"id": hall["id"], "version": hall["version"]},
        "leave": {"id": hall["id"], "version": hall["version"]},
    }
    for name, given in attempts.items():
        refused = await tries(cities.mori, name, **given)
        assert (refused["problem"], refused["state"]) == ("WRONG_STATE", "last_coordinator")
    assert (await cities.mori.ask(PLATFORM)).data["platform"]["hiddenFields"] == []
    hana = (await cities.hana.ask(MINE)).data["me"]["id"]
    await does(cities.mori, "appointCoordinator", personId=hana)
    await does(cities.mori, "dismissCoordinator", personId=mori)
    assert (await cities.mori.ask(PLATFORM)).data["platform"]["hiddenFields"] == SETTINGS


async def test_a_coordinator_who_left_does_not_come_back_as_one(cities: Cities) -> None:
    person = await joined(cities.mori, cities.stranger, "DESK")
    await does(cities.mori, "appointCoordinator", personId=person)
    assert (await cities.stranger.ask(PLATFORM)).data["platform"]["hiddenFields"] == []
    hall = await own(cities.mori)
    await does(cities.mori, "removePerson", organisationId=hall["id"], personId=person)
    assert await joined(cities.ines, cities.stranger, "DESK") == person
    assert len(await names_seen(cities.stranger)) == 5
    assert (await cities.stranger.ask(PLATFORM)).data["platform"]["hiddenFields"] == SETTINGS


async def test_only_a_members_person_of_this_city_can_be_appointed(cities: Cities) -> None:
    ueda = (await cities.ueda.ask(MINE)).data["me"]["id"]
    assert (await tries(cities.mori, "appointCoordinator", personId=ueda))["problem"] == "NOT_FOUND"
    person = await joined(cities.ines, cities.stranger, "DESK")
    ines = await own(cities.ines)
    await does(cities.ines, "removePerson", organisationId=ines["id"], personId=person)
    assert (await tries(cities.mori, "appointCoordinator", personId=person))["problem"] == "WRONG_STATE"
