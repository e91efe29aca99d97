"""Somebody's system behind https on loopback, which notes what it is called with."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tests.notices.certificates import pair


@dataclass
class Receiver:
    """`statuses` are answered once each in the place of 204."""

    port: int = 0
    heads: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    bodies: list[bytes] = field(default_factory=list[bytes])
    statuses: list[str] = field(default_factory=list[str])

    @property
    def url(self) -> str:
        return f"https://localhost:{self.port}/hook?of=us"

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines = (await reader.readuntil(b"\r\n\r\n")).decode().splitlines()
        head = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        self.heads.append({**head, ":": lines[0]})
        self.bodies.append(await reader.readexactly(int(head["content-length"])))
        status = self.statuses.pop(0) if self.statuses else "204 No Content"
        writer.write(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()


@asynccontextmanager
async def receiver() -> AsyncGenerator[Receiver]:
    """Trusted by whoever trusts the tests' certificate."""
    system = Receiver()
    server = await asyncio.start_server(system.talk, "localhost", 0, ssl=pair()[0])
    system.port = server.sockets[0].getsockname()[1]
    try:
        yield system
    finally:
        server.close()
        await server.wait_closed()
