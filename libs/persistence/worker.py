"""Due work, done: claimed across tenants, carried out inside one, gone only when both are committed.

A job's claim is a row lock held while it runs in a transaction of its own. An errand talks to the world
outside: its claim is a lease, so that no transaction is open while somebody else's server takes its time.
A worker killed in between leaves the row for the next one, so either may run twice and must bear it.
"""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import sqlalchemy as sa
import structlog
from sqlalchemy.dialects.postgresql import ARRAY

from libs.persistence.actor import SYSTEM
from libs.persistence.database import Connection, Database
from libs.persistence.due import CHANNEL, outbox, work_due
from libs.persistence.statements import Statement, parameter
from libs.persistence.work import Work

Job = Callable[[Work, uuid.UUID], Awaitable[None]]
Errand = Callable[[Database, uuid.UUID, uuid.UUID], Awaitable[datetime | None]]
"""Of a tenant and a key; when to come again, or None where it is done."""

MOST_ATTEMPTS = 10
FIRST_RETRY = timedelta(seconds=10)
NOTICES_AT_ONCE = 500
RELAY_SECONDS = 0.1
CLAIM_SECONDS = 1.0
LEASE = timedelta(minutes=5)
"""Longer than any errand takes: until it is over nobody else runs the same one."""
ERRANDS_AT_ONCE = 4

_log: structlog.typing.FilteringBoundLogger = structlog.get_logger("libs.persistence.worker")


