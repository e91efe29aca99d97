"""A platform and a worker as processes of their own on a test's database, to be killed and started again."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncGenerator, Mapping
from pathlib import Path
from typing import Final

import msgspec

from libs.persistence.roles import APP, WORKER
from tests.bench.processes import free_port
from tests.bench.sides import UNLIMITED
from tests.stage.server import url_of
from tests.stage.tokens import key_folder, trusted

COMMAND: Final = (sys.executable, "-m", "services.operator")


class Killable:
    """One process that is there again after it was killed."""

    def __init__(self, command: tuple[str, ...], environment: Mapping[str, str], log: Path) -> None:
        self._command = command
        self._environment = {**os.environ, **environment}
        self._log = log
        self._process: asyncio.subprocess.Process | None = None
        self.killed = 0

    async def start(self) -> None:
        with self._log.open("ab") as words:
            self._process = await asyncio.create_subprocess_exec(
                *self._command, env=self._environment, stdout=words, stderr=words
            )

    async def kill(self) -> None:
        """SIGKILL, then a new one at once. Raises RuntimeError where it had ended by itself."""
        await self._end(signal.SIGKILL)
        self.killed += 1
        await self.start()

    async def stop(self) -> None:
        await self._end(signal.SIGTERM)

    async def _end(self, number: signal.Signals) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            raise RuntimeError(f"it ended by itself: {self._log.read_text(errors='replace')[-2_000:]}")
        process.send_signal(number)
        await process.wait()


class Deployment:
    """`tsunagari serve` and `tsunagari worker` on one database."""

    def __init__(self, database: str, folder: Path) -> None:
        self.port = free_port()
        environment = {
            "TSUNAGARI_MODE": "demo",
            "TSUNAGARI_DATABASE_URL": url_of(database, APP),
            "TSUNAGARI_WORKER_DATABASE_URL": url_of(database, WORKER),
            "TSUNAGARI_ISSUERS": msgspec.json.encode([trusted()]).decode(),
            "TSUNAGARI_KEY_FOLDER": str(key_folder()),
            **UNLIMITED,
        }
        serve = (*COMMAND, "serve", "--port", str(self.port))
        self._environment, self._folder = environment, folder
        self.platform = Killable(serve, environment, folder / "platform.log")
        self.worker = self.another_worker("worker.log")

    def another_worker(self, log: str = "another.log") -> Killable:
        return Killable((*COMMAND, "worker"), self._environment, self._folder / log)


@contextlib.asynccontextmanager
async def deployed(database: str, folder: Path) -> AsyncGenerator[Deployment]:
    """Both processes until the block ends; the database stays."""
    deployment = Deployment(database, folder)
    both = (deployment.platform, deployment.worker)
    for each in both:
        await each.start()
    try:
        yield deployment
    finally:
        for each in both:
            await each.stop()
