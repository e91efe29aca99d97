"""What is written of a person lies nowhere but sealed, and is gone with the case's key."""

import uuid

import pytest

from libs.persistence.sealing.vault import Vault
from services.platform.referrals.actions.packages import package_hash
from tests.referrals import documents as said
from tests.referrals.conftest import ASK, NARRATIVE, SECRETS, Loop
from tests.stage.log_watch import own_lines
from tests.stage.tables import everything
from tests.stage.tokens import key_folder

TEXTS = ("担当が休職中のため", "訪問は月二回に減らす")


async def full_life(loop: Loop) -> str:
    """A referral with every kind of text, in every table that could hold one; its id."""
    taken = await loop.accepted()
    for level in ("L2", "L3", "L4"):
        await loop.reveal("sato", taken["id"], level, text="面談の準備")
    await loop.step(
        "sato", said.REPORT, id=taken["id"], version=taken["version"], code="OTHER", text=TEXTS[1]
    )
    case = taken["case"]
    sent = await loop.sent(case, "hana", (await loop.consent(case, "hana"))["id"])
    declined = {"declinedBy": "PROVIDER", "code": "OTHER", "text": TEXTS[0]}
    await loop.step("hana", said.DECLINE, id=sent["id"], version=sent["version"], **declined)
    return taken["id"]


async def test_no_secret_lies_open_in_any_table(loop: Loop) -> None:
    await full_life(loop)
    async with loop.cities.stage.sql() as sql:
        tables = await everything(sql)
    assert ASK in tables["referral"], "the search finds what is there"
    found = [
        (table, secret) for table, text in tables.items() for secret in (*SECRETS, *TEXTS) if secret in text
    ]
    assert found == []
    assert len(tables) > 20


async def test_the_search_would_find_a_text_kept_as_plain_bytes(loop: Loop) -> None:
    """The harness with its fault planted."""
    await loop.case()
    async with loop.cities.stage.sql() as sql:
        await sql.execute("UPDATE tsunagari.sealed_text SET ciphertext = $1", NARRATIVE.encode())
        assert NARRATIVE in (await everything(sql))["sealed_text"]


async def test_no_secret_is_logged(loop: Loop, capsys: pytest.CaptureFixture[str]) -> None:
    before = len(own_lines())
    await full_life(loop)
    written = own_lines()[before:]
    out, err = capsys.readouterr()
    assert sum('"event":"request"' in line for line in written) > 10, "the log is caught"
    said = "\n".join([*written, out, err])
    assert not [secret for secret in (*SECRETS, *TEXTS, ASK) if secret in said]


async def test_with_the_cases_key_goes_everything_said_of_the_person(loop: Loop) -> None:
    referral = await full_life(loop)
    assert (await loop.reveal("sato", referral, "L2"))["narrative"] == NARRATIVE
    async with loop.cities.stage.sql() as sql:
        row = await sql.fetchrow(
            "SELECT tenant_id, case_id FROM tsunagari.referral WHERE id = $1",
            referral.removeprefix("referral_"),
        )
    assert row is not None
    await Vault.in_folder(key_folder()).erase(row["tenant_id"], row["case_id"])
    for name, level in (("sato", "L2"), ("sato", "L3"), ("ines", "L4"), ("ines", "TEXTS")):
        gone = await loop.reveal(name, referral, level)
        assert (gone["__typename"], gone["state"]) == ("WrongState", "erased")
        assert gone["ja"]
    opened = await loop.person("ines").do(
        said.REVEAL_CASE, id=f"case_{row['case_id']}", level="L2", purpose={"code": "REVIEW"}
    )
    assert (opened["__typename"], opened["state"]) == ("WrongState", "erased")
    assert (await loop.read("ines", referral) or {})["state"] == "REPORTED"


async def test_a_ciphertext_moved_to_another_row_opens_nothing(loop: Loop) -> None:
    """Somebody with the database alone cannot show one case's text under another's name."""
    mine, other = await loop.case(), await loop.case()
    async with loop.cities.stage.sql() as sql:
        await sql.execute(
            """UPDATE tsunagari.sealed_text t SET ciphertext = s.ciphertext FROM tsunagari.sealed_text s
               WHERE t.of_row = $1 AND s.of_row = $2 AND t.of_column = s.of_column""",
            uuid.UUID(mine.removeprefix("case_")),
            uuid.UUID(other.removeprefix("case_")),
        )
    said_back = await loop.person("ines").ask(
        said.REVEAL_CASE, input={"id": mine, "level": "L2", "purpose": {"code": "REVIEW"}}
    )
    assert said_back.errors
    assert NARRATIVE not in str(said_back.body)


async def test_the_packages_hash_is_over_what_was_frozen(loop: Loop) -> None:
    taken = await loop.accepted()
    async with loop.cities.stage.sql() as sql:
        rows = await sql.fetch(
            """SELECT d.package_hash, s.of_column, s.ciphertext FROM tsunagari.disclosure d
               JOIN tsunagari.sealed_text s ON s.of_row = d.id WHERE d.referral_id = $1""",
            uuid.UUID(taken["id"].removeprefix("referral_")),
        )
    package = {row["of_column"]: row["ciphertext"] for row in rows}
    assert {row["package_hash"] for row in rows} == {package_hash(package)}
    package["narrative"] += b"\0"
    assert {row["package_hash"] for row in rows} != {package_hash(package)}


async def test_no_log_no_answer(loop: Loop) -> None:
    taken = await loop.accepted()
    async with loop.cities.stage.sql() as sql:
        await sql.execute("REVOKE INSERT ON tsunagari.access_entry FROM tsunagari_app")
        silent = await loop.person("sato").ask(
            said.REVEAL, input={"id": taken["id"], "level": "L2", "purpose": {"code": "SUPPORT"}}
        )
        assert silent.errors
        assert NARRATIVE not in str(silent.body)
        await sql.execute("GRANT INSERT ON tsunagari.access_entry TO tsunagari_app")
    assert (await loop.reveal("sato", taken["id"], "L2"))["narrative"] == NARRATIVE
