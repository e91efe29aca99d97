"""Keep-alive clients that send one request after the other, each as soon as its answer has come."""

import asyncio
import statistics
import time
from dataclasses import dataclass

from tests.bench.board import Board

WARM_UP = 50


@dataclass(frozen=True, slots=True)
class Measured:
    per_second: float
    p99_ms: float


async def requests_per_second(board: Board, connections: int, seconds: float) -> Measured:
    """Raises AssertionError where an answer is not the page."""
    request = _request(board)
    clients = [await asyncio.open_connection("127.0.0.1", board.port) for _ in range(connections)]
    for reader, writer in clients:
        for _ in range(WARM_UP // connections + 1):
            await _once(reader, writer, request, board.answer_bytes)
    until = time.perf_counter() + seconds
    began = time.perf_counter()
    times = await asyncio.gather(
        *(_repeat(*client, request, board.answer_bytes, until) for client in clients)
    )
    took = time.perf_counter() - began
    for _, writer in clients:
        writer.close()
    everything = [each for one in times for each in one]
    return Measured(len(everything) / took, statistics.quantiles(everything, n=100)[98] * 1_000)


async def _repeat(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    request: bytes,
    expected: int,
    until: float,
) -> list[float]:
    times: list[float] = []
    while (began := time.perf_counter()) < until:
        await _once(reader, writer, request, expected)
        times.append(time.perf_counter() - began)
    return times


async def _once(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes, expected: int
) -> None:
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200"), head
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    assert length == expected, "another answer than the one to be measured"
    await reader.readexactly(length)


def _request(board: Board) -> bytes:
    lines = [
        "POST /graphql HTTP/1.1",
        f"Host: 127.0.0.1:{board.port}",
        f"Content-Length: {len(board.body)}",
        *(f"{name}: {value}" for name, value in board.headers.items()),
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + board.body
