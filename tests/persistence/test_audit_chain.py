"""The audit chain: as many entries as operations, in the same transaction, and no tampering goes unseen."""

import asyncio
import hashlib
import uuid
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import asyncpg
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libs.errors.problems import NotAllowed
from libs.persistence import audit
from libs.persistence.actor import SYSTEM, Actor
from libs.persistence.connections import Connection, connect
from libs.persistence.database import Context
from libs.persistence.roles import APP
from tests.stage import server
from tests.stage.cities import APPROVE, Cities
from tests.stage.founded import Founded, founded

Row = dict[str, Any]
LENGTH = 12


@pytest.fixture
async def ikoma() -> AsyncGenerator[Founded]:
    async with founded() as platform:
        await platform.found("ikoma", "292095")
        yield platform


async def _chain(platform: Founded) -> tuple[list[asyncpg.Record], asyncpg.Record | None]:
    tenant = platform.tenants["ikoma"]
    async with platform.app.reading(Context(tenant)) as connection:
        entries = await connection.fetch(audit.CHAIN.sql, tenant)
        return entries, await connection.fetchrow(audit.HEAD.sql, tenant)


async def _operate(platform: Founded, times: int = 1, **codes: str | int | None) -> None:
    actor = Actor(uuid.uuid4(), uuid.uuid4())
    async with platform.app.work(platform.tenants["ikoma"], actor) as work:
        for number in range(times):
            work.record("verify", "thing", uuid.uuid4(), number=number, **codes)


async def _fail(platform: Founded, error: Exception) -> None:
    async with platform.app.work(platform.tenants["ikoma"], SYSTEM) as work:
        work.record("change", "thing", uuid.uuid4())
        work.refused("publish", "thing", uuid.uuid4())
        raise error


async def test_there_is_an_entry_for_each_operation_and_none_for_what_failed(ikoma: Founded) -> None:
    await _operate(ikoma, 3, text="値", none=None)
    await _operate(ikoma, 1)
    with pytest.raises(ZeroDivisionError):
        await _fail(ikoma, ZeroDivisionError())
    entries, head = await _chain(ikoma)
    assert [entry["action"] for entry in entries] == ["onboard", *["verify"] * 4]
    assert [entry["sequence"] for entry in entries] == [1, 2, 3, 4, 5]
    assert entries[1]["codes"] == {"number": 0, "text": "値", "none": None}
    assert audit.first_break(entries, head) is None


async def test_twenty_works_at_once_keep_the_chain_whole(ikoma: Founded) -> None:
    await asyncio.gather(*(_operate(ikoma, 2) for _ in range(20)))
    entries, head = await _chain(ikoma)
    assert len(entries) == 41
    assert audit.first_break(entries, head) is None


async def test_a_refusal_stays_though_its_work_is_undone(ikoma: Founded) -> None:
    with pytest.raises(NotAllowed):
        await _fail(ikoma, NotAllowed())
    entries, head = await _chain(ikoma)
    assert [entry["action"] for entry in entries] == ["onboard", "refused:publish"]
    assert audit.first_break(entries, head) is None


SEEN = """query ($search: String) { organisations(search: $search) { nodes { id version } } }"""


async def test_ines_may_not_approve_whom_she_sees_and_that_she_tried_is_kept(cities: Cities) -> None:
    seen = await cities.ines.ask(SEEN, search="ひだまり")
    organisation = seen.data["organisations"]["nodes"][0]
    async with cities.stage.sql() as connection:
        before = await connection.fetchval(REFUSALS)
        said = await cities.ines.do(APPROVE, **organisation)
        assert said["__typename"] not in {"OrganisationPayload", "NotFound"}
        assert await connection.fetchval(REFUSALS) == before + 1
        # what nobody can see leaves no trace that would tell it from what is not there
        hidden = await cities.ueda.do(APPROVE, **organisation)
        assert hidden["__typename"] != "OrganisationPayload"
        assert await connection.fetchval(REFUSALS) == before + 1


REFUSALS = "SELECT count(*) FROM tsunagari.audit_entry WHERE action LIKE 'refused:%'"


@pytest.mark.parametrize("sql", [
    "UPDATE tsunagari.audit_entry SET action = 'x'",
    "DELETE FROM tsunagari.audit_entry",
    "TRUNCATE tsunagari.audit_entry",
    "DELETE FROM tsunagari.audit_head",
    "ALTER TABLE tsunagari.audit_entry DISABLE ROW LEVEL SECURITY",
])  # fmt: skip
async def test_the_app_cannot_take_an_entry_back(ikoma: Founded, sql: str) -> None:
    connection = await connect(server.url_of(ikoma.name, APP))
    await connection.execute(f"BEGIN; SET LOCAL app.tenant_id = '{ikoma.tenants['ikoma']}'")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute(sql)
    await connection.close()


TAMPERINGS = [
    "UPDATE tsunagari.audit_entry SET at = at + interval '1 microsecond' WHERE sequence = 3",
    "UPDATE tsunagari.audit_entry SET person_id = gen_random_uuid() WHERE sequence = 3",
    "UPDATE tsunagari.audit_entry SET person_id = NULL WHERE sequence = 3",
    "UPDATE tsunagari.audit_entry SET organisation_id = gen_random_uuid() WHERE sequence = 3",
    "UPDATE tsunagari.audit_entry SET action = 'other' WHERE sequence = 3",
    "UPDATE tsunagari.audit_entry SET object_type = 'other' WHERE sequence = 3",
    "UPDATE tsunagari.audit_entry SET object_id = gen_random_uuid() WHERE sequence = 3",
    "UPDATE tsunagari.audit_entry SET id = gen_random_uuid() WHERE sequence = 3",
    "UPDATE tsunagari.audit_entry SET codes = codes || '{\"number\": 99}' WHERE sequence = 3",
    "UPDATE tsunagari.audit_entry SET hash = sha256(hash) WHERE sequence = 3",
    "UPDATE tsunagari.audit_entry SET sequence = 99 WHERE sequence = 3",
    "DELETE FROM tsunagari.audit_entry WHERE sequence = 1",
    "DELETE FROM tsunagari.audit_entry WHERE sequence = 3",
    "DELETE FROM tsunagari.audit_entry WHERE sequence >= 4",
    "DELETE FROM tsunagari.audit_entry",
    "DELETE FROM tsunagari.audit_head",
    "UPDATE tsunagari.audit_head SET sequence = sequence - 1",
    "UPDATE tsunagari.audit_head SET hash = sha256(hash)",
]


