"""Where the data and the programs are: as wanted, or where the server's account can reach them."""

import hashlib
import os
import stat
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from libs.persistence.embedded.accounts import Account, account_for
from libs.persistence.embedded.errors import others_data
from libs.persistence.embedded.files import write_note

SYSTEM_STATE = Path("/var/lib/tsunagari")
_NOTE = "DATA_IS_ELSEWHERE.txt"


@dataclass(frozen=True)
class Home:
    """A folder of ours around the data folder, which is the account's. Others may pass at most."""

    path: Path
    account: Account

    @property
    def data(self) -> Path:
        return self.path / "data"

    @property
    def log(self) -> Path:
        return self.path / "postgres.log"

    @property
    def password(self) -> Path:
        return self.path / "password"

    @property
    def port(self) -> Path:
        return self.path / "port"

    @property
    def lock(self) -> Path:
        return self.path / "lock"


def home_for(wanted: Path) -> Home:
    """`wanted` itself, made if missing; or, when root runs this and the account can't get there, a folder of
    the system's, with a note left in `wanted`. No existing folder's mode or owner changes."""
    account = account_for(wanted / "data")
    _make(wanted, account)
    if account.reaches(wanted):
        return Home(wanted, account)
    path = state_folder(account) / hashlib.sha256(os.fsencode(wanted)).hexdigest()[:16]
    elsewhere = Home(path, account_for(path / "data"))
    _make(path, elsewhere.account)
    _leave_note(wanted, path)
    return elsewhere


def state_folder(account: Account) -> Path:
    """A folder of root's that `account` can enter: below /var/lib, or else below the temporary folder."""
    spare = Path(tempfile.gettempdir()) / f"tsunagari-{os.geteuid()}"
    for folder in (SYSTEM_STATE, spare):
        try:
            _make(folder, account)
        except OSError:
            continue
        if _is_only_ours(folder) and account.reaches(folder):
            return folder
    raise others_data(spare)


def _make(folder: Path, account: Account) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        folder.mkdir()
        folder.chmod(0o711 if account.switched else 0o700)


def _is_only_ours(folder: Path) -> bool:
    """Somebody else's folder of that name in the temporary folder must not feed us programs or see data."""
    found = folder.lstat()
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o022


def _leave_note(wanted: Path, path: Path) -> None:
    write_note(
        wanted / _NOTE,
        f"データは「{path}」にあります。rootで実行したため、権限のない利用者で動くPostgreSQLが"
        "このフォルダーに入れないからです。\n"
        f"The data is in {path}: PostgreSQL, which runs as an unprivileged user, cannot enter this folder.\n",
    )
