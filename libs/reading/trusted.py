"""Trusted documents: registered at deploy, named by clients through the SHA-256 of their text."""

import asyncio
import hashlib
import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from libs.persistence.database import Context, Database
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import shared_table
from libs.reading.documents import DOCUMENTS_REMEMBERED

trusted_document = shared_table(
    "trusted_document",
    sa.Column("hash", sa.Text(), primary_key=True),
    sa.Column("name", sa.Text(), nullable=False),
    sa.Column("text", sa.Text(), nullable=False),
    sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("hash ~ '^[0-9a-f]{64}$'", name="hash"),
    reason="texts of a deployment's own clients, the same for all tenants; app reads, operators register",
)

HASH: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Registered:
    hash: str
    name: str
    registered_at: datetime


class TrustedDocuments:
    """The bounded memory of registered texts by hash; `own` are those that the service itself asks with."""

    def __init__(self, database: Database, own: Sequence[str] = ()) -> None:
        self._database = database
        self._own: Mapping[str, str] = {hash_of(text): text for text in own}
        self._known: OrderedDict[str, str] = OrderedDict()
        self._looking = asyncio.Lock()

    def __len__(self) -> int:
        """How many are remembered."""
        return len(self._known)

    async def text(self, hash: str) -> str | None:
        """None for a hash that nobody registered."""
        return self._own.get(hash) or self._known.get(hash) or await self._found(hash)

    async def _found(self, hash: str) -> str | None:
        """One at a time: a flood of made-up hashes waits behind itself and takes one connection."""
        async with self._looking:
            found = self._known.get(hash)
            if found is None:
                found = await self._database.read(Context(None), FIND.sql, FIND.arguments({"hash": hash}))
            if found is not None:
                self._remember(hash, found)
            return found

    def _remember(self, hash: str, text: str) -> None:
        self._known[hash] = text
        if len(self._known) > DOCUMENTS_REMEMBERED:
            self._known.popitem(last=False)


def hash_of(text: str) -> str:
    """SHA-256 in 64 lower-case hex digits, as Apollo's extension and `documentId` name a document."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


async def register(database: Database, texts: Mapping[str, str]) -> None:
    """All of them or none, by name; one that is registered already stays as it is."""
    async with database.outside_tenants() as connection:
        for name, text in texts.items():
            row = {"hash": hash_of(text), "name": name, "text": text, "registered_at": database.clock()}
            await connection.execute(REGISTER.sql, *REGISTER.arguments(row))


async def registered(database: Database) -> list[Registered]:
    """In the order of their names."""
    async with database.reading(Context(None)) as connection:
        rows = await connection.fetch(LIST.sql)
    return [Registered(row["hash"], row["name"], row["registered_at"]) for row in rows]


def _register() -> Statement:
    values = {column.name: parameter(column) for column in trusted_document.columns}
    return Statement(insert(trusted_document).inline().values(values).on_conflict_do_nothing())


FIND = Statement(
    sa.select(trusted_document.c.text).where(trusted_document.c.hash == parameter(trusted_document.c.hash))
)
LIST = Statement(
    sa.select(trusted_document.c.hash, trusted_document.c.name, trusted_document.c.registered_at).order_by(
        trusted_document.c.name, trusted_document.c.hash
    )
)
REGISTER = _register()
