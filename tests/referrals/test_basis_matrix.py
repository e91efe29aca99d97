"""Basis x kind x level x state, through `revealReferral`, with `viewerCan` saying the same of each."""

from typing import Any

import pytest

from tests.referrals import documents as said
from tests.referrals.bases import asked_for, in_danger, on_a_sitting, on_the_council, opened_to
from tests.referrals.conftest import MINE, SET_ROLES, Loop
from tests.stage.cities import ALL_ROLES

OPENED = {
    # basis, kind: levels open at sent, accepted, reported, closed
    ("consent", "npo"): ("L2", "L2 L3 L4", "L2 L3 L4", "L2 L3 L4"),
    ("consent", "government"): ("L2", "L2 L3 L4", "L2 L3 L4", "L2 L3 L4"),
    ("consent", "company"): ("L2", "L2 L3", "L2 L3", "L2 L3"),
    ("council", "npo"): ("L2", "L2 L3 L4", "L2 L3 L4", "L2 L3 L4"),
    ("council", "government"): ("L2", "L2 L3 L4", "L2 L3 L4", "L2 L3 L4"),
    ("sitting", "npo"): ("L2 L3", "L2 L3", "L2 L3", "L2 L3"),
    ("sitting", "government"): ("L2 L3", "L2 L3", "L2 L3", "L2 L3"),
    ("vital", "government"): ("L2 L3", "L2 L3", "L2 L3", "L2 L3"),
}
WHO = {"npo": "sato", "government": "hana", "company": "kato"}
ABSENT = "01890000-0000-7000-8000-000000000000"
STATES = ("SENT", "ACCEPTED", "REPORTED", "CLOSED")


async def sent_on(loop: Loop, basis: str, kind: str) -> tuple[dict[str, str], str, str]:
    """The referral, who received it and who sent it."""
    name = WHO[kind]
    if basis == "consent":
        case = await loop.case()
        return await loop.sent(case, name, (await loop.consent(case, name))["id"]), name, "ines"
    if basis == "council":
        return await on_the_council(loop, name), name, "ines"
    if basis == "sitting":
        return await on_a_sitting(loop, name), name, "ines"
    return await in_danger(loop), "mori", "hana"


@pytest.mark.parametrize(("basis", "kind"), OPENED)
async def test_each_level_opens_in_the_states_of_its_basis(loop: Loop, basis: str, kind: str) -> None:
    referral, name, sender = await sent_on(loop, basis, kind)
    if name == "mori":
        await roles_for_mori(loop)
    for state, levels in zip(STATES, OPENED[basis, kind], strict=True):
        at = {"id": referral["id"], "version": referral["version"]}
        if state == "ACCEPTED":
            referral = await loop.step(name, said.ACCEPT, **at)
        elif state == "REPORTED":
            referral = await loop.step(name, said.REPORT, **at, code="GOT_HELP")
        elif state == "CLOSED":
            referral = await loop.step(sender, said.CONFIRM, **at)
        seen = await opened_to(loop, name, referral["id"])
        assert " ".join(level for level in seen if seen[level] == "open") == levels, (state, seen)
    loop.cities.stage.clock.move(hours=1)
    days = 31 if basis != "vital" else 2
    loop.cities.stage.clock.move(days=days)
    assert set((await opened_to(loop, name, referral["id"])).values()) == {"shut"}


@pytest.mark.parametrize(("basis", "kind"), OPENED)
async def test_a_decline_closes_every_basis_at_once(loop: Loop, basis: str, kind: str) -> None:
    referral, name, _ = await sent_on(loop, basis, kind)
    if name == "mori":
        await roles_for_mori(loop)
    at = {"id": referral["id"], "version": referral["version"]}
    await loop.step(name, said.DECLINE, **at, declinedBy="PROVIDER", code="NO_CAPACITY")
    assert set((await opened_to(loop, name, referral["id"])).values()) == {"shut"}


async def test_exactly_one_basis_is_given(loop: Loop) -> None:
    asked = await asked_for(loop, "sato", "CONSENT")
    at = {"id": asked["id"], "version": asked["version"]}
    several: dict[str, Any] = {
        "consentId": f"consent_{ABSENT}",
        "supportMeeting": {"sittingId": f"sitting_{ABSENT}"},
    }
    for given in ({}, several):
        refused = await loop.person("ines").do(said.SEND, **at, **given)
        assert (refused["__typename"], refused["detail"]) == ("InvalidInput", "ONE_BASIS")
        assert refused["ja"]
    draft = await loop.draft(await loop.case())
    none = await loop.person("ines").do(
        said.REQUEST_BASIS,
        id=draft["id"],
        version=draft["version"],
        recipientId=loop.organisations["sato"],
        basis="NONE_DEIDENTIFIED",
    )
    assert (none["__typename"], none["field"]) == ("InvalidInput", "basis")


async def roles_for_mori(loop: Loop) -> None:
    mine = (await loop.person("mori").ask(MINE)).data
    answer = await loop.person("mori").do(
        SET_ROLES, organisationId=mine["myOrganisation"]["id"], personId=mine["me"]["id"], roles=ALL_ROLES
    )
    assert "Error" not in answer["__typename"], answer
