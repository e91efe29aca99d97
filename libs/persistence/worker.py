"""Due work, done: claimed across tenants, carried out inside one, gone only when both are committed.

A job's claim is a row lock held while it runs in a transaction of its own. An errand talks to the world
outside: its claim is a lease, so that no transaction is open while somebody else's server takes its time.
A worker killed in between leaves the row for the next one, so either may run twice and must bear it.
"""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import asyncpg
import structlog

from libs.observability.worker_metrics import Done, WorkerMetrics
from libs.persistence import claims
from libs.persistence.actor import SYSTEM
from libs.persistence.connections import Connection
from libs.persistence.database import Database
from libs.persistence.due import CHANNEL
from libs.persistence.rounds import Rounds
from libs.persistence.statements import Statement
from libs.persistence.work import Work

Job = Callable[[Work, uuid.UUID], Awaitable[None]]
Errand = Callable[[Database, uuid.UUID, uuid.UUID], Awaitable[datetime | None]]
"""Of a tenant and a key; when to come again, or None where it is done."""

MOST_ATTEMPTS: Final = 10
FIRST_RETRY: Final = timedelta(seconds=10)
RELAY_SECONDS: Final = 0.1
CLAIM_SECONDS: Final = 1.0
COUNT_SECONDS: Final = 15.0
GRACE_SECONDS: Final = 40.0
"""What is under way may take this long after the word to stop; then it is let go for another worker."""
LEASE: Final = timedelta(minutes=5)
"""Longer than any errand takes: until it is over nobody else runs the same one."""

_log: structlog.typing.FilteringBoundLogger = structlog.get_logger("libs.persistence.worker")


