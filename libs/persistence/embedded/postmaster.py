"""The server's main process: started as our child, watched until it answers, ended with us."""

import atexit
import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass

from libs.persistence.embedded.binaries import Binaries
from libs.persistence.embedded.errors import not_started
from libs.persistence.embedded.files import Lock, append_to, turn_over
from libs.persistence.embedded.places import Home
from libs.persistence.embedded.ports import HOST, chosen_port, remember
from libs.persistence.embedded.processes import dies_with_parent, in_lasting_thread
from libs.persistence.embedded.readiness import answers, says_ready
from libs.persistence.embedded.remains import clear_remains, end_all
from libs.persistence.embedded.settings import command_line

_ATTEMPTS = 3
_PATIENCE = 120.0  # seconds; a crash recovery may have much to replay
_PAUSE = 0.005
_STEPS = ((signal.SIGINT, 30.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))  # fast, immediate, by force


@dataclass(frozen=True)
class Wish:
    """What the caller of `start` asked for; `settings` are checked."""

    port: int | None
    durable: bool
    settings: Mapping[str, str]


class Postmaster:
    """A server that answers on `port`. It holds the folder's lock until it is stopped."""

    def __init__(self, process: subprocess.Popen[bytes], home: Home, lock: Lock, port: int) -> None:
        self.port = port
        self.pid = process.pid
        self._process = process
        self._home = home
        self._lock = lock
        self._owner = os.getpid()
        self._mutex = threading.Lock()
        self._stopped = False
        atexit.register(self.stop)

    def stop(self) -> None:
        if os.getpid() != self._owner:  # a forked child's exit is not ours
            return
        with self._mutex:
            if not self._stopped:
                self._stopped = True
                self._stop()

    def _stop(self) -> None:
        try:
            _end(self._process, self._home)
        finally:
            self._lock.release()
            atexit.unregister(self.stop)


def launch(home: Home, binaries: Binaries, lock: Lock, wish: Wish) -> Postmaster:
    """Raises EmbeddedServerError when the server does not come up; its log says why."""
    turn_over(home.log)
    for _ in range(_ATTEMPTS):
        port = chosen_port(wish.port, home.port)
        process = in_lasting_thread(lambda port=port: _spawn(home, binaries, port, wish))
        if _comes_up(process, home, port):
            remember(port, home.port)
            return Postmaster(process, home, lock, port)
        clear_remains(home)  # the port was lost to somebody, or orphans without a pid file were in the way
    raise not_started(home.log)


def _spawn(home: Home, binaries: Binaries, port: int, wish: Wish) -> subprocess.Popen[bytes]:
    words = command_line(home.data, port, durable=wish.durable, settings=wish.settings)
    with append_to(home.log) as log:
        return subprocess.Popen(  # noqa: S603 - our own program, no shell
            [binaries.program("postgres"), *words],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env={"LC_ALL": "C"},
            cwd="/",
            umask=0o077,
            start_new_session=True,  # Ctrl-C is for us: we stop it when we are done with it
            preexec_fn=dies_with_parent(signal.SIGINT),  # noqa: PLW1509 - calls prctl, takes no lock
            **home.account.identity(),
        )


def _comes_up(process: subprocess.Popen[bytes], home: Home, port: int) -> bool:
    """False when it ended by itself. Leaves no process that did not come up, also when interrupted."""
    deadline = time.monotonic() + _PATIENCE
    ready = False
    try:
        while process.poll() is None and not ready:
            if time.monotonic() > deadline:
                raise not_started(home.log)
            time.sleep(_PAUSE)
            ready = says_ready(home.data, process.pid) and answers(HOST, port)
    finally:
        if not ready:
            _end(process, home)
    return ready


def _end(process: subprocess.Popen[bytes], home: Home) -> None:
    for step, seconds in _STEPS:
        if process.poll() is None:
            process.send_signal(step)
            _wait(process, seconds)
    if process.returncode != 0:  # it could not see to its backends
        end_all(home)


def _wait(process: subprocess.Popen[bytes], seconds: float) -> None:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return
