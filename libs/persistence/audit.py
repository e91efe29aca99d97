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


def first_break(entries: Iterable[Row], head: Row | None) -> Break | None:
    """Recomputes a tenant's chain, `entries` in order of sequence; None when all of it holds."""
    expected, previous = 1, GENESIS
    for entry in entries:
        if entry["sequence"] != expected:
            return Break(expected, "missing")
        previous = hashlib.sha256(previous + _canonical(entry)).digest()
        if entry["hash"] != previous:
            return Break(expected, "altered")
        expected += 1
    if head is None or head["sequence"] != expected - 1:
        return Break(expected, "tail cut")
    return None if head["hash"] == previous else Break(expected - 1, "head altered")


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
