"""One connection of the load generator, and what connections that ask alike have in common."""

import socket
import time
from dataclasses import dataclass, field
from typing import Any, Final

BUFFER: Final = 1 << 20


@dataclass(slots=True)
class Kind:
    """Connections that ask alike. The right answer has this `length` and holds `needle`; None: any.

    `pause`: seconds between an answer and the next request. `may_fail`: other answers are only counted.
    """

    requests: Any
    length: int | None
    needle: bytes | None
    pause: float = 0.0
    may_fail: bool = False
    times: list[float] = field(default_factory=list[float])
    faults: int = 0
    first_fault: str = ""
    finished: float = 0.0

    def judge(self, answer: bytearray, body: int, end: int) -> None:
        right = (
            answer.startswith(b"HTTP/1.1 200")
            and (self.length is None or end - body == self.length)
            and (self.needle is None or answer.find(self.needle, body, end) >= 0)
        )
        if not right:
            self.faults += 1
            self.first_fault = self.first_fault or bytes(answer[: min(end, body + 500)]).decode(
                errors="replace"
            )


class Client:
    """One connection: `ask`, then `hear` whenever something has come, until it says that all has."""

    __slots__ = ("_body", "_buffer", "_end", "_filled", "_port", "_sent", "_view", "closed", "kind", "socket")

    def __init__(self, port: int, kind: Kind) -> None:
        self.kind = kind
        self._port = port
        self._buffer = bytearray(BUFFER)
        self._view = memoryview(self._buffer)
        self._filled = self._end = self._body = 0
        self._sent = 0.0
        self._connect()

    def ask(self) -> bool:
        """False where there is nothing more to ask."""
        request = next(self.kind.requests, None)
        if request is None:
            return False
        if self.closed:
            self.socket.close()
            self._connect()
        self._filled = self._end = 0
        self._sent = time.perf_counter()
        self.socket.sendall(request)
        return True

    def hear(self) -> bool:
        """Takes what has come; whether the answer is whole."""
        received = self.socket.recv_into(self._view[self._filled :])
        if not received:
            return self._hung_up()
        self._filled += received
        if not self._end:
            head = self._buffer.find(b"\r\n\r\n", 0, self._filled)
            if head < 0:
                return False
            self._body = head + 4
            self._end = self._body + self._length(head)
        return self._filled >= self._end

    def heard(self) -> float:
        """Notes time and rightness of the answer that is whole; the time of now."""
        now = time.perf_counter()
        self.kind.times.append(now - self._sent)
        self.kind.finished = now
        self.kind.judge(self._buffer, self._body, self._end)
        return now

    def renew(self) -> None:
        """Connects anew where the server has closed the connection while it rested."""
        self.socket.setblocking(False)
        try:
            gone = not self.socket.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            gone = False
        self.socket.setblocking(True)
        if gone:
            self.socket.close()
            self._connect()

    def _connect(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self._port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.closed = False

    def _hung_up(self) -> bool:
        if not self.kind.may_fail:
            raise ConnectionError("the server closed a connection that was to be kept")
        self.closed = True
        return True

    def _length(self, head: int) -> int:
        lines = self._buffer[:head].lower()
        _, found, rest = lines.partition(b"content-length: ")
        if not found:
            raise ConnectionError(f"an answer without its length: {bytes(lines)!r}")
        self.closed = b"connection: close" in lines
        return int(rest.partition(b"\r\n")[0])
