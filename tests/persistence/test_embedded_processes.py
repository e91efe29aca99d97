"""Children that die with their parent, and the thread that starts them."""

import signal
import subprocess
import sys

import psutil
import pytest

from libs.persistence.embedded.processes import dies_with_parent, in_lasting_thread
from tests.persistence.embedded_places import ROOT, alive, becomes

PARENT = """
import signal, subprocess, sys
from libs.persistence.embedded.processes import dies_with_parent
bound = subprocess.Popen(["sleep", "60"], stdout=subprocess.DEVNULL,
    preexec_fn=dies_with_parent(signal.SIGTERM))
free = subprocess.Popen(["sleep", "60"], stdout=subprocess.DEVNULL)
print(bound.pid, free.pid, flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="PR_SET_PDEATHSIG is Linux's")
def test_children_die_with_their_parent():
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], cwd=ROOT, stdin=pipe, stdout=pipe, text=True
    ) as parent:
        assert parent.stdout
        bound, free = (psutil.Process(int(pid)) for pid in parent.stdout.readline().split())
        assert len(alive([bound, free])) == 2
        parent.kill()
        parent.wait()
    try:
        assert becomes(lambda: not alive([bound]))
        assert alive([free])
    finally:
        free.kill()


def test_the_lasting_thread_hands_on_answers_and_errors():
    assert in_lasting_thread(lambda: 6 * 7) == 42
    with pytest.raises(ZeroDivisionError):
        in_lasting_thread(lambda: 1 // 0)
    assert callable(dies_with_parent(signal.SIGTERM))
