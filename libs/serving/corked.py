"""uvicorn's HTTP protocol, whose head and body of a response leave in one write.

uvicorn writes them one after the other and uvloop sends each at once: two system calls, two packets, and a
client that is woken twice, a fifth of this process's time on a short answer.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class CorkedHttpProtocol(HttpToolsProtocol):
    """For `uvicorn.run(http=…)`."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # pyright: ignore[reportIncompatibleMethodOverride] - uvicorn narrows it likewise
        corked: Any = CorkedTransport(transport, self.loop)
        super().connection_made(corked)


class CorkedTransport:
    """Keeps what is written until this turn of the loop has ended; all else is the transport's own."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._kept: list[bytes] = []

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - any of a transport's attributes
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        if not self._kept:
            self._loop.call_soon(self._send)
        self._kept.append(data)

    def close(self) -> None:
        self._send()
        self._transport.close()

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        """A socket takes over: what HTTP still had to say comes first."""
        self._send()
        self._transport.set_protocol(protocol)

    def _send(self) -> None:
        kept, self._kept = self._kept, []
        if kept and not self._transport.is_closing():
            self._transport.write(b"".join(kept) if len(kept) > 1 else kept[0])
