"""The product's tables as SQLAlchemy's ORM maps them: the columns that the pages show."""

import datetime as dt
import uuid

from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """Every tenant's table has these two as its key."""

    tenant_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)


class Organisation(Base):
    __tablename__ = "organisation"
    __table_args__ = {"schema": "tsunagari"}  # noqa: RUF012 - SQLAlchemy's own form

    name: Mapped[str]
    name_kana: Mapped[str]
    kind: Mapped[str]
    services: Mapped[str]
    area: Mapped[str]
    sort_key: Mapped[str]


class Person(Base):
    __tablename__ = "person"
    __table_args__ = {"schema": "tsunagari"}  # noqa: RUF012 - likewise

    name: Mapped[str]


class WorkingGroup(Base):
    __tablename__ = "working_group"
    __table_args__ = {"schema": "tsunagari"}  # noqa: RUF012 - likewise

    name: Mapped[str]
    purpose: Mapped[str]


class Seat(Base):
    __tablename__ = "seat"
    __table_args__ = {"schema": "tsunagari"}  # noqa: RUF012 - likewise

    working_group_id: Mapped[uuid.UUID]
    organisation_id: Mapped[uuid.UUID]
    from_on: Mapped[dt.date]
    until_on: Mapped[dt.date | None]


class Event(Base):
    __tablename__ = "event"
    __table_args__ = {"schema": "tsunagari"}  # noqa: RUF012 - likewise

    working_group_id: Mapped[uuid.UUID | None]
    title: Mapped[str]
    venue: Mapped[str]
    starts_at: Mapped[dt.datetime]
    over_at: Mapped[dt.datetime]


class Referral(Base):
    __tablename__ = "referral"
    __table_args__ = {"schema": "tsunagari"}  # noqa: RUF012 - likewise

    state: Mapped[str]
    ask: Mapped[str]
    urgency: Mapped[str]
    need_category: Mapped[str]
    age_band: Mapped[str]
    area: Mapped[str]
    posted_at: Mapped[dt.datetime | None]
    working_group_id: Mapped[uuid.UUID | None]
    sender_id: Mapped[uuid.UUID]
    recipient_id: Mapped[uuid.UUID | None]


class CardNote(Base):
    __tablename__ = "card_note"
    __table_args__ = {"schema": "tsunagari"}  # noqa: RUF012 - likewise

    referral_id: Mapped[uuid.UUID]
    author_id: Mapped[uuid.UUID]
    body: Mapped[str]
    created_at: Mapped[dt.datetime]
