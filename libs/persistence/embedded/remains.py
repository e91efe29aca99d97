"""What a killed server leaves: its pid file, orphaned backends that still hold its memory, or itself."""

import hashlib
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from libs.persistence.embedded.places import Home

PID_FILE = "postmaster.pid"
_PAUSE = 0.01
_STEPS = ((signal.SIGINT, 20.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))  # fast, immediate, by force


def cluster_name(data: Path) -> str:
    """The mark in the titles of the server's processes. A title is world-readable; the working folder, which
    would also tell, is not in a container without CAP_SYS_PTRACE."""
    return f"tsunagari-{hashlib.sha256(os.fsencode(data)).hexdigest()[:16]}"


def clear_remains(home: Home) -> None:
    """End every process of this data folder, then drop its pid file. The caller holds the folder's lock, so
    none of them is somebody's running server. The file's pid is not believed: it may be anybody's by now."""
    if (home.data / PID_FILE).exists():
        end_all(home)
        (home.data / PID_FILE).unlink(missing_ok=True)


def end_all(home: Home) -> bool:
    """Whether there was any. The postmaster first, who ends its backends in order; then whoever is left."""
    mark = _Mark(home.data, home.account.uid)
    found = list(mark.processes())
    _end([process for process in found if mark.is_postmaster(process)])
    _end(list(mark.processes()))
    return bool(found)


@dataclass(frozen=True)
class _Mark:
    data: Path
    uid: int

    def processes(self) -> Iterator[psutil.Process]:
        for process in psutil.process_iter():
            try:
                if process.uids().effective == self.uid and self._carries(process):
                    yield process
            except psutil.Error:
                continue

    def _carries(self, process: psutil.Process) -> bool:
        title = " ".join(process.cmdline())
        return title.startswith(f"postgres: {cluster_name(self.data)}:") or self.is_postmaster(process)

    def is_postmaster(self, process: psutil.Process) -> bool:
        try:
            words = process.cmdline()
        except psutil.Error:
            return False
        return len(words) > 2 and Path(words[0]).name == "postgres" and words[1:3] == ["-D", str(self.data)]  # noqa: PLR2004 - program, -D, folder


def _end(processes: list[psutil.Process]) -> None:
    for step, seconds in _STEPS:
        if not processes:
            return
        for process in processes:
            _send(process, step)
        processes = _left_after(processes, seconds)


def _send(process: psutil.Process, step: signal.Signals) -> None:
    try:
        process.send_signal(step)
    except psutil.Error:
        return


def _left_after(processes: list[psutil.Process], seconds: float) -> list[psutil.Process]:
    deadline = time.monotonic() + seconds
    while (left := [process for process in processes if _lives(process)]) and time.monotonic() < deadline:
        time.sleep(_PAUSE)
    return left


def _lives(process: psutil.Process) -> bool:
    """A zombie does not: in a container that reaps no orphans it stays for ever, holding nothing."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False
