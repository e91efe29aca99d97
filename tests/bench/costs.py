"""Processor time of processes, from outside."""

from contextlib import suppress

import psutil

from libs.persistence.embedded.server import EmbeddedServer

_servers: list[EmbeddedServer] = []


def watch(server: EmbeddedServer) -> None:
    """From now on this is the run's PostgreSQL."""
    _servers[:] = [server]


def spent(pid: int) -> float:
    """Seconds that the process has worked."""
    times = psutil.Process(pid).cpu_times()
    return times.user + times.system


def spent_by_database() -> float:
    """Seconds that the server's living backends and helpers have worked."""
    total = 0.0
    for process in psutil.Process(_servers[0].postmaster.pid).children():
        with suppress(psutil.NoSuchProcess):
            total += spent(process.pid)
    return total
