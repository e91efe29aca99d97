"""The whole run's log lines are kept, and searched for what the tests planted: none of it may be there."""

import os
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TextIO

from libs.observability import logs
from tests.stage.cities import ORGANISATIONS

FOLDER = "TSUNAGARI_TEST_LOGS"
# a JSON Web Token begins so, whoever it is of
TOKENS = ("eyJ", "Bearer ")
TEXTS = ("work@example.jp", "地域のつながりを広げたい", "相談と居場所")


def planted() -> tuple[str, ...]:
    """Names, addresses, stories and tokens that the tests give to the product."""
    from tests.channels.marks import PREFIXES
    from tests.referrals.conftest import ASK, SECRETS
    from tests.requests.conftest import SECRETS as OF_REQUESTS
    from tests.training.stage import SECRETS as OF_TRAINING

    names = [text for members in ORGANISATIONS.values() for _, _, *texts in members for text in texts]
    return (*names, *SECRETS, *OF_REQUESTS, *OF_TRAINING, *PREFIXES, ASK, *TEXTS, *TOKENS)


def keep_logs() -> None:
    """From now on this process writes its log as a deployment does, into the run's folder."""
    logs.configure(_stream(), "INFO")


def leaks(lines: Iterable[str]) -> list[str]:
    """The planted texts that stand in a line, each once."""
    return sorted({text for line in lines for text in planted() if text in line})


def leaked() -> tuple[int, list[str]]:
    """How many lines the run has written, and what of the planted is in them."""
    lines = [line for path in Path(os.environ[FOLDER]).glob("*.log") for line in _lines(path)]
    return len(lines), leaks(lines)


def own_lines() -> list[str]:
    """What this process has written so far."""
    stream = _stream()
    stream.flush()
    return _lines(Path(stream.name))


@cache
def _stream() -> TextIO:
    return Path(os.environ[FOLDER], f"{os.getpid()}.log").open("a", encoding="utf-8")


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()
