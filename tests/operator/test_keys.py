"""`tsunagari keys`: every command by its exit code and its JSON, on a store of its own and real records."""

import json
import shutil
import uuid
from pathlib import Path
from typing import Any

import pytest

from libs.persistence.actor import SYSTEM
from libs.persistence.sealing.key_store import FolderKeyStore
from libs.persistence.sealing.vault import KEYS_FOLDER, Vault
from services.platform.events.models.keys import PARTICIPANTS_ERASED
from services.platform.rights.models.keys import KEY_ERASED
from tests.cells.rows import Rows
from tests.operator.test_commands import refused, run, settings
from tests.stage.founded import Founded, founded


class Kept:
    """Cases of 奈良 in the database, and their keys in a folder."""

    def __init__(self, stage: Founded, folder: Path, tenant: uuid.UUID, cases: list[uuid.UUID]) -> None:
        self.stage, self.folder, self.tenant, self.cases = stage, folder, tenant, cases
        self.vault = Vault.in_folder(folder)

    def keys(self, *words: str, **more: str) -> Any:
        return run("keys", *words, **settings(self.stage), TSUNAGARI_KEY_FOLDER=str(self.folder), **more)

    def run(self, *words: str) -> Any:
        return run(*words, **settings(self.stage), TSUNAGARI_KEY_FOLDER=str(self.folder))

    def said(self, *words: str) -> tuple[int, list[dict[str, Any]]]:
        done = self.keys(*words, "--json")
        assert done.stdout, done.stderr
        return done.returncode, json.loads(done.stdout)

    async def erase(self, case: uuid.UUID) -> None:
        """As the worker does: the key, and the record of it."""
        await self.vault.erase(self.tenant, case)
        async with self.stage.app.work(self.tenant, SYSTEM) as work:
            work.record(KEY_ERASED, "case", case)
        await self.stage.admin.execute("UPDATE tsunagari.case_file SET state = 'erased' WHERE id = $1", case)


@pytest.fixture
async def kept(tmp_path: Path) -> Any:
    async with founded() as stage:
        tenant = await stage.found("nara", "292010")
        vault, rows = Vault.in_folder(tmp_path), Rows(stage.admin, tenant)
        cases = [await rows.add("case_file", number=f"N{each}", state="open") for each in range(3)]
        for case in cases:
            await vault.create(tenant, case)
        yield Kept(stage, tmp_path, tenant, cases)


async def test_a_master_key_is_rotated_rewrapped_and_the_earlier_one_dropped(kept: Kept) -> None:
    assert kept.said("rotate-master") == (0, [{"master_key": 2}])
    refused(kept.keys("drop-master"), "WRONG_STATE")
    code, rows = kept.said("rewrap", "--tenant-keys")
    assert (code, rows) == (0, [{"tenant": str(kept.tenant), "cases_rewrapped": 3}])
    assert kept.said("drop-master") == (0, [{"dropped": 1}])
    assert kept.said("verify") == (0, [])


async def test_a_master_key_of_the_environment_is_not_the_commands_to_rotate(kept: Kept) -> None:
    refused(kept.keys("rotate-master", TSUNAGARI_MASTER_KEY="A" * 43 + "="), "INVALID_INPUT")


async def test_an_older_store_put_back_is_found_by_the_records_and_erased_again(kept: Kept) -> None:
    """The marks went with the store: the second place that remembers is the audit chain."""
    to = str(kept.folder.parent / f"backup-{uuid.uuid4().hex}")
    code, (made,) = kept.said("backup", "--to", to)
    assert code == 0
    await kept.erase(kept.cases[0])
    assert kept.said("verify") == (0, [])
    shutil.rmtree(kept.folder / KEYS_FOLDER)
    shutil.copytree(Path(to) / made["made"], kept.folder / KEYS_FOLDER)
    code, (found,) = kept.said("verify")
    assert (code, found["case"]) == (1, str(kept.cases[0]))
    assert kept.said("verify", "--erase-again")[0] == 0
    assert kept.said("verify") == (0, [])
    store = FolderKeyStore(kept.folder / KEYS_FOLDER)
    assert [store.has(kept.tenant, str(case)) for case in kept.cases] == [False, True, True]


async def test_the_keys_of_events_are_compared_with_the_records_too(kept: Kept) -> None:
    """Where somebody registered there is a key, until the participants are forgotten."""
    rows = Rows(kept.stage.admin, kept.tenant)
    ahead, over = [await rows.add("event", registrations=2) for _ in range(2)]
    await kept.stage.admin.execute(
        "UPDATE tsunagari.event SET registrations = 0 WHERE id <> ALL($1)", [ahead, over]
    )
    await kept.vault.create(kept.tenant, over)
    await kept.vault.erase(kept.tenant, over)
    async with kept.stage.app.work(kept.tenant, SYSTEM) as work:
        work.record(PARTICIPANTS_ERASED, "event", over)
    assert kept.said("verify") == (
        1,
        [{"tenant": "nara", "event": str(ahead), "finding": "missing"}],
    )
    await kept.vault.create(kept.tenant, ahead)
    assert kept.said("verify") == (0, [])
    key = kept.folder / KEYS_FOLDER / str(kept.tenant)
    shutil.copy(key / f"{ahead}.key", key / f"{over}.key")
    code, (found,) = kept.said("verify")
    assert (code, found["event"]) == (1, str(over))


