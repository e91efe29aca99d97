"""Texts sealed under a key per case: at their own place, under their own key, and no longer than the key."""

import base64
import os
import uuid
from pathlib import Path

import pytest

from libs.errors.problems import InvalidInput
from libs.persistence.sealing import master_key
from libs.persistence.sealing.cipher import Unreadable, new_key
from libs.persistence.sealing.key_store import TENANT_KEY, FolderKeyStore, KeyErased, KeyMissing
from libs.persistence.sealing.vault import Place, Vault

TEXT = "だれとも話さない日が続いている。"


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault.in_folder(tmp_path)


def place(column: str = "narrative") -> Place:
    return Place("case_file", column, uuid.uuid4())


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_a_sealed_text_opens_at_its_own_place_only(vault: Vault) -> None:
    tenant, case, here = uuid.uuid4(), uuid.uuid4(), place()
    sealer = await vault.create(tenant, case)
    ciphertext = sealer.seal(here, TEXT)
    again = await vault.sealer(tenant, case)
    assert again.open(here, ciphertext) == TEXT
    elsewhere = (
        Place(here.table, "constraints", here.row),
        Place("referral", here.column, here.row),
        Place(here.table, here.column, uuid.uuid4()),
    )
    for other in elsewhere:
        with pytest.raises(Unreadable):
            again.open(other, ciphertext)


async def test_neither_another_case_nor_another_tenant_opens_it(vault: Vault) -> None:
    tenant, other, case, here = uuid.uuid4(), uuid.uuid4(), uuid.uuid4(), place()
    ciphertext = (await vault.create(tenant, case)).seal(here, TEXT)
    for sealer in (await vault.create(tenant, uuid.uuid4()), await vault.create(other, case)):
        with pytest.raises(Unreadable):
            sealer.open(here, ciphertext)


async def test_a_tenants_own_secrets_have_a_key_that_is_no_cases_and_no_other_tenants(vault: Vault) -> None:
    tenant, case, here = uuid.uuid4(), uuid.uuid4(), place()
    ciphertext = (await vault.of_tenant(tenant)).seal(here, TEXT)
    assert (await vault.of_tenant(tenant)).open(here, ciphertext) == TEXT
    for sealer in (await vault.create(tenant, case), await vault.of_tenant(uuid.uuid4())):
        with pytest.raises(Unreadable):
            sealer.open(here, ciphertext)
    await vault.erase(tenant, case)
    assert (await vault.of_tenant(tenant)).open(here, ciphertext) == TEXT


async def test_every_altered_byte_is_noticed(vault: Vault) -> None:
    here = place()
    sealer = await vault.create(uuid.uuid4(), uuid.uuid4())
    ciphertext = sealer.seal(here, TEXT)
    for index in range(len(ciphertext)):
        altered = bytearray(ciphertext)
        altered[index] ^= 1
        with pytest.raises(Unreadable):
            sealer.open(here, bytes(altered))
    for length in range(len(ciphertext)):
        with pytest.raises(Unreadable):
            sealer.open(here, ciphertext[:length])


async def test_the_same_text_never_looks_the_same(vault: Vault) -> None:
    here = place()
    sealer = await vault.create(uuid.uuid4(), uuid.uuid4())
    assert len({sealer.seal(here, TEXT) for _ in range(100)}) == 100


async def test_an_erased_key_is_gone_from_the_disk_and_never_comes_back(vault: Vault, tmp_path: Path) -> None:
    tenant, case = uuid.uuid4(), uuid.uuid4()
    await vault.create(tenant, case)
    (key_file,) = (path for path in files_below(tmp_path) if path.name == f"{case}.key")
    wrapped = key_file.read_bytes()
    await vault.erase(tenant, case)
    await vault.erase(tenant, case)
    assert not [path for path in files_below(tmp_path) if wrapped in path.read_bytes()]
    with pytest.raises(KeyErased):
        await vault.sealer(tenant, case)
    with pytest.raises(KeyErased):
        await vault.create(tenant, case)
    key_file.write_bytes(wrapped)
    with pytest.raises(KeyErased):
        await vault.sealer(tenant, case)


async def test_erasing_one_case_leaves_the_others(vault: Vault) -> None:
    tenant, case, kept, here = uuid.uuid4(), uuid.uuid4(), uuid.uuid4(), place()
    await vault.create(tenant, case)
    ciphertext = (await vault.create(tenant, kept)).seal(here, TEXT)
    await vault.erase(tenant, case)
    assert (await vault.sealer(tenant, kept)).open(here, ciphertext) == TEXT


async def test_a_store_that_lost_a_key_is_a_fault_and_makes_no_new_one(vault: Vault, tmp_path: Path) -> None:
    tenant, case = uuid.uuid4(), uuid.uuid4()
    with pytest.raises(KeyMissing):
        await vault.sealer(tenant, case)
    await vault.create(tenant, case)
    (tenant_file,) = (path for path in files_below(tmp_path) if path.name == f"{TENANT_KEY}.key")
    tenant_file.unlink()
    with pytest.raises(KeyMissing):
        await vault.sealer(tenant, case)
    assert not tenant_file.exists()


async def test_keys_on_disk_are_wrapped_and_their_owners_alone(tmp_path: Path) -> None:
    keys = [os.urandom(32) for _ in range(2)]
    store = FolderKeyStore(tmp_path / "keys")
    vaults = [Vault(master_key.HeldMasterKey(key), store) for key in keys]
    tenant, case = uuid.uuid4(), uuid.uuid4()
    await vaults[0].create(tenant, case)
    with pytest.raises(Unreadable):
        await vaults[1].sealer(tenant, case)
    files = [path for path in files_below(tmp_path) if path.suffix == ".key"]
    assert len(files) == 2
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    assert not [path for path in files if keys[0] in path.read_bytes()]


async def test_of_two_processes_that_found_a_tenant_both_read_one_key(tmp_path: Path) -> None:
    one, two = Vault.in_folder(tmp_path), Vault.in_folder(tmp_path)
    tenant, case, here = uuid.uuid4(), uuid.uuid4(), place()
    sealers = [await vault.create(tenant, case) for vault in (one, two)]
    assert sealers[1].open(here, sealers[0].seal(here, TEXT)) == TEXT


def test_a_master_key_file_open_to_others_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    master_key.from_file(path)
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o640)
    with pytest.raises(InvalidInput, match="chmod 600"):
        master_key.from_file(path)


def test_a_master_key_in_the_environment_is_32_bytes_of_base64() -> None:
    master = master_key.from_text(base64.b64encode(new_key()).decode())
    assert master.unwrap(master.wrap(b"key", ("a",)), ("a",)) == b"key"
    with pytest.raises(Unreadable):
        master.unwrap(master.wrap(b"key", ("a",)), ("b",))
    for wrong in ("", "short", base64.b64encode(b"31 bytes is one byte too short.").decode()):
        with pytest.raises(InvalidInput):
            master_key.from_text(wrong)


async def test_a_half_written_key_is_never_seen(tmp_path: Path) -> None:
    """A process killed while it writes leaves a draft under another name, and the next attempt succeeds."""
    store = FolderKeyStore(tmp_path)
    tenant = uuid.uuid4()
    (tmp_path / str(tenant)).mkdir()
    (tmp_path / str(tenant) / ".case.key.0000").write_bytes(b"half")
    with pytest.raises(KeyMissing):
        store.get(tenant, "case")
    store.put(tenant, "case", b"whole")
    assert store.get(tenant, "case") == b"whole"
