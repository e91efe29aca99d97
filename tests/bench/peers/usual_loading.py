"""One request's session, and the data loaders that fetch in batches through it."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from strawberry.dataloader import DataLoader

from tests.bench.peers.usual_tables import Base, CardNote, Event, Organisation, Person, WorkingGroup

_Row = TypeVar("_Row", bound=Base)
NOTES = 3


class Loading:
    """A session serves one statement at a time, so loaders that become due together wait for one another."""

    def __init__(self, session: AsyncSession, tenant_id: uuid.UUID) -> None:
        self.tenant_id = tenant_id
        self._session = session
        self._turn = asyncio.Lock()
        self.organisations = DataLoader(self._by_id(Organisation))
        self.people = DataLoader(self._by_id(Person))
        self.groups = DataLoader(self._by_id(WorkingGroup))
        self.notes = DataLoader(self._notes)
        self.next_events = DataLoader(self._next_events)

    async def rows(self, statement: "sa.Select[_Row]") -> Sequence[_Row]:
        async with self._turn:
            return (await self._session.scalars(statement)).all()

    async def count(self, statement: "sa.Select[int]") -> int:
        async with self._turn:
            return await self._session.scalar(statement) or 0

    def _by_id(self, of: type[_Row]) -> Callable[[list[uuid.UUID]], Awaitable[list[_Row | None]]]:
        async def load(ids: list[uuid.UUID]) -> list[_Row | None]:
            wanted = sa.select(of).where(of.tenant_id == self.tenant_id, of.id.in_(ids))
            found = {row.id: row for row in await self.rows(wanted)}
            return [found.get(identity) for identity in ids]

        return load

    async def _notes(self, ids: list[uuid.UUID]) -> list[list[CardNote]]:
        """The newest notes of each card."""
        place = sa.func.row_number().over(partition_by=CardNote.referral_id, order_by=CardNote.id.desc())
        numbered: Any = (
            sa.select(CardNote, place.label("place"))
            .where(CardNote.tenant_id == self.tenant_id, CardNote.referral_id.in_(ids))
            .subquery()
        )
        newest = aliased(CardNote, numbered)
        wanted = sa.select(newest).where(numbered.c.place <= NOTES).order_by(newest.id.desc())
        found: dict[uuid.UUID, list[CardNote]] = {identity: [] for identity in ids}
        for note in await self.rows(wanted):
            found[note.referral_id].append(note)
        return list(found.values())

    async def _next_events(self, ids: list[uuid.UUID]) -> list[Event | None]:
        """The next event of each working group."""
        wanted = (
            sa.select(Event)
            .where(
                Event.tenant_id == self.tenant_id,
                Event.working_group_id.in_(ids),
                Event.over_at > sa.func.now(),
            )
            .distinct(Event.working_group_id)
            .order_by(Event.working_group_id, Event.starts_at, Event.id)
        )
        found = {event.working_group_id: event for event in await self.rows(wanted)}
        return [found.get(identity) for identity in ids]
