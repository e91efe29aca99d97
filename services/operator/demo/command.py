"""`tsunagari demo`: database, services, worker and people from one command; Ctrl-C ends all of it."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Annotated

import psutil
from cyclopts import Parameter
from rich.console import Console

from libs.errors.problems import InvalidInput, WrongState
from services.operator.demo.place import Place
from services.operator.demo.running import refuse_second, run_demo
from services.operator.ports import check_free

READY_SECONDS = 300
STOP_SECONDS = 60


def demo(
    *,
    port: Annotated[int, Parameter(help="platform's port; the secretariat's is the next")] = 8000,
    data: Annotated[Path, Parameter(help="folder of the demo's data")] = Path(".tsunagari"),
    wait: Annotated[bool, Parameter(help="--no-wait: return when ready and leave it running")] = True,
    fresh: Annotated[bool, Parameter(help="forget the data of an earlier demo first")] = False,
    stop: Annotated[bool, Parameter(help="end a demo that was left running")] = False,
) -> None:
    """Runs the whole product here: cities, a joint, a prefectural and the national platform, their people."""
    place = Place(data.resolve(), Path(".tsunagari").resolve())
    if not 1 <= port <= 65534:  # noqa: PLR2004 - two ports are needed
        raise InvalidInput("port", "ポートは1から65534までにしてください。", "The port must be 1 to 65534.")
    if stop:
        _stop(place)
    elif wait:
        asyncio.run(run_demo(place, port, Console(stderr=True), fresh=fresh))
    else:
        _leave_running(place, port, fresh=fresh)


def _leave_running(place: Place, port: int, *, fresh: bool) -> None:
    """Starts the demo as a process of its own and returns once it has written demo.json."""
    refuse_second(place)
    check_free("127.0.0.1", port)
    check_free("127.0.0.1", port + 1)
    place.make()
    place.demo_file.unlink(missing_ok=True)
    command = [sys.executable, "-m", "services.operator", "demo"]
    command += ["--port", str(port), "--data", str(place.data)]
    with place.log("demo").open("wb") as log:
        child = subprocess.Popen(  # noqa: S603 - our own command
            [*command, *(["--fresh"] if fresh else [])],
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    deadline = time.monotonic() + READY_SECONDS
    while not place.demo_file.exists():
        if child.poll() is not None or time.monotonic() > deadline:
            raise WrongState(
                "not started",
                f"デモを起動できませんでした。{place.log('demo')} を確認してください。",
                f"The demo did not start. Read {place.log('demo')}",
            )
        time.sleep(0.1)
    sys.stdout.write(place.log("demo").read_text(encoding="utf-8"))
    sys.stdout.write(f"\nleft running (pid {child.pid}); end it with: make demo ARGS=--stop\n")


def _stop(place: Place) -> None:
    pid = place.running_pid()
    if pid is None:
        raise WrongState("not running", "実行中のデモはありません。", "No demo is running here.")
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while psutil.pid_exists(pid):
        if time.monotonic() > deadline:
            raise WrongState(
                "still running",
                f"デモ(pid {pid})が終了しません。kill -9 {pid} で終了できます。",
                f"The demo (pid {pid}) does not end. kill -9 {pid} ends it, and all that it started.",
            )
        time.sleep(0.05)
