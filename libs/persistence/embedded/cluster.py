"""Making the data folder, and looking whether an existing one is ours to open."""

import logging
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

from libs.persistence.embedded.binaries import Binaries
from libs.persistence.embedded.errors import not_started, other_version, password_lost
from libs.persistence.embedded.files import append_to, write_private
from libs.persistence.embedded.places import Home
from libs.persistence.embedded.processes import dies_with_parent

SUPERUSER = "postgres"
_SCRATCH = "initdb-"
_LOG = logging.getLogger(__name__)
_OPTIONS = (
    "--auth=scram-sha-256",
    f"--username={SUPERUSER}",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--no-instructions",
)


def ready_cluster(home: Home, binaries: Binaries, *, durable: bool) -> str:
    """The superuser's password of the cluster in `home`, which is made first if there is none.

    Raises EmbeddedServerError for data of another major version or data whose password is lost.
    """
    _sweep_scratch(home)
    _set_incomplete_aside(home)
    if not home.data.exists():
        _create(home, binaries, durable=durable)
    _refuse_other_version(home.data, binaries.major)
    return _password(home.password)


def _sweep_scratch(home: Home) -> None:
    for left in home.path.glob(f"{_SCRATCH}*"):
        shutil.rmtree(left, ignore_errors=True)


def _set_incomplete_aside(home: Home) -> None:
    """Our own initdb leaves all or nothing under this name; what is no cluster is kept, out of the way."""
    if not home.data.exists() or (home.data / "global" / "pg_control").exists():
        return
    aside = Path(tempfile.mkdtemp(prefix="incomplete-", dir=home.path)) / "data"
    home.data.rename(aside)
    _LOG.warning("the data folder was no complete cluster; it was moved to %s and a new one is made", aside)


def _refuse_other_version(data: Path, ours: str) -> None:
    found = (data / "PG_VERSION").read_text(encoding="utf-8").strip()
    if found != ours:
        raise other_version(data, found, ours)


def _password(file: Path) -> str:
    with suppress(FileNotFoundError):
        if password := file.read_text(encoding="utf-8").strip():
            return password
    raise password_lost(file)


def _create(home: Home, binaries: Binaries, *, durable: bool) -> None:
    """In a folder of another name, renamed when whole: killed half-way, it is as if it had never begun."""
    password = secrets.token_urlsafe(24)
    with tempfile.TemporaryDirectory(prefix=_SCRATCH, dir=home.path) as scratch:
        home.account.give(Path(scratch))
        _initdb(home, binaries, Path(scratch), password, durable=durable)
        write_private(home.password, password)
        (Path(scratch) / "data").rename(home.data)
    _sync(home.path)


def _initdb(home: Home, binaries: Binaries, scratch: Path, password: str, *, durable: bool) -> None:
    words = scratch / "password"
    write_private(words, password)
    home.account.give(words)
    command = [binaries.program("initdb"), *_OPTIONS, f"--pwfile={words}", "-D", str(scratch / "data")]
    done = _run(home, command if durable else [*command, "--no-sync"])
    if done.returncode != 0:
        raise not_started(home.log)


def _run(home: Home, command: list[str]) -> subprocess.CompletedProcess[bytes]:
    with append_to(home.log) as log:
        return subprocess.run(  # noqa: S603 - our own program, no shell
            command,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=log,
            env={"LC_ALL": "C"},
            cwd="/",
            umask=0o077,
            start_new_session=True,
            preexec_fn=dies_with_parent(signal.SIGTERM),
            **home.account.identity(),
        )


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
