"""Head and body of a response leave together, and nothing is kept back for ever."""

import asyncio
from typing import Any

from libs.serving.corked import CorkedTransport


class Wire:
    """A transport that notes each write."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.closed = False

    def write(self, data: bytes) -> None:
        self.sent.append(data)

    def is_closing(self) -> bool:
        return self.closed

    def close(self) -> None:
        self.closed = True

    def set_protocol(self, protocol: Any) -> None:
        self.sent.append(b"<" + type(protocol).__name__.encode() + b">")

    def get_extra_info(self, name: str) -> str:
        return name


def _corked() -> tuple[Wire, Any]:
    wire: Any = Wire()
    return wire, CorkedTransport(wire, asyncio.get_running_loop())


async def test_what_is_written_in_one_turn_leaves_in_one_write() -> None:
    wire, corked = _corked()
    corked.write(b"head ")
    corked.write(b"body")
    assert wire.sent == []
    await asyncio.sleep(0)
    assert wire.sent == [b"head body"]
    corked.write(b"next")
    await asyncio.sleep(0)
    assert wire.sent == [b"head body", b"next"]


async def test_closing_sends_what_was_kept_and_nothing_after() -> None:
    wire, corked = _corked()
    corked.write(b"last words")
    corked.close()
    assert wire.sent == [b"last words"]
    assert wire.closed
    corked.write(b"too late")
    await asyncio.sleep(0)
    assert wire.sent == [b"last words"]


async def test_a_socket_takes_over_after_what_http_had_to_say() -> None:
    wire, corked = _corked()
    corked.write(b"HTTP/1.1 101")
    corked.set_protocol(asyncio.Protocol())
    corked.write(b"frame")
    await asyncio.sleep(0)
    assert wire.sent == [b"HTTP/1.1 101", b"<Protocol>", b"frame"]
    assert corked.get_extra_info("peername") == "peername", "all else is the transport's own"
