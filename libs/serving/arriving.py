"""A body too large to hold: it streams into a nameless file, is counted and hashed, and leaves nothing."""

import asyncio
import hashlib
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import IO, Final

from libs.serving.asgi import Receive
from libs.serving.disconnects import Disconnected
from libs.serving.problems import TooLarge, TooSlow

HELD: Final = 1_048_576
"""What a body may take of memory before it goes to a file that has no name."""
PIECE: Final = 65_536


@dataclass(frozen=True, slots=True)
class Arrived:
    """The whole body. `sha256` in hex."""

    content: IO[bytes]
    size: int
    sha256: str

    async def pieces(self) -> AsyncIterator[bytes]:
        self.content.seek(0)
        while piece := self.content.read(PIECE):
            yield piece


@asynccontextmanager
async def arriving(receive: Receive, *, most: int, seconds: float) -> AsyncGenerator[Arrived, None]:
    """Raises TooLarge, TooSlow, Disconnected; in each case nothing is left."""
    with tempfile.SpooledTemporaryFile(max_size=HELD) as file:
        try:
            async with asyncio.timeout(seconds):
                size, sha256 = await _spool(receive, file, most)
        except TimeoutError:
            raise TooSlow from None
        yield Arrived(file, size, sha256)


async def _spool(receive: Receive, file: IO[bytes], most: int) -> tuple[int, str]:
    size, hashed, more = 0, hashlib.sha256(), True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Disconnected
        piece: bytes = message.get("body", b"")
        size += len(piece)
        if size > most:
            raise TooLarge("body", most)
        file.write(piece)
        hashed.update(piece)
        more = message.get("more_body", False)
    return size, hashed.hexdigest()