class Worker:
    """`claims` logs in as the worker role, `tenants` as the app role: a job sees its own tenant only."""

    def __init__(
        self,
        claims: Database,
        tenants: Database,
        jobs: Mapping[str, Job],
        errands: Mapping[str, Errand] | None = None,
    ) -> None:
        self._claims = claims
        self._tenants = tenants
        self._jobs = jobs
        self._errands = errands or {}

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop` is set; what is under way is finished first."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._repeat(self.relay, RELAY_SECONDS, stop))
            group.create_task(self._repeat(self.do_due, CLAIM_SECONDS, stop))
            # beside the jobs: a slow server outside never keeps the clock's work waiting
            group.create_task(self._repeat(lambda: self.run_errands(stop), CLAIM_SECONDS, stop))

    async def do_due(self) -> int:
        """Does all that is due now; how many jobs were done."""
        done = 0
        while await self._do_one():
            done += 1
        return done

    async def run_errands(self, stop: asyncio.Event | None = None) -> int:
        """Runs all that are due now, some at a time, until told to stop; how many."""
        run = 0
        while stop is None or not stop.is_set():
            claimed = await self._lease()
            if not claimed:
                break
            await asyncio.gather(*(self._run_errand(each) for each in claimed))
            run += len(claimed)
        return run

    async def relay(self) -> int:
        """Passes committed notices on to the listening processes; how many."""
        async with self._claims.outside_tenants() as connection:
            notices = await connection.fetch(TAKE_NOTICES.sql, *TAKE_NOTICES.arguments({}))
            for notice in notices:
                payload = f"{notice['tenant_id']} {notice['topic']} {notice['key']}"
                await connection.execute("SELECT pg_notify($1, $2)", CHANNEL, payload)
        return len(notices)

    async def _do_one(self) -> bool:
        wanted = {"now": self._claims.clock(), "errands": list(self._errands)}
        async with self._claims.outside_tenants() as connection:
            claimed = await connection.fetchrow(CLAIM.sql, *CLAIM.arguments(wanted))
            if claimed is None:
                return False
            try:
                await self._carry_out(claimed["tenant_id"], claimed["kind"], claimed["key"])
            except Exception as error:  # noqa: BLE001 - whatever it is, the work is kept and tried again
                _log.error(
                    "job failed", kind=claimed["kind"], tenant=str(claimed["tenant_id"]), exc_info=error
                )
                await self._put_off(connection, claimed, PUT_OFF)
            else:
                await connection.execute(DONE.sql, claimed["id"])
        return True

    async def _carry_out(self, tenant_id: uuid.UUID, kind: str, key: uuid.UUID) -> None:
        job = self._jobs[kind]
        async with self._tenants.work(tenant_id, SYSTEM) as work:
            await job(work, key)
        _log.info("job done", kind=kind, tenant=str(tenant_id))

    async def _lease(self) -> list[asyncpg.Record]:
        if not self._errands:
            return []
        now = self._claims.clock()
        places = {"now": now, "errands": list(self._errands), "leased_until": now + LEASE}
        async with self._claims.outside_tenants() as connection:
            return await connection.fetch(CLAIM_ERRANDS.sql, *CLAIM_ERRANDS.arguments(places))

    async def _run_errand(self, claimed: asyncpg.Record) -> None:
        kind, tenant_id = claimed["kind"], claimed["tenant_id"]
        try:
            again = await self._errands[kind](self._tenants, tenant_id, claimed["key"])
        except Exception as error:  # noqa: BLE001 - whatever it is, the work is kept and tried again
            _log.error("errand failed", kind=kind, tenant=str(tenant_id), exc_info=error)
            async with self._claims.outside_tenants() as connection:
                await self._put_off(connection, claimed, PUT_OFF_LEASED, leased_until=claimed["due_at"])
            return
        ending = DONE_LEASED if again is None else COME_AGAIN
        places = {"id": claimed["id"], "leased_until": claimed["due_at"], "again": again}
        async with self._claims.outside_tenants() as connection:
            await connection.execute(ending.sql, *ending.arguments(places))
        _log.info("errand run", kind=kind, tenant=str(tenant_id), again=again is not None)

    async def _put_off(
        self,
        connection: Connection,
        claimed: Any,  # noqa: ANN401 - asyncpg's record
        statement: Statement,
        **lease: datetime,
    ) -> None:
        now, attempts = self._claims.clock(), claimed["attempts"] + 1
        places = {
            "id": claimed["id"],
            "attempts": attempts,
            "due_at": now + FIRST_RETRY * 2 ** min(attempts, 10),
            "failed_at": now if attempts >= MOST_ATTEMPTS else None,
        }
        await connection.execute(statement.sql, *statement.arguments({**places, **lease}))

    async def _repeat(
        self, action: Callable[[], Awaitable[int]], seconds: float, stop: asyncio.Event
    ) -> None:
        while not stop.is_set():
            try:
                await action()
            except OSError as error:
                _log.warning("database away", exc_info=error)
            try:
                await asyncio.wait_for(stop.wait(), seconds)
            except TimeoutError:
                continue


_errands: Any = sa.bindparam("errands", type_=ARRAY(sa.Text()))
_due = sa.and_(
    work_due.c.failed_at.is_(None), work_due.c.due_at <= sa.bindparam("now", type_=work_due.c.due_at.type)
)
CLAIM = Statement(
    sa.select(work_due.c.id, work_due.c.tenant_id, work_due.c.kind, work_due.c.key, work_due.c.attempts)
    .where(_due, work_due.c.kind != sa.all_(_errands))
    .order_by(work_due.c.due_at)
    .limit(sa.literal_column("1"))
    .with_for_update(skip_locked=True)
)
_leased_until = sa.bindparam("leased_until", type_=work_due.c.due_at.type)
_some_errands = (
    sa.select(work_due.c.id)
    .where(_due, work_due.c.kind == sa.any_(_errands))
    .order_by(work_due.c.due_at)
    .limit(sa.literal_column(str(ERRANDS_AT_ONCE)))
    .with_for_update(skip_locked=True)
)
CLAIM_ERRANDS = Statement(
    sa.update(work_due)
    .where(work_due.c.id == sa.any_(sa.func.array(_some_errands.scalar_subquery())))
    .values(due_at=_leased_until)
    .returning(
        work_due.c.id,
        work_due.c.tenant_id,
        work_due.c.kind,
        work_due.c.key,
        work_due.c.attempts,
        work_due.c.due_at,
    )
)
# a lease that ran out may be somebody else's by now
_mine = sa.and_(work_due.c.id == parameter(work_due.c.id), work_due.c.due_at == _leased_until)
DONE_LEASED = Statement(sa.delete(work_due).where(_mine))
COME_AGAIN = Statement(
    sa.update(work_due).where(_mine).values(due_at=sa.bindparam("again", type_=work_due.c.due_at.type))
)
DONE = Statement(sa.delete(work_due).where(work_due.c.id == parameter(work_due.c.id)))
_later = {name: parameter(work_due.c[name]) for name in ("attempts", "due_at", "failed_at")}
PUT_OFF = Statement(sa.update(work_due).where(work_due.c.id == parameter(work_due.c.id)).values(_later))
PUT_OFF_LEASED = Statement(sa.update(work_due).where(_mine).values(_later))
_waiting = sa.select(outbox.c.id).order_by(outbox.c.id).limit(sa.literal_column(str(NOTICES_AT_ONCE)))
TAKE_NOTICES = Statement(
    sa.delete(outbox)
    .where(outbox.c.id.in_(_waiting))
    .returning(outbox.c.tenant_id, outbox.c.topic, outbox.c.key)
)
