"""A real SMTP server on loopback that does what a test tells it: refuse, put off, or hang up."""

import asyncio
import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast


@dataclass
class Mailbox:
    """`answers` are said once each in the place of the usual one: by verb, or at the `END` of a mail.

    CUT hangs up. `hold` set: a mail is kept, and no answer given until it is cleared.
    """

    port: int = 0
    received: list[EmailMessage] = field(default_factory=list[EmailMessage])
    recipients: list[str] = field(default_factory=list[str])
    commands: list[str] = field(default_factory=list[str])
    answers: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    trust: ssl.SSLContext | None = None
    open: asyncio.Event = field(default_factory=asyncio.Event)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    def url(self, scheme: str = "smtp+plain", login: str = "") -> str:
        return f"{scheme}://{login}localhost:{self.port}"

    def ids(self) -> list[str]:
        return [str(mail["Message-ID"]) for mail in self.received]

    def bodies(self) -> list[str]:
        return [mail.get_content() for mail in self.received]

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._say(writer, "220 test")
            while line := (await reader.readline()).decode().strip():
                self.commands.append(line)
                if not await self._answer(line, reader, writer):
                    break
        except ConnectionError:
            pass
        finally:
            writer.close()

    async def _answer(self, line: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        verb = line.split(" ", 1)[0].upper()
        planned = self.answers.get(verb)
        if planned:
            return await self._say(writer, planned.pop(0))
        if verb == "DATA":
            await self._say(writer, "354 go on")
            return await self._take(await reader.readuntil(b"\r\n.\r\n"), writer)
        if verb == "RCPT":
            self.recipients.append(line.partition("<")[2].rstrip(">"))
        await self._say(writer, self._usual(verb))
        if verb == "STARTTLS" and self.trust is not None:
            await writer.start_tls(self.trust)
        return verb != "QUIT"

    def _usual(self, verb: str) -> str:
        starttls = "250-STARTTLS\r\n" if self.trust else ""
        usual = {
            "EHLO": f"250-test\r\n250-AUTH PLAIN\r\n{starttls}250 8BITMIME",
            "STARTTLS": "220 go ahead" if self.trust else "502 no",
            "AUTH": "235 welcome",
            "QUIT": "221 bye",
        }
        return usual.get(verb, "250 ok")

    async def _take(self, content: bytes, writer: asyncio.StreamWriter) -> bool:
        planned = self.answers.get("END")
        if planned:
            return await self._say(writer, planned.pop(0))
        mail = message_from_bytes(content.removesuffix(b".\r\n"), policy=cast("Any", default))
        self.received.append(cast("EmailMessage", mail))
        self.arrived.set()
        await self.open.wait()
        return await self._say(writer, "250 taken")

    async def _say(self, writer: asyncio.StreamWriter, line: str) -> bool:
        if line == "CUT":
            return False
        writer.write(f"{line}\r\n".encode())
        await writer.drain()
        return True


@asynccontextmanager
async def mailbox(trust: ssl.SSLContext | None = None) -> AsyncGenerator[Mailbox]:
    box = Mailbox(trust=trust)
    box.open.set()
    server = await asyncio.start_server(box.talk, "localhost", 0)
    box.port = server.sockets[0].getsockname()[1]
    try:
        yield box
    finally:
        box.open.set()
        server.close()
        await server.wait_closed()
