"""A server of somebody's in a process of its own: started, awaited, ended."""

import asyncio
import os
import socket
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Running:
    port: int
    pid: int


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@asynccontextmanager
async def running(
    command: Sequence[str], port: int, environment: Mapping[str, str], log: Path
) -> AsyncGenerator[Running]:
    """Until the block ends. Raises RuntimeError with its last words where it does not begin to listen."""
    async with started(command, environment, log) as process:
        await _listening(port, process, log)
        yield Running(port, process.pid)


@asynccontextmanager
async def started(
    command: Sequence[str], environment: Mapping[str, str], log: Path
) -> AsyncGenerator[asyncio.subprocess.Process]:
    with log.open("wb") as words:
        process = await asyncio.create_subprocess_exec(
            *command, env={**os.environ, **environment}, stdout=words, stderr=words
        )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


async def _listening(port: int, process: asyncio.subprocess.Process, log: Path) -> None:
    async with asyncio.timeout(PATIENCE):
        while process.returncode is None:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.1)
            else:
                writer.close()
                await writer.wait_closed()
                return
    raise RuntimeError(f"it did not start: {_last_words(log)}")


def _last_words(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")[-2_000:]
