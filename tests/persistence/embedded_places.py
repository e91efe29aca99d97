"""What the tests of the embedded server share: folders, SQL, and an independent eye on processes."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, cast

import asyncpg
import psutil

ROOT = Path(__file__).parents[2]
AS_ROOT = os.geteuid() == 0
NOBODY = 65534

HOLDER = """
import json, os, sys
import encodings.idna  # what is imported late may lie in a folder closed to the user taken on
from pathlib import Path
from typing import Any, Protocol, cast
from libs.persistence.embedded.server import start
if len(sys.argv) > 2:
    os.setgroups([]); os.setgid(int(sys.argv[2])); os.setuid(int(sys.argv[2]))
server = start(Path(sys.argv[1]), durable=True)
print(json.dumps({"url": server.url(), "pid": server.postmaster.pid, "data": str(server.data)}), flush=True)
sys.stdin.read()
"""


@contextmanager
def open_folder() -> Generator[Path]:
    """A temporary folder that everybody may enter. (Pytest's are closed: as root all would be elsewhere.)"""
    path = Path(tempfile.mkdtemp(prefix="tsunagari-test-")).resolve()
    path.chmod(0o755)
    try:
        yield path
    finally:
        shutil.rmtree(path)


@dataclass
class Holder:
    """Another Python process that runs a server."""

    process: subprocess.Popen[str]
    url: str
    pid: int
    data: Path


@contextmanager
def holder(folder: Path, uid: int | None = None) -> Generator[Holder]:
    words = [sys.executable, "-c", HOLDER, str(folder), *([str(uid)] if uid is not None else [])]
    pipe = subprocess.PIPE
    process = subprocess.Popen(words, cwd=ROOT, stdin=pipe, stdout=pipe, text=True)
    try:
        assert process.stdout
        told = json.loads(process.stdout.readline())
        yield Holder(process, told["url"], told["pid"], Path(told["data"]))
    finally:
        process.communicate()
        process.wait()


def family(pid: int) -> list[psutil.Process]:
    """The postmaster and all its children, seen while they live."""
    postmaster = psutil.Process(pid)
    return [postmaster, *postmaster.children(recursive=True)]


def alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    return [process for process in processes if _is_alive(process)]


def _is_alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def becomes(true: Callable[[], bool], seconds: float = 15) -> bool:
    deadline = time.monotonic() + seconds
    while not true() and time.monotonic() < deadline:
        time.sleep(0.01)
    return true()


class Session(Protocol):
    """The part of asyncpg's connection that the tests use."""

    async def execute(self, query: str, *args: object) -> str: ...
    async def fetchval(self, query: str, *args: object) -> Any: ...
    async def close(self) -> None: ...
    def terminate(self) -> None: ...


async def session(url: str) -> Session:
    return cast("Session", await asyncpg.connect(url))  # pyright: ignore[reportUnknownMemberType] - no types


async def sql(url: str, *statements: str) -> object:
    """The single value of the last statement."""
    connection = await session(url)
    try:
        for statement in statements[:-1]:
            await connection.execute(statement)
        return await connection.fetchval(statements[-1])
    finally:
        await connection.close()