async def test_the_next_backup_takes_an_erased_key_out_of_the_earlier_ones(kept: Kept) -> None:
    to = str(kept.folder.parent / f"backup-{uuid.uuid4().hex}")
    kept.said("backup", "--to", to)
    await kept.erase(kept.cases[0])
    assert kept.said("prune", "--to", to) == (0, [{"generations_dropped": 0, "erased_keys_dropped": 1}])
    refused(kept.keys("backup", "--to", to, "--days", "91"), "INVALID_INPUT")


async def test_a_missing_a_foreign_and_a_surplus_key_are_told_apart(kept: Kept) -> None:
    store = kept.folder / KEYS_FOLDER / str(kept.tenant)
    (store / f"{kept.cases[0]}.key").unlink()
    (store / f"{kept.cases[1]}.key").write_bytes((store / f"{kept.cases[2]}.key").read_bytes())
    await kept.vault.create(kept.tenant, uuid.uuid4())
    code, rows = kept.said("verify")
    assert code == 1
    assert {(row["case"], row["finding"]) for row in rows} == {
        (str(kept.cases[0]), "missing"),
        (str(kept.cases[1]), "does not open"),
    }


async def test_what_the_worker_has_still_to_erase_is_no_fault(kept: Kept) -> None:
    await kept.stage.admin.execute(
        "UPDATE tsunagari.case_file SET state = 'erased' WHERE id = $1", kept.cases[0]
    )
    code, (row,) = kept.said("verify")
    assert (code, row["finding"]) == (0, "to be erased by the worker")


async def test_an_erasure_that_the_worker_gave_up_is_found_and_done_again(kept: Kept) -> None:
    """Asked for and confirmed, the story must not stay readable because nobody looks at a table."""
    admin, case = kept.stage.admin, kept.cases[0]
    erasure = await Rows(admin, kept.tenant).add(
        "erasure", case_id=case, state="confirmed", reason="person_asked"
    )
    await admin.execute("UPDATE tsunagari.case_file SET state = 'erased' WHERE id = $1", case)
    await admin.execute(
        """INSERT INTO tsunagari.work_due (tenant_id, kind, key, due_at, attempts)
        VALUES ($1, 'case.erase_key', $2, now(), 9)""",
        kept.tenant,
        erasure,
    )
    assert kept.said("verify")[0] == 0
    assert kept.run("work", "list").returncode == 0
    await admin.execute(
        "UPDATE tsunagari.work_due SET failed_at = now(), attempts = 10 WHERE key = $1", erasure
    )
    code, (row,) = kept.said("verify")
    assert (code, row["tenant"], row["case"]) == (1, "nara", str(case))
    assert "work retry --kind case.erase_key" in row["finding"]
    examined = kept.run("doctor", "--json")
    (found,) = [each for each in json.loads(examined.stdout) if each["check"] == "due work"]
    assert (examined.returncode, found["ok"]) == (1, False)
    assert "1 case.erase_key" in found["said"]
    listed = kept.run("work", "list", "--json")
    (counted,) = json.loads(listed.stdout)
    assert (listed.returncode, counted["tenant"], counted["kind"], counted["count"]) == (
        1,
        "nara",
        "case.erase_key",
        1,
    )
    assert (
        json.loads(
            kept.run("work", "retry", "--kind", "case.erase_key", "--tenant", "ikoma", "--json").stdout
        )
        == []
    )
    again = kept.run("work", "retry", "--kind", "case.erase_key", "--json")
    assert json.loads(again.stdout) == [{"tenant": "nara", "kind": "case.erase_key", "count": 1}]
    assert kept.said("verify")[1][0]["finding"] == "to be erased by the worker"
    assert await admin.fetchval("SELECT attempts FROM tsunagari.work_due WHERE key = $1", erasure) == 0
    assert (
        await admin.fetchval("SELECT count(*) FROM tsunagari.audit_entry WHERE action = 'retry_due_work'")
        == 1
    )


async def test_no_master_key_is_dropped_while_keys_are_being_wrapped(kept: Kept) -> None:
    kept.said("rotate-master")
    kept.said("rewrap")
    store = FolderKeyStore(kept.folder / KEYS_FOLDER)
    with store.wrapping():
        refused(kept.keys("drop-master"), "WRONG_STATE")
    # a rewrap that was stopped between a tenant's two keys
    (kept.folder / KEYS_FOLDER / str(kept.tenant) / "tenant-before.key").write_bytes(b"by the first")
    refused(kept.keys("drop-master"), "WRONG_STATE")
    assert sorted(each.name for each in kept.folder.glob("master*")) == ["master.2.key", "master.key"]


async def test_without_a_folder_the_variable_is_named(kept: Kept) -> None:
    done = run("keys", "rewrap", **settings(kept.stage))
    refused(done, "INVALID_INPUT")
    assert "TSUNAGARI_KEY_FOLDER" in done.stderr
