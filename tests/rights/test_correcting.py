"""What was wrong is put right, and whoever was told it learns that it was corrected, not what it says now."""

from tests.referrals.conftest import CONTACT
from tests.rights.conftest import CORRECT, CORRECTIONS, Rights

NEW = "0743-74-2222"


async def corrected(rights: Rights, case: str, reason: str = "PERSON_ASKED", **person: str) -> str:
    version = (await rights.case(case) or {})["version"]
    said = await rights.loop.person("ines").do(
        CORRECT, id=case, version=version, reason=reason, person=person
    )
    return said["__typename"]


async def told(rights: Rights, name: str, referral: str) -> list[dict[str, object]] | None:
    found = (await rights.loop.person(name).ask(CORRECTIONS, id=referral)).data["referral"]
    return found and found["corrections"]


async def test_the_recipient_learns_which_item_was_corrected_and_why(rights: Rights) -> None:
    taken = await rights.loop.accepted()
    assert await corrected(rights, taken["case"], contact=NEW, narrative="別の経緯") == "CasePayload"
    (notice,) = await told(rights, "sato", taken["id"]) or []
    assert (notice["items"], notice["reason"]) == (["CONTACT", "NARRATIVE"], "PERSON_ASKED")
    assert NEW not in str(notice)
    inbox = (
        await rights.loop.person("sato").ask("query { inbox { notices { nodes { kind about } } } }")
    ).data
    told_of = [
        each["about"] for each in inbox["inbox"]["notices"]["nodes"] if each["kind"] == "CORRECTION_TOLD"
    ]
    assert told_of == [taken["id"]]


async def test_the_package_stays_frozen_and_the_case_has_the_new_text(rights: Rights) -> None:
    taken = await rights.loop.accepted()
    await corrected(rights, taken["case"], contact=NEW)
    assert (await rights.loop.reveal("sato", taken["id"], "L3"))["contact"] == CONTACT
    assert (await rights.loop.reveal("ines", taken["id"], "L3"))["contact"] == NEW


async def test_who_was_not_told_the_item_is_not_told_of_its_correction(rights: Rights) -> None:
    taken = await rights.loop.accepted(items=["NARRATIVE"])
    await corrected(rights, taken["case"], contact=NEW)
    assert await told(rights, "sato", taken["id"]) == []
    await corrected(rights, taken["case"], narrative="別の経緯", contact=NEW)
    (notice,) = await told(rights, "sato", taken["id"]) or []
    assert notice["items"] == ["NARRATIVE"]


async def test_neither_the_coordinator_nor_a_stranger_is_told(rights: Rights) -> None:
    taken = await rights.loop.accepted()
    await corrected(rights, taken["case"], contact=NEW)
    assert await told(rights, "mori", taken["id"]) == []
    assert await told(rights, "hana", taken["id"]) is None


async def test_a_correction_of_nothing_and_one_by_the_recipient_are_refused(rights: Rights) -> None:
    taken = await rights.loop.accepted()
    assert await corrected(rights, taken["case"]) == "InvalidInput"
    said = await rights.loop.person("sato").do(
        CORRECT, id=taken["case"], version=1, reason="CHANGED", person={"contact": NEW}
    )
    assert said["__typename"] == "NotFound"
    assert await rights.audited("tell_correction") == []
