"""Strawberry's types with a resolver for each link."""

import datetime as dt
import uuid
from typing import Annotated

import sqlalchemy as sa
import strawberry
from strawberry import Info
from strawberry.scalars import ID

from tests.bench.peers import usual_tables as tables
from tests.bench.peers.usual_loading import Loading


def _loading(info: Info) -> Loading:
    return info.context["loading"]


@strawberry.type
class Organisation:
    id: ID
    name: str
    name_kana: str
    kind: str
    services: str
    area: str

    @classmethod
    def of(cls, row: tables.Organisation) -> "Organisation":
        return cls(
            id=ID(str(row.id)),
            name=row.name,
            name_kana=row.name_kana,
            kind=row.kind,
            services=row.services,
            area=row.area,
        )


@strawberry.type
class Person:
    id: ID
    name: str


@strawberry.type
class CardNote:
    id: ID
    body: str
    created_at: dt.datetime
    row: strawberry.Private[tables.CardNote]

    @strawberry.field
    async def author(self, info: Info) -> Person | None:
        row = await _loading(info).people.load(self.row.author_id)
        return None if row is None else Person(id=ID(str(row.id)), name=row.name)


@strawberry.type
class Referral:
    id: ID
    state: str
    ask: str
    urgency: str
    need_category: str
    age_band: str
    area: str
    posted_at: dt.datetime | None
    row: strawberry.Private[tables.Referral]

    @classmethod
    def of(cls, row: tables.Referral) -> "Referral":
        return cls(
            id=ID(str(row.id)),
            state=row.state,
            ask=row.ask,
            urgency=row.urgency,
            need_category=row.need_category,
            age_band=row.age_band,
            area=row.area,
            posted_at=row.posted_at,
            row=row,
        )

    @strawberry.field
    async def sender(self, info: Info) -> Organisation | None:
        return await _organisation(info, self.row.sender_id)

    @strawberry.field
    async def recipient(self, info: Info) -> Organisation | None:
        return await _organisation(info, self.row.recipient_id)

    @strawberry.field
    async def notes(self, info: Info) -> list[CardNote]:
        return [
            CardNote(id=ID(str(row.id)), body=row.body, created_at=row.created_at, row=row)
            for row in await _loading(info).notes.load(self.row.id)
        ]


@strawberry.type
class Event:
    id: ID
    title: str
    venue: str
    starts_at: dt.datetime


@strawberry.type
class WorkingGroup:
    id: ID
    name: str
    purpose: str

    @strawberry.field
    async def next_event(self, info: Info) -> Event | None:
        row = await _loading(info).next_events.load(uuid.UUID(self.id))
        if row is None:
            return None
        return Event(id=ID(str(row.id)), title=row.title, venue=row.venue, starts_at=row.starts_at)


@strawberry.type
class PageInfo:
    has_next_page: bool


@strawberry.type
class Directory:
    nodes: list[Organisation]
    total_count: int
    page_info: PageInfo


Group = Annotated[uuid.UUID, strawberry.argument(description="working group")]


@strawberry.type
class Query:
    @strawberry.field
    async def board(self, info: Info, group: Group, first: int) -> list[Referral]:
        loading, row = _loading(info), tables.Referral
        wanted = (
            sa.select(row)
            .where(
                row.tenant_id == loading.tenant_id,
                row.working_group_id == group,
                row.posted_at.is_not(None),
                row.state != "void",
            )
            .order_by(row.id.desc())
            .limit(first)
        )
        return [Referral.of(found) for found in await loading.rows(wanted)]

    @strawberry.field
    async def referral(self, info: Info, id: uuid.UUID) -> Referral | None:
        loading, row = _loading(info), tables.Referral
        found = await loading.rows(
            sa.select(row).where(row.tenant_id == loading.tenant_id, row.id == id),
        )
        return Referral.of(found[0]) if found else None

    @strawberry.field
    async def organisations(self, info: Info, first: int) -> Directory:
        loading, row = _loading(info), tables.Organisation
        own = row.tenant_id == loading.tenant_id
        found = await loading.rows(sa.select(row).where(own).order_by(row.sort_key, row.id).limit(first + 1))
        total = await loading.count(sa.select(sa.func.count()).select_from(row).where(own))
        nodes = [Organisation.of(each) for each in found[:first]]
        return Directory(nodes=nodes, total_count=total, page_info=PageInfo(has_next_page=len(found) > first))

    @strawberry.field
    async def my_groups(self, info: Info, organisation: uuid.UUID) -> list[WorkingGroup]:
        loading, seat = _loading(info), tables.Seat
        today = sa.func.current_date()
        seats = await loading.rows(
            sa.select(seat).where(
                seat.tenant_id == loading.tenant_id,
                seat.organisation_id == organisation,
                seat.from_on <= today,
                sa.or_(seat.until_on.is_(None), seat.until_on > today),
            )
        )
        rows = await loading.groups.load_many([each.working_group_id for each in seats])
        return [WorkingGroup(id=ID(str(row.id)), name=row.name, purpose=row.purpose) for row in rows if row]


async def _organisation(info: Info, identity: uuid.UUID | None) -> Organisation | None:
    row = None if identity is None else await _loading(info).organisations.load(identity)
    return None if row is None else Organisation.of(row)


schema = strawberry.Schema(Query)
