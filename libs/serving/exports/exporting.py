"""Making one file: who asks is admitted, rows are read and written, the audit says so, and then it goes."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Final, Protocol

from libs.errors.problems import Unauthenticated
from libs.persistence.actor import Actor
from libs.persistence.sealing.vault import Vault
from libs.policy.acting import Acting
from libs.reading.engine import Engine
from libs.serving.asking import Asking, Callers
from libs.serving.exports.asked import Asked
from libs.serving.exports.cells import Cells
from libs.serving.exports.reading import Reading
from libs.serving.exports.writing import Writer, writer
from libs.serving.problems import Unavailable
from libs.serving.service import Caller, GraphQLService
from libs.tenancy.viewer import ViewerOutdated
from libs.tenancy.viewers import Viewers

MOST_AT_ONCE: Final = 4
"""Files under way in one process: each holds a place among its reads for as long as it takes."""
MOST_SECONDS: Final = 120
VIEWER_TRIES: Final = 10
RETRY_SECONDS: Final = 10


@dataclass(frozen=True, slots=True)
class Made:
    """What the audit keeps of an export: which list in which form, and how many rows left the platform."""

    name: str
    format: str
    rows: int


class Permit(Protocol):
    """Raises where the asker may not export; with `made` it also records what they did."""

    async def __call__(self, acting: Acting, made: Made | None) -> None: ...


@dataclass(frozen=True, slots=True)
class File:
    """`replaced`: characters that the encoding lacks. `content` is open until the export's stack closes."""

    media: bytes
    content: IO[bytes]
    replaced: int


@dataclass(frozen=True, slots=True)
class _Doors:
    engine: Engine
    callers: Callers
    vault: Vault


@dataclass(slots=True)
class Exporting:
    """One for a process. Routes are made before the database is open; callers come after."""

    permit: Permit
    most_at_once: int = MOST_AT_ONCE
    _running: int = 0
    _doors: _Doors = field(init=False)

    def open(self, engine: Engine, callers: Callers, vault: Vault) -> None:
        self._doors = _Doors(engine, callers, vault)

    def now(self) -> datetime:
        return self._doors.engine.database.clock()

    async def file(self, service: GraphQLService, caller: Caller, asked: Asked, until: ExitStack) -> File:
        """The whole file, so that what fails half-way is an error and never half a list.

        Raises Unauthenticated, NotAllowed, NotFound, TooMuch, Unavailable, and what the read raises.
        """
        if self._running >= self.most_at_once:
            raise Unavailable(RETRY_SECONDS)
        self._running += 1
        try:
            async with asyncio.timeout(MOST_SECONDS):
                return await self._made(service, caller, asked, until)
        except TimeoutError:
            raise Unavailable(RETRY_SECONDS) from None
        finally:
            self._running -= 1

    async def _made(self, service: GraphQLService, caller: Caller, asked: Asked, until: ExitStack) -> File:
        asking = await self._doors.callers.asking(caller)
        await self._act(asking, lambda acting: self.permit(acting, None))
        cells, reading = Cells.of(asked), Reading(service, caller)
        file = writer(asked, cells.header())
        until.callback(file.close)
        async for page in reading.pages(asked):
            await asyncio.to_thread(file.write, [cells.row(row) for row in page])
        made = Made(asked.export.name, asked.format, reading.rows)
        content = await _finished(file)
        await self._act(asking, lambda acting: self.permit(acting, made))
        return File(file.media, content, file.replaced)

    async def _act(self, asking: Asking, action: Callable[[Acting], Awaitable[None]]) -> None:
        """In a Work of the person who asks. Raises Unauthenticated for who is nobody here."""
        engine = self._doors.engine
        for _ in range(VIEWER_TRIES):
            viewer = await asking.viewer()
            if asking.identity is None or viewer.person_id is None:
                raise Unauthenticated("no person of the platform")
            access = await engine.access(viewer)
            actor = Actor(viewer.person_id, viewer.organisation_id)
            try:
                async with engine.database.work(viewer.tenant_id, actor, account=viewer.account) as work:
                    await Viewers.check(viewer, work)
                    await action(Acting(work, viewer, access, self._doors.vault))
                    return
            except ViewerOutdated:
                asking.forget_viewer()
        raise Unavailable


async def _finished(file: Writer) -> IO[bytes]:
    return await asyncio.to_thread(file.finish)
