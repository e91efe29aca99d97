"""The load generator as a subprocess: what to send, and what came of it."""

import asyncio
import json
import sys
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any


class WrongAnswer(Exception):
    """A measured answer was another than the one to be measured."""


@dataclass(frozen=True, slots=True)
class Asking:
    """`connections` that send these requests in turn, or each only `once`; what a right answer has.

    `pause`: seconds between an answer and the next request, the same for all that pause. `may_fail`: other
    answers are counted; without it they stop the bench.
    """

    requests: Sequence[bytes]
    connections: int
    length: int | None = None
    needle: str | None = None
    once: bool = False
    pause: float = 0.0
    may_fail: bool = False


@dataclass(frozen=True, slots=True)
class Measured:
    """One kind of request in one round.

    `client_us`, `server_us` and `database_us` are the processor time that generator, server process and
    PostgreSQL spent on each request: on a machine that others use too, they say more than the clock.
    """

    answers: int
    per_second: float
    p50_ms: float
    p99_ms: float
    client_us: float
    faults: int
    server_us: float = 0.0
    database_us: float = 0.0


async def load(
    port: int, kinds: Mapping[str, Asking], seconds: float, *, warm_up: int
) -> dict[str, Measured]:
    """What came of each kind. Raises WrongAnswer."""
    plan = {
        "port": port,
        "seconds": seconds,
        "warm_up": warm_up,
        "kinds": {
            name: asdict(kind) | {"requests": [b64encode(request).decode() for request in kind.requests]}
            for name, kind in kinds.items()
        },
    }
    told = await _generated(plan)
    for name, kind in told["kinds"].items():
        if not kind["answers"] or (kind["faults"] and not kinds[name].may_fail):
            raise WrongAnswer(f"{name}: {kind['faults']} wrong answers, the first: {kind['first_fault']}")
    return {
        name: Measured(
            answers=kind["answers"],
            per_second=kind["per_second"],
            p50_ms=kind["p50_ms"],
            p99_ms=kind["p99_ms"],
            client_us=told["client_us"],
            faults=kind["faults"],
        )
        for name, kind in told["kinds"].items()
    }


async def _generated(plan: Mapping[str, Any]) -> dict[str, Any]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.load"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said, complained = await process.communicate(json.dumps(plan).encode())
    if process.returncode != 0:
        raise WrongAnswer(complained.decode())
    return json.loads(said)


def request(port: int, body: bytes, headers: Mapping[str, str]) -> bytes:
    """A GraphQL request as the bytes of HTTP/1.1."""
    lines = [
        "POST /graphql HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
