"""Every statement that the product's roles send in any test is read once, and a bad one fails its test."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import asyncpg
import pytest

from libs.persistence.database import Database
from tests.stage.statement_rules import broken_rules

_seen: set[str] = set()
_bad: dict[str, tuple[str, ...]] = {}


class WatchedConnection(asyncpg.Connection):
    """asyncpg's connection, whose statements are noted."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        untyped: Any = super()
        untyped.__init__(*args, **settings)
        untyped.add_query_logger(_note_sent)

    async def prepare(self, query: str, **settings: Any) -> Any:
        """Prepared statements pass by asyncpg's own log of queries."""
        _note(query)
        untyped: Any = super()
        return await untyped.prepare(query, **settings)


def _note_sent(sent: Any) -> None:
    _note(sent.query)


def _note(text: str) -> None:
    if text not in _seen:
        _seen.add(text)
        if broken := broken_rules(text):
            _bad[text] = broken


@contextmanager
def all_watched() -> Generator[None]:
    """Every `Database` that is opened meanwhile has watched connections."""
    opening: Any = vars(Database)["open"].__func__

    async def watched(cls: type[Database], url: str, **settings: Any) -> Database:
        settings.setdefault("connection_class", WatchedConnection)
        return await opening(cls, url, **settings)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Database, "open", classmethod(watched))
        yield


def refuse_bad_statements() -> None:
    """Raises AssertionError with each text that broke a rule since the last call."""
    bad = dict(_bad)
    _bad.clear()
    for text in bad:
        _seen.discard(text)
    assert not bad, "\n\n".join(f"{text}\n  → {'; '.join(broken)}" for text, broken in bad.items())


def seen() -> frozenset[str]:
    """The distinct texts that this process sent so far."""
    return frozenset(_seen)
