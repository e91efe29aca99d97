"""Closed-loop HTTP clients in one process: each connection sends its next request when its answer has come.

A program of its own (`python -m tests.bench.load`), so that its work is nobody else's: it reads a plan as
JSON from standard input and writes what it measured to standard output. Raw sockets, epoll, one reused buffer
a connection, answers with Content-Length only.
"""

import json
import select
import sys
import time
from base64 import b64decode
from collections import deque
from itertools import cycle
from typing import Any, Final

from tests.bench.clients import Client, Kind

PATIENCE: Final = 60.0
ENOUGH_FAULTS: Final = 1_000


def run(plan: dict[str, Any]) -> dict[str, Any]:
    """`plan`: port, seconds, warm_up (requests of each connection), kinds by name."""
    kinds = {name: _kind(kind) for name, kind in plan["kinds"].items()}
    clients = [
        Client(plan["port"], kinds[name])
        for name, kind in plan["kinds"].items()
        for _ in range(kind["connections"])
    ]
    Driving(clients, time.perf_counter() + PATIENCE, most=plan["warm_up"]).run()
    for kind in kinds.values():
        kind.times.clear()
    for client in clients:
        client.renew()
    worked, began = time.process_time(), time.perf_counter()
    Driving(clients, began + plan["seconds"]).run()
    worked = time.process_time() - worked
    asked = sum(len(kind.times) for kind in kinds.values())
    return {
        "kinds": {name: _told(kind, began) for name, kind in kinds.items()},
        "client_us": worked / max(1, asked) * 1e6,
    }


class Driving:
    """Until the time, or `most` requests on each connection; every request that was sent is heard out."""

    def __init__(self, clients: list[Client], until: float, most: int | None = None) -> None:
        self._until = until
        self._most = most
        self._left = dict.fromkeys(clients, most)
        self._waiting = select.epoll()
        self._asking: dict[int, Client] = {}
        # all kinds that pause do so for the same time, so whoever began to first is first to end
        self._pausing: deque[tuple[float, Client]] = deque()

    def run(self) -> None:
        for client in self._left if self._most != 0 else ():
            self._ask(client)
        while self._asking or self._pausing:
            for number, _ in self._waiting.poll(self._patience()):
                client = self._asking[number]
                if client.hear():
                    self._heard(client)
            self._wake(time.perf_counter())
        self._waiting.close()

    def _ask(self, client: Client) -> None:
        if client.ask():
            number = client.socket.fileno()
            if number not in self._asking:
                self._asking[number] = client
                self._waiting.register(number, select.EPOLLIN)
        else:
            self._rest(client)

    def _heard(self, client: Client) -> None:
        now = client.heard()
        left = self._left[client]
        if left is not None:
            self._left[client] = left = left - 1
        if (
            now >= self._until
            or left == 0
            or (client.kind.faults > ENOUGH_FAULTS and not client.kind.may_fail)
        ):
            self._rest(client)
        elif client.kind.pause:
            self._rest(client)
            self._pausing.append((now + client.kind.pause, client))
        else:
            if client.closed:
                self._rest(client)
            self._ask(client)

    def _rest(self, client: Client) -> None:
        if self._asking.pop(client.socket.fileno(), None) is not None:
            self._waiting.unregister(client.socket.fileno())

    def _wake(self, now: float) -> None:
        while self._pausing and self._pausing[0][0] <= now:
            _, client = self._pausing.popleft()
            if now < self._until:
                self._ask(client)

    def _patience(self) -> float:
        return max(0.0, self._pausing[0][0] - time.perf_counter()) if self._pausing else PATIENCE


def _kind(said: dict[str, Any]) -> Kind:
    requests = [b64decode(request) for request in said["requests"]]
    needle = said["needle"]
    return Kind(
        iter(requests) if said["once"] else cycle(requests),
        said["length"],
        None if needle is None else needle.encode(),
        pause=said["pause"],
        may_fail=said["may_fail"],
    )


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
