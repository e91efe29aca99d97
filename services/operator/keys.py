"""`tsunagari keys`: the keys of cases wrapped anew, backed up within a bound, compared with the records."""

import asyncio
import os
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from libs.errors.problems import InvalidInput, WrongState
from libs.persistence.sealing.backups import KeyBackups
from libs.persistence.sealing.cipher import Unreadable
from libs.persistence.sealing.key_store import EARLIER_TENANT_KEY, TENANT_KEY, FolderKeyStore
from libs.persistence.sealing.master_files import MasterFiles
from libs.persistence.sealing.master_source import MasterSource
from libs.persistence.sealing.rotation import Rotation
from libs.persistence.sealing.vault import KEYS_FOLDER, Vault
from libs.serving.environment import Environment
from services.operator.key_checks import Checked, checked
from services.operator.output import show
from services.operator.progress import advancing
from services.platform.settings import PREFIX, master_source

app = App(name="keys", help="The keys of cases: rotate, rewrap, back up, prune, verify.")
Json = Annotated[bool, Parameter(name="--json", help="print JSON")]
To = Annotated[Path, Parameter(name="--to", help="folder of the key store's own backups")]
Days = Annotated[int, Parameter(help="the bound: no generation is kept for longer")]
MOST_DAYS = 90


@app.command
def rotate_master(*, json: Json = False) -> None:
    """Makes a new master key the current one; those before still open what they wrapped. Then: rewrap."""
    number = _master_files().rotate()
    show([{"master_key": number}], json=json, title="master key")


@app.command
def rewrap(
    *,
    tenant_keys: Annotated[
        bool, Parameter(help="new tenant keys too, and all cases' keys under them")
    ] = False,
    json: Json = False,
) -> None:
    """Wraps every tenant's key by the current master key. Stopped in the middle: run it again."""
    folder, source = _folder(), _source()
    store = FolderKeyStore(folder / KEYS_FOLDER)
    rotation, rows = Rotation(source.opened(folder), store), list[dict[str, object]]()
    # the whole of it, beside each wrapping: so that no earlier key is dropped before all is done
    with store.wrapping():
        for tenant_id in advancing(store.tenants(), "tenants"):
            rotation.rewrap(tenant_id)
            cases = sum(1 for _ in advancing(rotation.renew(tenant_id), "cases")) if tenant_keys else 0
            rows.append({"tenant": str(tenant_id), "cases_rewrapped": cases})
    show(rows, json=json, title="rewrapped")


@app.command
def drop_master(*, json: Json = False) -> None:
    """Destroys the master keys before the current one; refused while a tenant's key still needs one of them.

    Refused too while keys are being wrapped: what is on its way into the store could need one.
    Key backups made before the rewrap open with those alone: make one afterwards, before this.
    """
    files, store = _master_files(), FolderKeyStore(_folder() / KEYS_FOLDER)
    with store.dropping():
        vault = Vault(files.current, store)
        for tenant_id in advancing(store.tenants(), "tenants"):
            _check_not_needed(vault, store, tenant_id)
        dropped = files.drop_before()
    show([{"dropped": dropped}], json=json, title="master keys")


def _check_not_needed(vault: Vault, store: FolderKeyStore, tenant_id: uuid.UUID) -> None:
    """By either of the tenant's keys: one may be left of a rewrap that was stopped in the middle."""
    try:
        for name in (TENANT_KEY, EARLIER_TENANT_KEY):
            if store.has(tenant_id, name):
                vault.tenant_key(tenant_id, name)
    except Unreadable:
        raise WrongState(
            "in_use",
            "以前のマスターキーがまだ使われています。先に tsunagari keys rewrap を実行してください。",
            "An earlier master key is still in use. Run first: tsunagari keys rewrap",
        ) from None


@app.command
def backup(*, to: To, days: Days = 30, json: Json = False) -> None:
    """Makes a generation and prunes the others. Run it daily, apart from the database's backups."""
    backups = _backups(to, days)
    made = backups.make(datetime.now(UTC))
    pruned = backups.prune(datetime.now(UTC), days)
    row = {"made": made.name, "generations_dropped": pruned.generations, "erased_keys_dropped": pruned.keys}
    show([row], json=json, title="key backup")


@app.command
def prune(*, to: To, days: Days = 30, json: Json = False) -> None:
    """Drops generations past the bound, and erased keys out of the others."""
    pruned = _backups(to, days).prune(datetime.now(UTC), days)
    row = {"generations_dropped": pruned.generations, "erased_keys_dropped": pruned.keys}
    show([row], json=json, title="pruned")


@app.command
def verify(
    *,
    erase_again: Annotated[
        bool, Parameter(help="erase once more what the records call erased and a restored store holds")
    ] = False,
    json: Json = False,
) -> int:
    """Does each key of a case or an event open, and is each erased one gone? Exit code 1: not so."""
    found = asyncio.run(_verified(erase_again=erase_again))
    rows = [{"tenant": each.slug, each.of: str(each.identity), "finding": each.finding} for each in found]
    show(rows, json=json, title="keys")
    return 1 if any(each.is_fault for each in found) else 0


async def _verified(*, erase_again: bool) -> list[Checked]:
    store = FolderKeyStore(_folder() / KEYS_FOLDER)
    vault = Vault(_source().opened(_folder()), store)
    return [each async for each in checked(vault, store, erase_again=erase_again)]


def _backups(to: Path, days: int) -> KeyBackups:
    if not 1 <= days <= MOST_DAYS:
        raise InvalidInput(
            "days",
            f"保存日数は1から{MOST_DAYS}までにしてください。",
            f"A key backup is kept for 1 to {MOST_DAYS} days.",
        )
    return KeyBackups(_folder() / KEYS_FOLDER, to)


def _master_files() -> MasterFiles:
    if not _source().is_files_alone:
        raise InvalidInput(
            PREFIX + "MASTER_KEY",
            "マスターキーは環境変数か鍵サービスにあります。そこで新しくし、keys rewrap を実行してください。",
            "The master key is in the environment or a key service: renew it there, then run keys rewrap.",
        )
    return MasterFiles(_folder())


def _source() -> MasterSource:
    return master_source(Environment(os.environ, PREFIX))


def _folder() -> Path:
    return Path(Environment(os.environ, PREFIX).required("KEY_FOLDER"))
