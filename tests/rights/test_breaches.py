"""After a leak the coordinator learns whose account opened how much, and by when what is due; no case."""

from datetime import timedelta
from typing import Any

import pytest

from tests.referrals.conftest import SECRETS
from tests.rights.conftest import WORKSHEET, Rights


async def worksheet(rights: Rights, name: str = "mori", **given: Any) -> dict[str, Any]:
    now = rights.loop.cities.stage.clock()
    spread: dict[str, Any] = {
        "since": (now - timedelta(hours=1)).isoformat(),
        "until": (now + timedelta(hours=1)).isoformat(),
        "discoveredOn": "2026-04-01",
    }
    return await rights.loop.person(name).do(WORKSHEET, **(spread | given))


async def two_cases(rights: Rights) -> dict[str, Any]:
    """Sato opened two cases, one of them twice; Ines one of her own."""
    first, second = await rights.loop.accepted(), await rights.loop.accepted()
    for taken in (first, first, second):
        await rights.loop.reveal("sato", taken["id"], "L2")
    await rights.loop.reveal("ines", second["id"], "L3")
    return first


async def test_it_counts_by_account_level_and_basis(rights: Rights) -> None:
    await two_cases(rights)
    said = await worksheet(rights)
    assert said["cases"] == 2
    assert [
        (each["person"], each["level"], each["basis"], each["openings"], each["cases"])
        for each in said["lines"]
    ] == [
        ("Ines", "L3", "CASE_HOLDER", 1, 1),
        ("Sato", "L2", "CONSENT", 3, 2),
    ]
    assert not [secret for secret in SECRETS if secret in str(said)]


async def test_it_can_be_asked_of_one_organisation_or_referral_and_time(rights: Rights) -> None:
    first = await two_cases(rights)
    sato = rights.loop.organisations["sato"]
    assert [each["person"] for each in (await worksheet(rights, organisationId=sato))["lines"]] == ["Sato"]
    (line,) = (await worksheet(rights, referralId=first["id"]))["lines"]
    assert (line["openings"], line["cases"]) == (2, 1)
    later = (rights.loop.cities.stage.clock() + timedelta(minutes=30)).isoformat()
    assert (await worksheet(rights, since=later))["lines"] == []


async def test_the_checklist_says_what_is_due_by_when_and_that_it_is_no_advice(rights: Rights) -> None:
    await two_cases(rights)
    points = {each["point"]: each for each in (await worksheet(rights))["checklist"]}
    assert "法的助言ではありません" in points["NOT_LEGAL_ADVICE"]["ja"]
    assert (points["SENSITIVE"]["applies"], points["MANY_PERSONS"]["applies"]) == (True, False)
    assert points["PRELIMINARY_REPORT"]["dueOn"] == "2026-04-04"
    assert points["FULL_REPORT"]["dueOn"] == "2026-05-01"
    intent = {each["point"]: each for each in (await worksheet(rights, malicious=True))["checklist"]}
    assert intent["FULL_REPORT"]["dueOn"] == "2026-05-31"


async def test_where_nothing_was_opened_nothing_is_due(rights: Rights) -> None:
    points = {each["point"]: each for each in (await worksheet(rights))["checklist"]}
    assert (points["PRELIMINARY_REPORT"]["applies"], points["PRELIMINARY_REPORT"]["dueOn"]) == (False, None)


@pytest.mark.parametrize("name", ["ines", "sato", "hana", "kato", "ueda"])
async def test_nobody_but_the_coordinator_makes_one(rights: Rights, name: str) -> None:
    assert (await worksheet(rights, name))["__typename"] == "NotAllowed"


async def test_the_other_citys_coordinator_counts_their_own(rights: Rights) -> None:
    await two_cases(rights)
    assert (await worksheet(rights, "oda"))["cases"] == 0


async def test_that_one_was_made_is_in_the_chain_and_an_empty_time_is_refused(rights: Rights) -> None:
    await worksheet(rights)
    assert len(await rights.audited("breach_worksheet")) == 1
    now = rights.loop.cities.stage.clock().isoformat()
    assert (await worksheet(rights, since=now, until=now))["__typename"] == "InvalidInput"
    assert (await worksheet(rights, since="2026-04-01T00:00:00"))["__typename"] == "InvalidInput"


@pytest.mark.parametrize(
    "given",
    [
        {"since": "0001-01-01T00:00:00+09:00"},
        {"until": "9999-12-31T23:59:59-09:00"},
        {"discoveredOn": "9999-12-31"},
    ],
)
async def test_the_ends_of_the_calendar_are_no_times_of_a_leak(rights: Rights, given: dict[str, str]) -> None:
    assert (await worksheet(rights, **given))["__typename"] == "InvalidInput"
