"""Who opened what, printed for a request for disclosure: whole for the parties, codes for the coordinator."""

import csv
import io
import json

import pytest

from libs.persistence.audit import CHAIN, HEAD, first_break
from libs.persistence.database import Context
from services.platform.rights.actions.spreadsheets import csv_text
from tests.rights.conftest import EXPORT_LOG, Rights

PURPOSE = "訪問の準備"


async def opened(rights: Rights) -> dict[str, str]:
    """Sato opened two levels of the referral, Ines one of the case."""
    taken = await rights.loop.accepted()
    for level in ("L2", "L3"):
        await rights.loop.reveal("sato", taken["id"], level, text=PURPOSE)
    await rights.loop.person("ines").do(
        """mutation ($input: RevealCaseInput!) { revealCase(input: $input) { __typename } }""",
        id=taken["case"],
        level="L2",
        purpose={"code": "REVIEW", "text": "点検"},
    )
    return taken


async def test_the_holder_reads_the_log_of_the_case_with_that_of_its_referrals(rights: Rights) -> None:
    taken = await opened(rights)
    log = (await rights.case(taken["case"]) or {})["accessLog"]
    assert [(each["person"]["name"], each["level"]) for each in log] == [
        ("Ines", "L2"),
        ("Sato", "L3"),
        ("Sato", "L2"),
    ]


async def test_the_holder_prints_the_log_of_the_case(rights: Rights) -> None:
    taken = await opened(rights)
    said = await rights.loop.person("ines").do(EXPORT_LOG, of=taken["case"], form="CSV")
    rows = list(csv.DictReader(io.StringIO(said["document"].removeprefix("\ufeff"))))
    assert said["entries"] == len(rows) == 3
    assert [(row["person"], row["level"], row["basis"], row["purpose"]) for row in rows] == [
        ("Sato", "L2", "consent", PURPOSE),
        ("Sato", "L3", "consent", PURPOSE),
        ("Ines", "L2", "case_holder", "点検"),
    ]
    assert rows[0]["at"].endswith("+00:00")


async def test_the_recipient_prints_the_log_of_the_referral_alone(rights: Rights) -> None:
    taken = await opened(rights)
    said = await rights.loop.person("sato").do(EXPORT_LOG, of=taken["id"], form="JSON")
    assert [row["person"] for row in json.loads(said["document"])] == ["Sato", "Sato"]
    refused = await rights.loop.person("sato").do(EXPORT_LOG, of=taken["case"], form="JSON")
    assert refused["__typename"] == "NotFound"


async def test_the_coordinators_log_is_codes_alone(rights: Rights) -> None:
    taken = await opened(rights)
    said = await rights.loop.person("mori").do(EXPORT_LOG, of=taken["id"], form="JSON")
    rows = json.loads(said["document"])
    assert [row["purpose_code"] for row in rows] == ["support", "support"]
    assert {row["purpose"] for row in rows} == {None}
    assert PURPOSE not in said["document"]


@pytest.mark.parametrize("name", ["hana", "kato", "ueda"])
async def test_nobody_else_prints_it(rights: Rights, name: str) -> None:
    taken = await opened(rights)
    for of in (taken["id"], taken["case"], "referral_01890000-0000-7000-8000-000000000000"):
        said = await rights.loop.person(name).do(EXPORT_LOG, of=of, form="CSV")
        assert said["__typename"] == "NotFound"


async def test_what_it_was_opened_for_goes_with_the_person(rights: Rights) -> None:
    """Who opened what, when and on which basis stays, and the chain that says so still holds."""
    taken = await opened(rights)
    await rights.confirmed(taken["case"])
    await rights.due()
    said = await rights.loop.person("ines").do(EXPORT_LOG, of=taken["case"], form="JSON")
    rows = json.loads(said["document"])
    assert [(row["person"], row["level"], row["purpose_code"], row["purpose"]) for row in rows] == [
        ("Sato", "L2", "support", None),
        ("Sato", "L3", "support", None),
        ("Ines", "L2", "review", None),
    ]
    tenant = await rights.tenant()
    async with rights.loop.cities.stage.database() as database:
        opening = Context(tenant)
        async with database.reading(opening) as connection:
            entries = await connection.fetch(CHAIN.sql, *CHAIN.arguments({"viewer_tenant": tenant}))
            head = await connection.fetchrow(HEAD.sql, *HEAD.arguments({"viewer_tenant": tenant}))
    assert first_break(entries, head) is None


async def test_who_printed_it_is_in_the_chain(rights: Rights) -> None:
    taken = await opened(rights)
    await rights.loop.person("sato").do(EXPORT_LOG, of=taken["id"], form="CSV")
    (entry,) = await rights.audited("export_access_log")
    assert entry["object_type"] == "referral"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@sum", "\t=1", "\r=1", "\n=1", "＝1"])
def test_no_cell_is_a_formula(text: str) -> None:
    (row,) = list(csv.reader(io.StringIO(csv_text(["of"], [[text]]))))[1:]
    assert row == [f"'{text}"]


def test_other_cells_stay_as_they_are() -> None:
    written = csv_text(["a", "b"], [['say "あ", b', None]])
    assert list(csv.reader(io.StringIO(written)))[1] == ['say "あ", b', ""]
    assert written.startswith("\ufeff")