async def test_every_column_that_somebody_changes_in_the_database_breaks_the_chain(ikoma: Founded) -> None:
    await _operate(ikoma, 5)
    unseen = [sql for sql in TAMPERINGS if await _holds_after(ikoma, sql)]
    assert unseen == []
    assert not any(each for each in [audit.first_break(*await _chain(ikoma))])


async def _holds_after(platform: Founded, sql: str) -> bool:
    tenant, admin = platform.tenants["ikoma"], platform.admin
    await _json(admin)
    await admin.execute("BEGIN")
    changed = await admin.execute(sql)
    assert not changed.endswith(" 0"), sql
    entries = await admin.fetch(audit.CHAIN.sql, tenant)
    head = await admin.fetchrow(audit.HEAD.sql, tenant)
    await admin.execute("ROLLBACK")
    return audit.first_break(entries, head) is None


async def _json(connection: Connection) -> None:
    await connection.set_type_codec(
        "jsonb", schema="pg_catalog", encoder=str, decoder=msgspec.json.decode, format="text"
    )


@cache
def _good() -> tuple[list[Row], Row]:
    """A chain as PostgreSQL keeps it, made here: the statement that hashes is tested above."""
    previous, entries = audit.GENESIS, list[Row]()
    for sequence in range(1, LENGTH + 1):
        at = datetime(2026, 4, 1, tzinfo=UTC) + timedelta(minutes=sequence)
        actor = Actor(uuid.uuid4(), uuid.uuid4())
        entry = audit.Entry(at, actor, "verify", "thing", uuid.uuid4(), {"number": sequence})
        row = audit.row(uuid.uuid4(), entry)
        previous = hashlib.sha256(previous + row["content"]).digest()
        entries.append({**row, "sequence": sequence, "hash": previous})
    return entries, {"sequence": LENGTH, "hash": previous}


PLACES = st.integers(0, LENGTH - 1)
OTHER = {
    "id": st.uuids(),
    "at": st.datetimes(timezones=st.just(UTC)),
    "person_id": st.none() | st.uuids(),
    "organisation_id": st.none() | st.uuids(),
    "action": st.text(),
    "object_type": st.text(),
    "object_id": st.uuids(),
    "codes": st.dictionaries(st.text(), st.none() | st.integers(-(2**53), 2**53) | st.text()),
    "hash": st.binary(max_size=40),
    "sequence": st.integers(-3, LENGTH + 3),
}


@st.composite
def tampered(draw: st.DrawFn) -> tuple[list[Row], Row | None]:
    """A good chain with one to three changes, never none."""
    good, good_head = _good()
    entries, head = [dict(row) for row in good], dict(good_head)
    for _ in range(draw(st.integers(1, 3))):
        head = draw(st.sampled_from([_alter, _delete, _cut, _swap, _double, _move_head]))(draw, entries, head)
    entries.sort(key=lambda row: int(row["sequence"]))
    if entries == good and head == good_head:
        entries.pop()
    return entries, head


def _alter(draw: st.DrawFn, entries: list[Row], head: Row) -> Row:
    column = draw(st.sampled_from(sorted(OTHER)))
    if entries:
        entries[draw(PLACES) % len(entries)][column] = draw(OTHER[column])
    return head


def _delete(draw: st.DrawFn, entries: list[Row], head: Row) -> Row:
    if entries:
        del entries[draw(PLACES) % len(entries)]
    return head


def _cut(draw: st.DrawFn, entries: list[Row], head: Row) -> Row:
    del entries[draw(PLACES) :]
    return head


def _swap(draw: st.DrawFn, entries: list[Row], head: Row) -> Row:
    """Two entries change places; each takes the other's number."""
    if entries:
        one, other = (entries[draw(PLACES) % len(entries)] for _ in "ab")
        one["sequence"], other["sequence"] = other["sequence"], one["sequence"]
    return head


def _double(draw: st.DrawFn, entries: list[Row], head: Row) -> Row:
    if entries:
        entries.append(dict(entries[draw(PLACES) % len(entries)]))
    return head


def _move_head(draw: st.DrawFn, entries: list[Row], head: Row) -> Row:
    return {**head, "sequence": draw(OTHER["sequence"])}


def test_the_untouched_chain_holds() -> None:
    assert audit.first_break(*_good()) is None


@given(tampered())
@settings(max_examples=200, deadline=None)
def test_random_tampering_is_found(chain: tuple[list[Row], Row | None]) -> None:
    assert audit.first_break(*chain) is not None


@pytest.mark.soak
@given(tampered())
@settings(max_examples=1_000, deadline=None)
def test_a_thousand_random_tamperings_are_found(chain: tuple[list[Row], Row | None]) -> None:
    assert audit.first_break(*chain) is not None


def test_a_chain_without_its_head_is_broken() -> None:
    entries, _ = _good()
    assert audit.first_break(entries, None) is not None
    assert audit.first_break([], None) is not None
