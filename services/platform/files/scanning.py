"""Asking a scanner for malware about what was sent. Without one files are only looked into (`inspection`).

clamd's INSTREAM command (ClamAV, clamd(8)): pieces, each behind its length in four bytes, an empty one at the
end, and one line of answer. Nothing is written on the scanner's side.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final, Protocol
from urllib.parse import urlsplit

import structlog

from libs.errors.problems import InvalidInput
from libs.serving.problems import Unavailable
from services.platform.files.inspection import FIELD

SCHEME: Final = "clamd"
PORT: Final = 3310
SECONDS: Final = 60.0
RETRY_SECONDS: Final = 60
MOST_ANSWER: Final = 4_096

_log: structlog.typing.FilteringBoundLogger = structlog.get_logger("services.platform.files.scanning")


class Scanner(Protocol):
    async def check(self, content: AsyncIterable[bytes]) -> None:
        """Raises InvalidInput for what carries malware, Unavailable where nobody can say."""
        ...


class NoScanner:
    """A deployment that scans nothing here: its municipalities' own 無害化 does."""

    async def check(self, content: AsyncIterable[bytes]) -> None:  # noqa: ARG002 - a scanner's
        return


@dataclass(frozen=True, slots=True)
class Clamd:
    """A clamd in the deployment's own network: what it gets is not sealed."""

    host: str
    port: int = PORT
    seconds: float = SECONDS

    @classmethod
    def of(cls, url: str) -> "Clamd":
        """Of `clamd://host:port`. Raises ValueError."""
        parts = urlsplit(url)
        if parts.scheme != SCHEME or not parts.hostname or parts.path or parts.query or parts.username:
            raise ValueError(url)
        return cls(parts.hostname, parts.port or PORT)

    async def check(self, content: AsyncIterable[bytes]) -> None:
        answer = await self._asked(b"zINSTREAM\0", content)
        if answer == b"stream: OK":
            return
        if answer.startswith(b"stream: ") and answer.endswith(b" FOUND"):
            raise _infected()
        _log.warning("scanner", answer="not understood")
        raise Unavailable(RETRY_SECONDS)

    async def is_there(self) -> bool:
        """Whether it answers. Raises Unavailable."""
        return await self._asked(b"zPING\0", None) == b"PONG"

    async def _asked(self, command: bytes, content: AsyncIterable[bytes] | None) -> bytes:
        """Raises Unavailable for whatever keeps the scanner from answering."""
        try:
            async with asyncio.timeout(self.seconds), self._connected() as (reader, writer):
                writer.write(command)
                if content is not None:
                    await _send(writer, content)
                answer = await reader.readuntil(b"\0")
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
            _log.warning("scanner", failed=type(error).__name__)
            raise Unavailable(RETRY_SECONDS) from None
        return answer.rstrip(b"\0").strip()

    @asynccontextmanager
    async def _connected(self) -> AsyncGenerator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        reader, writer = await asyncio.open_connection(self.host, self.port, limit=MOST_ANSWER)
        try:
            yield reader, writer
        finally:
            writer.close()


async def _send(writer: asyncio.StreamWriter, content: AsyncIterable[bytes]) -> None:
    async for piece in content:
        writer.write(len(piece).to_bytes(4, "big") + piece)
        await writer.drain()
    writer.write(bytes(4))
    await writer.drain()


def _infected() -> InvalidInput:
    return InvalidInput(
        FIELD,
        "ウイルスなどの不正なプログラムが見つかったため、受け付けませんでした。お使いの端末を検査し、"
        "情報システムの担当者にご連絡ください。",
        "Malware was found in this file, so it was not taken. Scan your computer and tell those "
        "who look after it.",
        detail="INFECTED",
    )
