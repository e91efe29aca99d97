"""What the product sends to PostgreSQL while something is done in it, with the values that it sends."""

import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

import asyncpg

from libs.persistence.database import Database
from tests.stage.stage import Stage, staged_on

BEGINNING = "BEGIN READ WRITE"
END = "COMMIT"
_OF_THE_DRIVER = re.compile(r"typeinfo_tree|set_config\('jit'|current_setting\('jit'")


@dataclass(frozen=True, slots=True)
class Sent:
    """One statement and its values in `$1..$n` order."""

    sql: str
    values: Sequence[Any]


@dataclass
class Recorded:
    """Everything that was sent, by connection, in its order."""

    sent: dict[int, list[Sent]] = field(default_factory=dict[int, list[Sent]])

    def last_work(self) -> list[Sent]:
        """The statements of the last write transaction that was committed, without its beginning and end."""
        for every in self.sent.values():
            texts = [each.sql for each in every]
            begun = [place for place, text in enumerate(texts) if text.startswith(BEGINNING)]
            if begun and END in texts[begun[-1] :]:
                return every[begun[-1] + 1 : texts.index(END, begun[-1])]
        raise LookupError("nothing was written")


@asynccontextmanager
async def recorded_on(database: str) -> AsyncGenerator[tuple[Stage, Recorded]]:
    """The platform in this process on a database, with all that it sends noted."""
    recorded = Recorded()

    class Recording(asyncpg.Connection):
        def __init__(self, *args: Any, **settings: Any) -> None:
            untyped: Any = super()
            untyped.__init__(*args, **settings)
            own = recorded.sent.setdefault(id(self), [])

            def note(said: Any) -> None:
                # what the driver asks once a connection about types is no part of a write
                if _OF_THE_DRIVER.search(said.query) is None:
                    own.append(Sent(said.query, tuple(said.args or ())))

            untyped.add_query_logger(note)

    opening: Any = vars(Database)["open"].__func__

    async def opened(cls: type[Database], url: str, **settings: Any) -> Database:
        return await opening(cls, url, **settings | {"connection_class": Recording})

    with patch.object(Database, "open", classmethod(opened)):
        async with staged_on(database) as stage:
            yield stage, recorded
