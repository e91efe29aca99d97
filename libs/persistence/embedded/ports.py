"""A TCP port of the loopback interface that stays the same from start to start while it is free."""

import errno
import socket
from contextlib import suppress
from pathlib import Path

from libs.errors.problems import InvalidInput
from libs.persistence.embedded.errors import port_taken
from libs.persistence.embedded.files import write_private

HOST = "127.0.0.1"
_LOWEST, _HIGHEST = 1024, 65535


def chosen_port(wanted: int | None, memory: Path) -> int:
    """`wanted`, else the remembered one, else any free one. Raises EmbeddedServerError when `wanted` is
    taken, InvalidInput when it is no port that an unprivileged server can have."""
    if wanted is None:
        return next(port for port in (_remembered(memory), _any_free()) if port and is_free(port))
    if not _LOWEST <= wanted <= _HIGHEST:
        raise InvalidInput(
            "port", "ポートは1024から65535までです。", "A port is a number from 1024 to 65535."
        )
    if not is_free(wanted):
        raise port_taken(wanted)
    return wanted


def remember(port: int, memory: Path) -> None:
    if _remembered(memory) != port:
        write_private(memory, str(port))


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as PostgreSQL binds
        try:
            probe.bind((HOST, port))
            probe.listen(1)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            return False
    return True


def _remembered(memory: Path) -> int | None:
    with suppress(FileNotFoundError, ValueError):
        port = int(memory.read_text(encoding="utf-8"))
        return port if _LOWEST <= port <= _HIGHEST else None
    return None


def _any_free() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
