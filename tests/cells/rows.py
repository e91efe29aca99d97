"""Rows of which every column holds something, so that a null in an answer is the policy's doing."""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any, Final, cast

import asyncpg
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from libs.persistence.connections import Connection
from libs.persistence.roles import SCHEMA
from libs.tenancy.viewer import JAPAN
from migrations.metadata import metadata

NOW: Final = datetime(2026, 4, 1, 3, tzinfo=UTC)

OTHERWISE: Final[Mapping[tuple[str, str], Any]] = {
    ("platform_settings", "policy_version"): 1,
    ("organisation", "status"): "active",
    ("person", "status"): "active",
    ("membership", "until"): None,
    ("coordinator_appointment", "until"): None,
    ("seat", "from_on"): timedelta(days=-30),
    ("seat", "until_on"): timedelta(days=365),
    ("consent", "valid_until"): timedelta(days=365),
    ("notice", "kind"): "referral_sent",
    ("council_member", "from_on"): timedelta(days=-30),
    ("council_member", "announced_on"): timedelta(days=-30),
    ("council_member", "until_on"): timedelta(days=365),
    ("council_item", "ended_at"): None,
    ("council_assignment", "ended_at"): None,
    ("sitting_referral", "ended_at"): None,
    ("break_glass", "expires_at"): timedelta(hours=1),
    ("event", "reservable"): True,
    ("event", "reserved_host"): 0,
    ("event", "reserved_organisations"): 0,
    ("event", "reserved_residents"): 0,
    ("file", "object_id"): uuid.UUID(int=1),
    ("application_paper", "object_id"): uuid.UUID(int=1),
    ("person", "photo_object_id"): uuid.UUID(int=1),
    ("group_reading", "read_through"): uuid.UUID(int=1),
    ("access_entry", "link_id"): None,
    ("disclosure", "rests_on_id"): uuid.UUID(int=1),
    ("event", "ends_at"): timedelta(hours=2),
    ("event_occurrence", "ends_at"): timedelta(hours=2),
    # closed now, open again later
    ("resource", "open_times"): [asyncpg.Range(NOW + timedelta(days=1), NOW + timedelta(days=2))],
    ("resource", "open_times_until"): timedelta(days=30),
}
"""Where any value of the type would not do. Spans are counted from now."""

BY_ITEM: Final[Mapping[type, Any]] = {sa.Date: date(2026, 4, 29), sa.Uuid: uuid.UUID(int=1)}
"""An element of a list of something else than words."""

_CODES = re.compile(r"^(\w+) (?:IN|<@) .*?'([^']*)'")


@dataclass
class Rows:
    """Adds rows of one tenant. What a row hangs on is, unless it is given, a neighbour's."""

    connection: Connection
    tenant: uuid.UUID
    now: datetime = NOW
    _neighbours: dict[str, uuid.UUID | None] = field(default_factory=dict[str, uuid.UUID | None])
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    @property
    def today(self) -> date:
        return self.now.astimezone(JAPAN).date()

    async def add(self, name: str, **given: Any) -> uuid.UUID:
        """The new row's id."""
        table = metadata.tables[f"{SCHEMA}.{name}"]
        values = {"tenant_id": self.tenant, "id": uuid.uuid4(), **given}
        for column in table.c:
            if column.name not in values and column.computed is None and column.identity is None:
                values[column.name] = await self._value(table, column)
        places = ", ".join(f"${number}" for number in range(1, len(values) + 1))
        await self.connection.execute(
            f"INSERT INTO {SCHEMA}.{name} ({', '.join(values)}) VALUES ({places})", *values.values()
        )
        identity: uuid.UUID = values["id"]
        return identity

    async def neighbour(self, name: str) -> uuid.UUID | None:
        """Somebody else's row of this table; None while it is being made itself."""
        if name not in self._neighbours:
            self._neighbours[name] = None
            made = await self.add(name)
            self._neighbours[name] = made
            if name == "person":
                await self.add("membership", person_id=made)
        return self._neighbours[name]

    async def versions(self) -> tuple[int, int]:
        """The tenant's versions of access and policy, which a viewer carries."""
        row = await self.connection.fetchrow(
            f"SELECT access_version, policy_version FROM {SCHEMA}.platform_settings WHERE tenant_id = $1",
            self.tenant,
        )
        assert row is not None
        return row[0], row[1]

    async def _value(self, table: sa.Table, column: "sa.Column[Any]") -> Any:
        if (table.name, column.name) in OTHERWISE:
            return self._counted(column, OTHERWISE[table.name, column.name])
        parent = _parent(table, column.name)
        if parent is not None:
            return await self.neighbour(parent)
        return self._counted(column, _plain(table, column, next(self._numbers)))

    def _counted(self, column: "sa.Column[Any]", value: Any) -> Any:
        if not isinstance(value, timedelta):
            return value
        return self.today + value if isinstance(column.type, sa.Date) else self.now + value


def _parent(table: sa.Table, column: str) -> str | None:
    for key in table.foreign_key_constraints:
        if column in key.column_keys and len(key.column_keys) > 1:
            return key.referred_table.name
    return None


def _plain(table: sa.Table, column: "sa.Column[Any]", number: int) -> Any:
    text = _code(table, column.name) or f"{column.name} {number}"
    if isinstance(column.type, ARRAY):
        item = cast("Any", column.type).item_type
        return [text] if isinstance(item, sa.Text) else [BY_ITEM[type(item)]]
    if isinstance(column.type, sa.Boolean):
        return bool(column.nullable)
    for sort, value in (
        (sa.Text, text),
        (sa.DateTime, timedelta()),
        (sa.Date, timedelta()),
        (sa.Integer, number),
        (sa.Double, 34.5),
        (sa.LargeBinary, uuid.uuid4().bytes),
        (sa.JSON, "[]"),
    ):
        if isinstance(column.type, sort):
            return value
    raise TypeError(f"{table.name}.{column.name}: no value of type {column.type} is known here")


def _code(table: sa.Table, column: str) -> str | None:
    """The first word of a closed vocabulary."""
    for constraint in table.constraints:
        if isinstance(constraint, sa.CheckConstraint):
            found = _CODES.match(str(constraint.sqltext))
            if found and found[1] == column:
                return found[2]
    return None


async def found_platform(connection: Connection) -> Rows:
    """A tenant of its own with its settings; nobody is in it yet."""
    tenant = uuid.uuid4()
    await connection.execute(
        f"INSERT INTO {SCHEMA}.tenant (tenant_id, slug, kind, name, onboarded_at) "
        "VALUES ($1, $2, 'municipality', '生駒市', $3)",
        tenant, f"t{tenant.hex}", NOW,
    )  # fmt: skip
    await connection.execute(
        f"INSERT INTO {SCHEMA}.tenant_municipality (tenant_id, code, alone) VALUES ($1, '292095', true)",
        tenant,
    )
    rows = Rows(connection, tenant)
    await rows.add("platform_settings", id=tenant)
    return rows
