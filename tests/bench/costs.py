"""Processor time of processes, from outside."""

from contextlib import suppress
from dataclasses import replace

import psutil

from libs.persistence.embedded.server import EmbeddedServer
from tests.bench.loading import Measured

_servers: list[EmbeddedServer] = []


def watch(server: EmbeddedServer) -> None:
    """From now on this is the run's PostgreSQL."""
    _servers[:] = [server]


def spent(pid: int) -> float:
    """Seconds that the process has worked."""
    times = psutil.Process(pid).cpu_times()
    return times.user + times.system


def spent_by_database() -> dict[int, float]:
    """By process: seconds that PostgreSQL's living backends and helpers have worked, where it is ours."""
    found: dict[int, float] = {}
    for server in _servers:
        for process in psutil.Process(server.postmaster.pid).children():
            with suppress(psutil.NoSuchProcess):
                found[process.pid] = spent(process.pid)
    return found


def spent_since(before: dict[int, float]) -> float:
    """What a backend worked that has gone meanwhile is lost: pools keep theirs."""
    return sum(now - before.get(pid, 0.0) for pid, now in spent_by_database().items())


class Meter:
    """From now on: what a server's process and PostgreSQL spend on each request."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._server = spent(pid)
        self._database = spent_by_database()

    def spent_on(self, count: int) -> int:
        """Microseconds of the server's process for each of so many."""
        return round((spent(self._pid) - self._server) / max(1, count) * 1e6)

    def read(self, measured: Measured, asked: int) -> Measured:
        return replace(
            measured,
            server_us=(spent(self._pid) - self._server) / asked * 1e6,
            database_us=spent_since(self._database) / asked * 1e6,
        )


def resident_mb(pid: int) -> float:
    """Memory of the process, as the system counts it."""
    return psutil.Process(pid).memory_info().rss / 2**20
