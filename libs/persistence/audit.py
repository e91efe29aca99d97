"""The audit chain: one per tenant, append-only, each entry hashed with the one before it.

`audit_head` keeps the newest sequence number and hash, so that a cut tail is found too.
"""

import hashlib
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import asyncpg
import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from uuid_utils.compat import uuid7

from libs.persistence.actor import Actor
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import references_tenant, tenant_table

audit_entry = tenant_table(
    "audit_entry",
    sa.Column("sequence", sa.BigInteger(), nullable=False),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("person_id", sa.Uuid()),
    sa.Column("organisation_id", sa.Uuid()),
    sa.Column("action", sa.Text(), nullable=False),
    sa.Column("object_type", sa.Text(), nullable=False),
    sa.Column("object_id", sa.Uuid(), nullable=False),
    sa.Column("codes", JSONB(), nullable=False),
    sa.Column("hash", sa.LargeBinary(), nullable=False),
    sa.UniqueConstraint("tenant_id", "sequence"),
    references_tenant(),
)

audit_head = tenant_table(
    "audit_head",
    sa.Column("sequence", sa.BigInteger(), nullable=False),
    sa.Column("hash", sa.LargeBinary(), nullable=False),
    references_tenant(),
)

Row = Mapping[str, Any] | asyncpg.Record

GENESIS = bytes(32)


@dataclass(frozen=True, slots=True)
class Entry:
    at: datetime
    actor: Actor
    action: str
    object_type: str
    object_id: uuid.UUID
    codes: Mapping[str, str | int | None]


@dataclass(frozen=True, slots=True)
class Break:
    """The first place where the chain does not hold; `sequence` is the entry that should have stood there."""

    sequence: int
    reason: str


@dataclass(frozen=True, slots=True)
class Head:
    """Where a chain stood: to be kept where nobody who can write to the database can."""

    sequence: int
    hash: bytes


def row(tenant_id: uuid.UUID, entry: Entry) -> dict[str, Any]:
    """What APPEND needs: the columns, and the canonical bytes that are hashed with the head."""
    columns: dict[str, Any] = {
        "id": uuid7(),
        "at": entry.at,
        "person_id": entry.actor.person_id,
        "organisation_id": entry.actor.organisation_id,
        "action": entry.action,
        "object_type": entry.object_type,
        "object_id": entry.object_id,
        "codes": dict(entry.codes),
    }
    return {"viewer_tenant": tenant_id, **columns, "content": _canonical(columns)}


class Chain:
    """Recomputes one tenant's chain entry by entry, in order of sequence; it remembers no more than one.

    `kept` is a head that was taken elsewhere earlier: a chain that was rewritten whole differs there.
    """

    def __init__(self, kept: Head | None = None) -> None:
        self.length = 0
        self.broken: Break | None = None
        self._previous = GENESIS
        self._kept = kept

    def take(self, entry: Row) -> None:
        """The next one. After the first break nothing is judged any more."""
        if self.broken is not None:
            return
        self.broken = self._judged(entry)
        self.length += 1

    def end(self, head: Row | None) -> Break | None:
        """The first break, cut tails included; None when all of it holds."""
        if self.broken is not None:
            return self.broken
        if head is None or head["sequence"] != self.length:
            return Break(self.length + 1, "tail cut")
        if head["hash"] != self._previous:
            return Break(self.length, "head altered")
        if self._kept is not None and self._kept.sequence > self.length:
            return Break(self.length + 1, "shorter than the head kept elsewhere")
        return None

    def _judged(self, entry: Row) -> Break | None:
        expected = self.length + 1
        if entry["sequence"] != expected:
            return Break(expected, "missing")
        self._previous = hashlib.sha256(self._previous + _canonical(entry)).digest()
        if entry["hash"] != self._previous:
            return Break(expected, "altered")
        if self._kept is not None and self._kept.sequence == expected and self._kept.hash != self._previous:
            return Break(expected, "not the head kept elsewhere")
        return None


def first_break(entries: Iterable[Row], head: Row | None, kept: Head | None = None) -> Break | None:
    """Recomputes a tenant's chain, `entries` in order of sequence; None when all of it holds."""
    chain = Chain(kept)
    for entry in entries:
        chain.take(entry)
    return chain.end(head)


HASHED = ("id", "at", "person_id", "organisation_id", "action", "object_type", "object_id", "codes")


def _canonical(entry: Row) -> bytes:
    values = {name: entry[name] for name in HASHED}
    values["at"] = values["at"].astimezone(UTC).isoformat()
    return msgspec.json.encode(values, order="deterministic")


def _append() -> Statement:
    tenant = parameter(audit_head.c.tenant_id, "viewer_tenant")
    content = sa.bindparam("content", type_=sa.LargeBinary())
    head = (
        sa.update(audit_head)
        .where(audit_head.c.tenant_id == tenant)
        .values(
            sequence=audit_head.c.sequence + 1,
            hash=sa.func.sha256(audit_head.c.hash.concat(content)),
        )
        .returning(audit_head.c.tenant_id, audit_head.c.sequence, audit_head.c.hash)
        .cte("head")
    )
    return Statement(
        sa.insert(audit_entry)
        .from_select(
            ["tenant_id", "sequence", "hash", *HASHED],
            sa.select(
                head.c.tenant_id,
                head.c.sequence,
                head.c.hash,
                *(parameter(audit_entry.c[name]) for name in HASHED),
            ),
        )
        # Citus refuses INSERT … SELECT under row security unless it returns something
        .returning(audit_entry.c.id)
    )


APPEND = _append()
CHAIN = Statement(
    sa.select(audit_entry)
    .where(audit_entry.c.tenant_id == parameter(audit_entry.c.tenant_id, "viewer_tenant"))
    .order_by(audit_entry.c.sequence)
)
HEAD = Statement(
    sa.select(audit_head).where(audit_head.c.tenant_id == parameter(audit_head.c.tenant_id, "viewer_tenant"))
)
