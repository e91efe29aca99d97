"""The demo's mail server: takes what the worker sends, from this machine alone, and files it as texts.

No mail leaves the machine. It speaks as much of SMTP (RFC 5321) as the worker does.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from functools import partial
from pathlib import Path
from typing import Final

MOST_BYTES: Final = 1_048_576
END: Final = b"\r\n.\r\n"
_ANSWERS: Final = {b"EHLO": b"250-demo\r\n250 8BITMIME", b"DATA": b"354 go on", b"QUIT": b"221 bye"}


@asynccontextmanager
async def mail_folder(folder: Path) -> AsyncGenerator[str]:
    """The address to send to, as TSUNAGARI_SMTP_URL takes it; each mail becomes the folder's next file."""
    server = await asyncio.start_server(partial(_talk, folder), "127.0.0.1", 0, limit=MOST_BYTES)
    port = server.sockets[0].getsockname()[1]
    try:
        yield f"smtp+plain://127.0.0.1:{port}"
    finally:
        server.close()


async def _talk(folder: Path, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        await _say(writer, b"220 demo")
        while line := await reader.readline():
            verb = line.split(maxsplit=1)[0].upper() if line.strip() else b""
            await _say(writer, _ANSWERS.get(verb, b"250 ok"))
            if verb == b"DATA":
                _file(folder, await reader.readuntil(END))
                await _say(writer, b"250 filed")
            elif verb == b"QUIT":
                break
    except (ConnectionError, asyncio.IncompleteReadError, ValueError):
        pass  # the worker sends again what was not taken
    finally:
        writer.close()


async def _say(writer: asyncio.StreamWriter, line: bytes) -> None:
    writer.write(line + b"\r\n")
    await writer.drain()


def _file(folder: Path, content: bytes) -> None:
    """Readable by the demo's user alone: letters hold links and codes."""
    mail = message_from_bytes(content.removesuffix(END[2:]), policy=policy.default)
    body = mail.get_body(("plain",))
    said = body.get_content().replace("\r\n", "\n") if body else ""
    text = f"To: {mail['To']}\nSubject: {mail['Subject']}\n\n{said}"
    path = folder / f"{len(list(folder.iterdir())) + 1:04}.txt"
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")
