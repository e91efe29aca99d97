"""The demo as its user starts it, and its people as they speak to it over HTTP."""

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil

ROOT = Path(__file__).parents[2]
READY_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Demo:
    """A running demo and what its demo.json says."""

    process: asyncio.subprocess.Process
    described: dict[str, Any]

    async def ask(self, who: str, query: str, /, **variables: Any) -> dict[str, Any]:
        """The data that this person gets; the first part of the name in demo.json is enough."""
        said = await self._said(who, query, variables)
        assert "errors" not in said, said
        data: dict[str, Any] = said["data"]
        return data

    async def do(self, who: str, mutation: str, /, **given: Any) -> dict[str, Any]:
        """One mutation's result, with its one input."""
        result: dict[str, Any] = next(iter((await self.ask(who, mutation, input=given)).values()))
        return result

    async def refused(self, who: str, query: str, /, **variables: Any) -> str:
        """The code with which this person is refused."""
        code: str = (await self._said(who, query, variables))["errors"][0]["extensions"]["code"]
        return code

    def processes(self) -> set[int]:
        """All that the demo has started, and itself."""
        parent = psutil.Process(self.process.pid)
        return {parent.pid, *(child.pid for child in parent.children(recursive=True))}

    async def _said(self, who: str, query: str, variables: dict[str, Any]) -> dict[str, Any]:
        person = next(each for each in self.described["people"] if each["name"].startswith(who))
        service = "platform" if person["tenant"] else "secretariat"
        async with httpx.AsyncClient(trust_env=False) as client:
            response = await client.post(
                f"{self.described[service]}/graphql",
                json={"query": query, "variables": variables},
                headers={"Authorization": f"Bearer {person['token']}"},
            )
        said: dict[str, Any] = response.json()
        return said


@asynccontextmanager
async def running_demo(folder: Path) -> AsyncGenerator[Demo]:
    """`tsunagari demo`, ended as by Ctrl-C."""
    _open(folder)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "services.operator", "demo", "--port", str(_free_pair())),
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    described = folder / ".tsunagari" / "demo.json"
    try:
        async with asyncio.timeout(READY_SECONDS):
            while not described.exists():
                assert process.returncode is None, "the demo ended before it was ready"
                await asyncio.sleep(0.1)
        yield Demo(process, json.loads(described.read_text(encoding="utf-8")))
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGINT)
            await process.wait()


def _open(folder: Path) -> None:
    folder.chmod(0o755)  # as root, the demo's database runs as a user who must get in
    (folder / ".tsunagari").mkdir(exist_ok=True)


def _free_pair() -> int:
    """A port that is free together with the next one."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = int(first.getsockname()[1])
            try:
                second.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port
