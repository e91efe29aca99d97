"""Closed-loop HTTP clients in one process: each connection sends its next request when its answer has come.

A program of its own (`python -m tests.bench.load`), so that its work is nobody else's: it reads a plan as
JSON from standard input and writes what it measured to standard output. Raw sockets, epoll, one reused buffer
a connection, answers with Content-Length only.
"""

import json
import select
import socket
import sys
import time
from base64 import b64decode
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any, Final

BUFFER: Final = 1 << 20
PATIENCE: Final = 30.0
ENOUGH_FAULTS: Final = 1_000


@dataclass(slots=True)
class Kind:
    """Connections that ask alike. The right answer has this `length` and holds `needle`; None: any."""

    requests: Any
    length: int | None
    needle: bytes | None
    times: list[float] = field(default_factory=list[float])
    faults: int = 0
    first_fault: str = ""
    finished: float = 0.0

    def judge(self, answer: bytearray, head: int, end: int) -> None:
        right = (
            answer.startswith(b"HTTP/1.1 200")
            and (self.length is None or end - head == self.length)
            and (self.needle is None or answer.find(self.needle, head, end) >= 0)
        )
        if not right:
            self.faults += 1
            self.first_fault = self.first_fault or bytes(answer[: min(end, head + 500)]).decode(
                errors="replace"
            )


class Client:
    """One connection."""

    __slots__ = ("_buffer", "_filled", "_view", "body", "end", "kind", "sent", "socket")

    def __init__(self, port: int, kind: Kind) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.kind = kind
        self._buffer = bytearray(BUFFER)
        self._view = memoryview(self._buffer)
        self._filled = self.end = self.body = 0
        self.sent = 0.0

    def ask(self) -> bool:
        """False where there is nothing more to ask."""
        request = next(self.kind.requests, None)
        if request is None:
            return False
        self._filled = self.end = 0
        self.sent = time.perf_counter()
        self.socket.sendall(request)
        return True

    def hear(self) -> bool:
        """Takes what has come; whether the answer is whole."""
        received = self.socket.recv_into(self._view[self._filled :])
        if not received:
            raise ConnectionError("the server closed a connection that was to be kept")
        self._filled += received
        if not self.end:
            head = self._buffer.find(b"\r\n\r\n", 0, self._filled)
            if head < 0:
                return False
            self.body = head + 4
            self.end = self.body + _length(self._buffer[:head])
        return self._filled >= self.end

    def judged(self) -> None:
        self.kind.judge(self._buffer, self.body, self.end)


def run(plan: dict[str, Any]) -> dict[str, Any]:
    """`plan`: port, seconds, warm_up (requests of each connection), kinds by name."""
    kinds = {name: _kind(kind) for name, kind in plan["kinds"].items()}
    clients = [
        Client(plan["port"], kinds[name])
        for name, kind in plan["kinds"].items()
        for _ in range(kind["connections"])
    ]
    _drive(clients, time.perf_counter() + PATIENCE, most=plan["warm_up"])
    for kind in kinds.values():
        kind.times.clear()
    worked, began = time.process_time(), time.perf_counter()
    _drive(clients, began + plan["seconds"])
    worked = time.process_time() - worked
    asked = sum(len(kind.times) for kind in kinds.values())
    return {
        "kinds": {name: _told(kind, began) for name, kind in kinds.items()},
        "client_us": worked / max(1, asked) * 1e6,
    }


def _drive(clients: list[Client], until: float, most: int | None = None) -> None:
    """Until the time, or `most` requests on each connection; every request that was sent is heard out."""
    waiting = select.epoll()
    asking = {client.socket.fileno(): client for client in clients if most != 0 and client.ask()}
    for number in asking:
        waiting.register(number, select.EPOLLIN)
    left = dict.fromkeys(asking, most)
    now = time.perf_counter()
    while asking:
        for number, _ in waiting.poll():
            client = asking[number]
            if not client.hear():
                continue
            now = time.perf_counter()
            client.kind.times.append(now - client.sent)
            client.kind.finished = now
            client.judged()
            if most is not None:
                left[number] = (left[number] or 0) - 1
            if now >= until or left[number] == 0 or client.kind.faults > ENOUGH_FAULTS or not client.ask():
                waiting.unregister(number)
                del asking[number]
    waiting.close()


def _kind(said: dict[str, Any]) -> Kind:
    requests = [b64decode(request) for request in said["requests"]]
    needle = said["needle"]
    return Kind(
        iter(requests) if said["once"] else cycle(requests),
        said["length"],
        None if needle is None else needle.encode(),
    )


def _length(head: bytearray) -> int:
    _, found, rest = head.lower().partition(b"content-length: ")
    if not found:
        raise ConnectionError(f"an answer without its length: {bytes(head)!r}")
    return int(rest.partition(b"\r\n")[0])


def _told(kind: Kind, began: float) -> dict[str, Any]:
    times = sorted(kind.times)
    took = kind.finished - began
    return {
        "answers": len(times),
        "faults": kind.faults,
        "first_fault": kind.first_fault,
        "per_second": len(times) / took if times else 0.0,
        "p50_ms": _quantile(times, 0.5),
        "p99_ms": _quantile(times, 0.99),
    }


def _quantile(times: list[float], share: float) -> float:
    return times[min(len(times) - 1, int(len(times) * share))] * 1_000 if times else 0.0


if __name__ == "__main__":
    json.dump(run(json.load(sys.stdin)), sys.stdout)
