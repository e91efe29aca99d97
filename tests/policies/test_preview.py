"""Before Mori publishes she reads what it would change: for whom, which fields, how many rows; no value."""

from typing import Any

import pytest

from services.platform.policies.actions import previewing
from tests.policies import documents as said
from tests.policies.conftest import SUMMARY, Office
from tests.policies.test_publishing import CONTACT
from tests.referrals.conftest import ASK, SECRETS, Loop

Found = dict[str, dict[str, tuple[int | None, int | None]]]


async def previewed(office: Office) -> dict[str, Any]:
    result = await office.tries(said.PREVIEW)
    assert result["__typename"] == "PolicyPreviewPayload", result
    return result


def by_organisation(preview: dict[str, Any]) -> Found:
    found: Found = {}
    for each in preview["effects"]:
        cells = found.setdefault(each["organisationName"] or each["kind"], {})
        cells[f"{each['name']}.{each['act']}"] = (each["gainedRows"], each["lostRows"])
    return found


async def test_the_preview_says_who_loses_which_fields_of_how_many_rows(board: Loop, office: Office) -> None:
    await board.card(await board.case(), ask="もう一枚のカード")
    await office.drafts(said.TIGHTEN, line=SUMMARY)
    preview = await previewed(office)
    assert preview["complete"]
    assert by_organisation(preview) == {"まちの電器株式会社": {"referral.summary.read": (0, 2)}}
    (effect,) = preview["effects"]
    assert (effect["organisationId"], effect["kind"]) == (board.organisations["kato"], "company")
    assert effect["fields"] == ["urgency", "post_until"]
    assert not [text for text in (ASK, "もう一枚", "NORMAL", *SECRETS) if text in str(preview)]


async def test_what_the_preview_counts_is_what_publishing_does(board: Loop, office: Office) -> None:
    board_of_kato = "query ($id: ID!) { board(workingGroupId: $id) { totalCount } }"
    line = SUMMARY | {"object": "referral.handle"}
    await office.drafts(said.TIGHTEN, line=line)
    (cells,) = by_organisation(await previewed(office)).values()
    assert cells["referral.handle.read"] == cells["referral.ask.read"] == (0, 1)
    assert cells["referral.summary.read"] == (0, 1), "who loses the row loses every field of it that he had"
    assert "referral.need.read" not in cells
    assert (await board.person("kato").ask(board_of_kato, id=board.group)).data["board"]["totalCount"] == 1
    await office.publishes()
    assert (await board.person("kato").ask(board_of_kato, id=board.group)).data["board"]["totalCount"] == 0
    await office.drafts(said.TAKE_BACK, line=line)
    (cells,) = by_organisation(await previewed(office)).values()
    assert cells["referral.handle.read"] == (1, 0)


async def test_what_is_gained_shows_too_and_actions_as_fields(board: Loop, office: Office) -> None:
    async with board.cities.stage.sql() as sql:
        await sql.execute("DELETE FROM tsunagari.seat WHERE organisation_id IN "
                          "(SELECT id FROM tsunagari.organisation WHERE kind = 'company')")  # fmt: skip
    await office.drafts(said.WIDEN, line=CONTACT)
    offer = {
        "kind": "npo",
        "role": "desk",
        "object": "referral",
        "act": "offer_help",
        "relation": "group+posted",
    }
    await office.drafts(said.TIGHTEN, line=offer)
    found = by_organisation(await previewed(office))
    # every member but the company itself, whose own contact it reads already
    assert found["まちの電器株式会社"]["organisation.work_contact.read"][1] == 0
    assert (found["まちの電器株式会社"]["organisation.work_contact.read"][0] or 0) >= 3
    assert found["こども食堂ひだまり"] == {"referral.offer_help": (0, 1)}


async def test_a_preview_is_bounded_in_time(
    board: Loop, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.drafts(said.TIGHTEN, line=SUMMARY)
    monkeypatch.setattr(previewing, "SECONDS", 0.0)
    preview = await previewed(office)
    assert not preview["complete"]
    assert by_organisation(preview) == {"まちの電器株式会社": {"referral.summary.read": (None, None)}}


async def test_a_statement_that_takes_too_long_is_cut_off(
    board: Loop, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.drafts(said.TIGHTEN, line=SUMMARY)
    monkeypatch.setattr(previewing, "SECONDS", 0.2)
    async with board.cities.stage.sql() as holder:
        await holder.execute("BEGIN")
        await holder.execute("LOCK TABLE tsunagari.referral IN ACCESS EXCLUSIVE MODE")
        assert not (await previewed(office))["complete"]
        await holder.execute("ROLLBACK")
    monkeypatch.setattr(previewing, "SECONDS", 60.0)
    assert (await previewed(office))["complete"]


async def test_nobody_else_previews_and_a_preview_is_logged(board: Loop, office: Office) -> None:
    await office.drafts(said.TIGHTEN, line=SUMMARY)
    version = await office.version()
    for name in ("ines", "hana", "kato", "ueda", "stranger"):
        refused = await board.person(name).do(said.PREVIEW, version=version)
        assert refused["__typename"] == "NotFound"
    assert (await office.tries(said.PREVIEW, version=version - 1))["__typename"] == "StaleVersion"
    await previewed(office)
    async with board.cities.stage.sql() as sql:
        logged = await sql.fetchval(
            "SELECT count(*) FROM tsunagari.audit_entry WHERE action = 'preview_policy'"
        )
    assert logged == 1