class Worker:
    """`claims` logs in as the worker role, `tenants` as the app role: a job sees its own tenant only."""

    def __init__(
        self,
        claims: Database,
        tenants: Database,
        jobs: Mapping[str, Job],
        errands: Mapping[str, Errand] | None = None,
        metrics: WorkerMetrics | None = None,
    ) -> None:
        """With `metrics` it also counts, now and then, what waits in the database."""
        self._claims = claims
        self._tenants = tenants
        self._jobs = jobs
        self._errands = errands or {}
        self._counts = metrics is not None
        self._metrics = metrics or WorkerMetrics()
        self.rounds = Rounds(claims.clock, self._metrics)

    async def run(self, stop: asyncio.Event, grace: float = GRACE_SECONDS) -> None:
        """Until `stop` is set, whatever a round meets; what is under way then has `grace` seconds to finish.

        What does not is let go: a job is rolled back, an errand's lease given back.
        """
        async with asyncio.TaskGroup() as group:
            loops = [group.create_task(each) for each in self._loops(stop)]
            await stop.wait()
            _, unfinished = await asyncio.wait(loops, timeout=grace)
            for each in unfinished:
                each.cancel()

    async def do_due(self, stop: asyncio.Event | None = None) -> int:
        """Does all that is due now, one after another, until told to stop; how many jobs were done."""
        done = 0
        while not _told(stop) and await self._do_one():
            done += 1
            self.rounds.turned("jobs")
        return done

    async def run_errands(self, stop: asyncio.Event | None = None) -> int:
        """Runs all that are due now, some at a time, until told to stop; how many."""
        run = 0
        while not _told(stop) and (claimed := await self._lease()):
            # one whose ending could not be written keeps its lease, and comes again when that is over
            ended = await asyncio.gather(
                *(self._run_errand(each) for each in claimed), return_exceptions=True
            )
            for error in filter(None, ended):
                raise error
            run += len(claimed)
            self.rounds.turned("errands")
        return run

    async def relay(self) -> int:
        """Passes committed notices on to the listening processes; how many."""
        async with self._claims.outside_tenants() as connection:
            taken = claims.TAKE_NOTICES
            notices = await connection.fetch(taken.sql, *taken.arguments({}))
            for notice in notices:
                payload = f"{notice['tenant_id']} {notice['topic']} {notice['key']}"
                await connection.execute("SELECT pg_notify($1, $2)", CHANNEL, payload)
        return len(notices)

    async def count(self) -> None:
        """Measures what waits and what was given up, of all tenants and workers."""
        now = self._claims.clock()
        async with self._claims.outside_tenants() as connection:
            waiting = await connection.fetch(claims.WAITING.sql, *claims.WAITING.arguments({"now": now}))
            dead = await connection.fetch(claims.DEAD.sql, *claims.DEAD.arguments({}))
        self._metrics.counted(
            {row["kind"]: (row["count"], row["oldest"]) for row in waiting},
            {row["kind"]: row["count"] for row in dead},
            now,
        )

    def _loops(self, stop: asyncio.Event) -> list[Any]:
        repeat = self.rounds.repeat
        loops = [
            repeat("relay", self.relay, RELAY_SECONDS, stop),
            repeat("jobs", lambda: self.do_due(stop), CLAIM_SECONDS, stop),
            # beside the jobs: a slow server outside never keeps the clock's work waiting
            repeat("errands", lambda: self.run_errands(stop), CLAIM_SECONDS, stop),
        ]
        return [*loops, repeat("count", self.count, COUNT_SECONDS, stop)] if self._counts else loops

    async def _do_one(self) -> bool:
        wanted = {"now": self._claims.clock(), "errands": list(self._errands)}
        async with self._claims.outside_tenants() as connection:
            claimed = await connection.fetchrow(claims.CLAIM.sql, *claims.CLAIM.arguments(wanted))
            if claimed is None:
                return False
            kind = claimed["kind"]
            try:
                await self._carry_out(claimed["tenant_id"], kind, claimed["key"])
            except Exception as error:  # noqa: BLE001 - whatever it is, the work is kept and tried again
                _log.error("job failed", kind=kind, tenant=str(claimed["tenant_id"]), exc_info=error)
                outcome = await self._put_off(connection, claimed, claims.PUT_OFF)
            else:
                await connection.execute(claims.DONE.sql, claimed["id"])
                outcome = "done"
        self._metrics.worked(kind, outcome)
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
            return await connection.fetch(claims.CLAIM_ERRANDS.sql, *claims.CLAIM_ERRANDS.arguments(places))

    async def _run_errand(self, claimed: asyncpg.Record) -> None:
        kind, tenant_id = claimed["kind"], claimed["tenant_id"]
        try:
            again = await self._errands[kind](self._tenants, tenant_id, claimed["key"])
        except asyncio.CancelledError:
            await self._end_lease(claimed, self._claims.clock())
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the work is kept and tried again
            _log.error("errand failed", kind=kind, tenant=str(tenant_id), exc_info=error)
            async with self._claims.outside_tenants() as connection:
                outcome = await self._put_off(
                    connection, claimed, claims.PUT_OFF_LEASED, leased_until=claimed["due_at"]
                )
            self._metrics.worked(kind, outcome)
            return
        await self._end_lease(claimed, again)
        self._metrics.worked(kind, "done")
        _log.info("errand run", kind=kind, tenant=str(tenant_id), again=again is not None)

    async def _end_lease(self, claimed: asyncpg.Record, again: datetime | None) -> None:
        ending = claims.DONE_LEASED if again is None else claims.COME_AGAIN
        places = {"id": claimed["id"], "leased_until": claimed["due_at"], "again": again}
        async with self._claims.outside_tenants() as connection:
            await connection.execute(ending.sql, *ending.arguments(places))

    async def _put_off(
        self,
        connection: Connection,
        claimed: Any,  # noqa: ANN401 - asyncpg's record
        statement: Statement,
        **lease: datetime,
    ) -> Done:
        now, attempts = self._claims.clock(), claimed["attempts"] + 1
        given_up = attempts >= MOST_ATTEMPTS
        places = {
            "id": claimed["id"],
            "attempts": attempts,
            "due_at": now + FIRST_RETRY * 2 ** min(attempts, 10),
            "failed_at": now if given_up else None,
        }
        await connection.execute(statement.sql, *statement.arguments({**places, **lease}))
        return "dead" if given_up else "failed"


def _told(stop: asyncio.Event | None) -> bool:
    return stop is not None and stop.is_set()
