"""The proof of an erasure: a backup from before, the live keys, and still nobody reads it.

And the plaintext, searched for in every table, the write-ahead log, the backup, the log and the exports.
"""

import uuid
from pathlib import Path

import pytest

from libs.persistence.connections import Connection, connect
from libs.persistence.sealing.cipher import Unreadable, decrypt
from libs.persistence.sealing.key_store import FolderKeyStore, KeyErased
from libs.persistence.sealing.master_files import MasterFiles
from libs.persistence.sealing.vault import KEYS_FOLDER, Place, Vault, case_place
from tests.referrals import documents as said
from tests.referrals.conftest import SECRETS
from tests.referrals.test_secrets import TEXTS, everything, full_life
from tests.rights.backups import dumped, kept_log, restored, written_since
from tests.rights.conftest import Rights, number
from tests.stage import server
from tests.stage.log_watch import own_lines
from tests.stage.tokens import key_folder

SEALED = "SELECT of_table, of_column, of_row, ciphertext FROM tsunagari.sealed_text WHERE case_id = $1"


async def case_of(rights: Rights, referral: str) -> uuid.UUID:
    async with rights.loop.cities.stage.sql() as sql:
        return await sql.fetchval("SELECT case_id FROM tsunagari.referral WHERE id = $1", number(referral))


async def sealed(sql: Connection, case: uuid.UUID) -> dict[Place, bytes]:
    return {
        Place(row["of_table"], row["of_column"], row["of_row"]): row["ciphertext"]
        for row in await sql.fetch(SEALED, case)
    }


async def opened(tenant: uuid.UUID, case: uuid.UUID, texts: dict[Place, bytes]) -> set[str]:
    sealer = await Vault.in_folder(key_folder()).sealer(tenant, case)
    return {sealer.open(place, text) for place, text in texts.items()}


async def test_a_backup_from_before_opens_nothing_with_all_the_keys_that_live(rights: Rights) -> None:
    """The database as it was, the tenant's key, the master key, the key store as it is: no way."""
    tenant, referral = await rights.tenant(), await full_life(rights.loop)
    kept, name = await rights.loop.case(), rights.loop.cities.stage.name
    case = await case_of(rights, referral)
    async with dumped(name) as dump:
        await rights.confirmed(f"case_{case}")
        assert await rights.due() == ["case.erase_key"]
        assert not [secret for secret in (*SECRETS, *TEXTS) if secret.encode() in dump.read_bytes()]
        async with restored(dump) as backup:
            sql = await connect(server.url_of(backup))
            texts = await sealed(sql, case)
            assert len(texts) > len(SECRETS), "the backup holds what was sealed"
            with pytest.raises(KeyErased):
                await opened(tenant, case, texts)
            await _every_key_fails(tenant, texts)
            assert await opened(tenant, number(kept), await sealed(sql, number(kept))) >= set(SECRETS)
            await sql.close()


async def test_the_same_backup_opens_where_nothing_was_erased(rights: Rights) -> None:
    """The control: what the proof finds closed is closed by the erasure alone."""
    tenant, referral = await rights.tenant(), await full_life(rights.loop)
    case = await case_of(rights, referral)
    async with dumped(rights.loop.cities.stage.name) as dump, restored(dump) as backup:
        sql = await connect(server.url_of(backup))
        assert await opened(tenant, case, await sealed(sql, case)) >= {*SECRETS, *TEXTS}
        await sql.close()


async def _every_key_fails(tenant: uuid.UUID, texts: dict[Place, bytes]) -> None:
    """By hand, past the vault: with each key that there is."""
    folder = key_folder()
    store, master = FolderKeyStore(folder / KEYS_FOLDER), MasterFiles(folder)
    vault = Vault(master, store)
    tenant_key = vault.tenant_key(tenant)
    cases = [
        decrypt(tenant_key, store.get(tenant, str(case)), case_place(tenant, case))
        for case in store.cases(tenant)
    ]
    keys = [tenant_key, *cases]
    assert len(keys) > 1
    for place, text in texts.items():
        named = ("text", str(tenant), place.table, place.column, str(place.row))
        for key in keys:
            with pytest.raises(Unreadable):
                decrypt(key, text, named)


async def a_life_of(rights: Rights, mark: str) -> tuple[str, list[str]]:
    """A case told, disclosed, opened and reported on, each text with the mark; its id, and the texts."""
    told = {
        "narrative": f"だれとも話さない {mark}",
        "personName": f"田中 {mark}",
        "address": f"生駒市東新町 {mark}",
        "contact": f"内線 {mark}",
        "safetyNotes": f"長男に注意 {mark}",
    }
    loop, outcome = rights.loop, f"月二回に減らす {mark}"
    case = await loop.case(**told)
    sent = await loop.sent(case, "sato", (await loop.consent(case, "sato"))["id"])
    taken = await loop.step("sato", said.ACCEPT, id=sent["id"], version=sent["version"])
    purpose = f"連絡の準備 {mark}"
    opened_text = (await loop.reveal("sato", taken["id"], "L2", text=purpose))["narrative"]
    assert opened_text == told["narrative"]
    await loop.step("sato", said.REPORT, id=taken["id"], version=taken["version"], code="OTHER", text=outcome)
    return case, [*told.values(), outcome, purpose]


async def test_the_plaintext_lies_nowhere(rights: Rights, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither while the case lived nor after: tables, write-ahead log, log. No other run has the mark."""
    before, mark = len(own_lines()), uuid.uuid4().hex[:12]
    async with rights.loop.cities.stage.sql() as sql, kept_log(sql) as began:
        case, texts = await a_life_of(rights, mark)
        await rights.confirmed(case)
        assert "case.erase_key" in await rights.due()
        tables, wal = await everything(sql), await written_since(sql, began)
    captured = capsys.readouterr()
    written = "\n".join([*own_lines()[before:], captured.out, captured.err, *tables.values()])
    assert not [text for text in (*texts, mark) if text in written]
    assert not [text for text in (*texts, mark) if text.encode() in wal]


async def test_the_search_of_the_write_ahead_log_would_find_a_text(rights: Rights) -> None:
    """The harness with its fault planted: asks lie open, and are found (one may be cut by a page's head)."""
    async with rights.loop.cities.stage.sql() as sql, kept_log(sql) as began:
        case = await rights.loop.case()
        asks = [f"話し相手をさがしています。第{number}回 {uuid.uuid4().hex[:6]}" for number in "一二三"]
        for ask in asks:
            await rights.loop.draft(case, ask)
        wal = await written_since(sql, began)
    assert sum(ask.encode() in wal for ask in asks) >= 2


async def test_the_stores_folder_has_the_mark_and_not_the_key(rights: Rights) -> None:
    case, tenant = await rights.loop.case(), await rights.tenant()
    folder = key_folder() / KEYS_FOLDER / str(tenant)
    wrapped = (folder / f"{number(case)}.key").read_bytes()
    await rights.confirmed(case)
    await rights.due()
    assert (folder / f"{number(case)}.erased").exists()
    assert not [path for path in _files(folder) if wrapped in path.read_bytes()]


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
