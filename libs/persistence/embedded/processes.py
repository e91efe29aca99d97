"""Child processes that don't outlive this one, however it ends."""

import ctypes
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import cache, partial
from queue import SimpleQueue
from typing import TypeVar

T = TypeVar("T")
_SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of <linux/prctl.h>
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None  # loaded here: a forked child must not import


def dies_with_parent(signal: int) -> Callable[[], None]:
    """The `preexec_fn` of a child that shall get `signal` when this process ends, even by kill -9.

    Linux only; elsewhere it does nothing. Linux counts the end of the *thread* that started the child as the
    parent's death: start children from the main thread or through `in_lasting_thread`. A change of user
    clears the wish; `subprocess` changes it before it calls `preexec_fn`, so `user=` goes together with this.
    """
    return partial(_die_with, os.getpid(), signal)


def _die_with(parent: int, signal: int) -> None:
    if _LIBC is None:
        return
    if _LIBC.prctl(_SET_PARENT_DEATH_SIGNAL, signal, 0, 0, 0) != 0 or os.getppid() != parent:
        os._exit(1)  # the parent died before the wish was made


def in_lasting_thread(call: Callable[[], T]) -> T:
    """What `call` returns or raises, run in a thread that lives as long as this process."""
    answer: Future[T] = Future()
    _calls(os.getpid()).put(partial(_settle, answer, call))
    return answer.result()


@cache
def _calls(_process: int) -> SimpleQueue[Callable[[], None]]:
    """By process id, because a forked child has the queue but not the thread that serves it."""
    calls: SimpleQueue[Callable[[], None]] = SimpleQueue()
    # A daemon thread: others are ended before the exit handlers run, and the children with them.
    threading.Thread(target=_serve, args=(calls,), name="starts children", daemon=True).start()
    return calls


def _serve(calls: SimpleQueue[Callable[[], None]]) -> None:
    while True:
        calls.get()()


def _settle(answer: Future[T], call: Callable[[], T]) -> None:
    try:
        answer.set_result(call())
    except BaseException as error:  # noqa: BLE001 - whatever it is, it belongs to the asking thread
        answer.set_exception(error)
