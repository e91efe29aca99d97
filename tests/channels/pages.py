"""The pages that need no account, each asked for plainly and with ids of referrals and cases for a key."""

from collections.abc import Iterator, Sequence
from typing import Any, Final, cast

from libs.serving.visitors import Visitors
from services.platform import app
from tests.stage.stage import settings_for

ELSEWHERE: Final = ("/healthz", "/readyz", "/metrics")


def public_paths(ids: Sequence[str]) -> Iterator[str]:
    """Every page that the app serves."""
    yield from ELSEWHERE
    for name in _names():
        yield from (f"/t/ikoma/{name}{key}" for key in (_keys(ids) if name.endswith("/") else ("",)))


def _keys(ids: Sequence[str]) -> Iterator[str]:
    for each in ids:
        yield from (each, each.rpartition("_")[2])


def _names() -> list[str]:
    """As the app itself has them: a page that is added is asked for too."""
    settings = settings_for("nothing")
    made: dict[str, Any] = cast("Any", app)._pages(
        None, Visitors(), settings.object_source().opened(), settings
    )
    return sorted(made)
