"""Due work, done: claimed across tenants, carried out inside one, gone only when both are committed.

The claim is a row lock held while the job runs in a transaction of its own. A worker killed in between leaves
the row for the next one, so a job may run twice and must then change nothing.
"""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
import structlog

from libs.persistence.actor import SYSTEM
from libs.persistence.database import Connection, Database
from libs.persistence.due import CHANNEL, outbox, work_due
from libs.persistence.statements import Statement, parameter
from libs.persistence.work import Work

Job = Callable[[Work, uuid.UUID], Awaitable[None]]

MOST_ATTEMPTS = 10
FIRST_RETRY = timedelta(seconds=10)
NOTICES_AT_ONCE = 500
RELAY_SECONDS = 0.1
CLAIM_SECONDS = 1.0

_log: structlog.typing.FilteringBoundLogger = structlog.get_logger("libs.persistence.worker")


class Worker:
    """`claims` logs in as the worker role, `tenants` as the app role: a job sees its own tenant only."""

    def __init__(self, claims: Database, tenants: Database, jobs: Mapping[str, Job]) -> None:
        self._claims = claims
        self._tenants = tenants
        self._jobs = jobs

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop` is set; what is under way is finished first."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._repeat(self.relay, RELAY_SECONDS, stop))
            group.create_task(self._repeat(self.do_due, CLAIM_SECONDS, stop))

    async def do_due(self) -> int:
        """Does all that is due now; how many jobs were done."""
        done = 0
        while await self._do_one():
            done += 1
        return done

    async def relay(self) -> int:
        """Passes committed notices on to the listening processes; how many."""
        async with self._claims.outside_tenants() as connection:
            notices = await connection.fetch(TAKE_NOTICES.sql, *TAKE_NOTICES.arguments({}))
            for notice in notices:
                payload = f"{notice['tenant_id']} {notice['topic']} {notice['key']}"
                await connection.execute("SELECT pg_notify($1, $2)", CHANNEL, payload)
        return len(notices)

    async def _do_one(self) -> bool:
        now = self._claims.clock()
        async with self._claims.outside_tenants() as connection:
            claimed = await connection.fetchrow(CLAIM.sql, *CLAIM.arguments({"now": now}))
            if claimed is None:
                return False
            try:
                await self._carry_out(claimed["tenant_id"], claimed["kind"], claimed["key"])
            except Exception as error:  # noqa: BLE001 - whatever it is, the work is kept and tried again
                _log.error(
                    "job failed", kind=claimed["kind"], tenant=str(claimed["tenant_id"]), exc_info=error
                )
                await self._put_off(connection, claimed)
            else:
                await connection.execute(DONE.sql, claimed["id"])
        return True

    async def _carry_out(self, tenant_id: uuid.UUID, kind: str, key: uuid.UUID) -> None:
        job = self._jobs[kind]
        async with self._tenants.work(tenant_id, SYSTEM) as work:
            await job(work, key)
        _log.info("job done", kind=kind, tenant=str(tenant_id))

    async def _put_off(self, connection: Connection, claimed: Any) -> None:  # noqa: ANN401 - asyncpg's record
        now, attempts = self._claims.clock(), claimed["attempts"] + 1
        await connection.execute(
            PUT_OFF.sql,
            *PUT_OFF.arguments(
                {
                    "id": claimed["id"],
                    "attempts": attempts,
                    "due_at": now + FIRST_RETRY * 2 ** min(attempts, 10),
                    "failed_at": now if attempts >= MOST_ATTEMPTS else None,
                }
            ),
        )

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


CLAIM = Statement(
    sa.select(work_due.c.id, work_due.c.tenant_id, work_due.c.kind, work_due.c.key, work_due.c.attempts)
    .where(
        work_due.c.failed_at.is_(None), work_due.c.due_at <= sa.bindparam("now", type_=work_due.c.due_at.type)
    )
    .order_by(work_due.c.due_at)
    .limit(sa.literal_column("1"))
    .with_for_update(skip_locked=True)
)
DONE = Statement(sa.delete(work_due).where(work_due.c.id == parameter(work_due.c.id)))
PUT_OFF = Statement(
    sa.update(work_due)
    .where(work_due.c.id == parameter(work_due.c.id))
    .values(
        attempts=parameter(work_due.c.attempts),
        due_at=parameter(work_due.c.due_at),
        failed_at=parameter(work_due.c.failed_at),
    )
)
_waiting = sa.select(outbox.c.id).order_by(outbox.c.id).limit(sa.literal_column(str(NOTICES_AT_ONCE)))
TAKE_NOTICES = Statement(
    sa.delete(outbox)
    .where(outbox.c.id.in_(_waiting))
    .returning(outbox.c.tenant_id, outbox.c.topic, outbox.c.key)
)
