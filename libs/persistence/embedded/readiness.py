"""Whether the server takes connections: by its own word and by asking."""

import socket
import struct
from pathlib import Path

from libs.persistence.embedded.remains import PID_FILE

_STATUS_LINE = 8  # of postmaster.pid, see PostgreSQL's src/include/utils/pidfile.h
_PROTOCOL = 0x0003_0000
_SECONDS = 5.0


def says_ready(data: Path, pid: int) -> bool:
    """The server writes its state into its pid file; of another pid it is an earlier server's."""
    try:
        lines = (data / PID_FILE).read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return False
    return (
        len(lines) >= _STATUS_LINE
        and lines[0].strip() == str(pid)
        and lines[_STATUS_LINE - 1].strip() == "ready"
    )


def answers(host: str, port: int) -> bool:
    """Asks for a session as pg_isready does: a server that starts or recovers answers with an error, one that
    is ready asks for the password."""
    words = b"user\0postgres\0database\0postgres\0\0"
    try:
        with socket.create_connection((host, port), _SECONDS) as connection:
            connection.sendall(struct.pack("!ii", len(words) + 8, _PROTOCOL) + words)
            return connection.recv(1024)[:1] == b"R"
    except OSError:
        return False
