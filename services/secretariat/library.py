"""The desk of the library: what platforms offer is taken in, or returned with a reason."""

import uuid
from datetime import datetime
from typing import Any

import structlog

from libs.errors.problems import NotAllowed, NotFound, StaleVersion, WrongState
from libs.figures.practices import ACCEPTED, RETURNED
from libs.japan.text import clean
from libs.persistence.connections import Connection
from libs.persistence.database import Database
from libs.persistence.due import ENQUEUE
from services.secretariat import statements
from services.secretariat.staff import StaffMember

NOTE_LENGTH = 2_000

_log: structlog.typing.FilteringBoundLogger = structlog.get_logger("services.secretariat.library")


class Library:
    """As the secretariat role, which PostgreSQL lets decide on what is offered and change nothing else."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def accept(self, member: StaffMember, identity: uuid.UUID | None, version: int) -> uuid.UUID:
        """Every platform reads it from now on. Raises NotAllowed, NotFound, StaleVersion, WrongState."""
        return await self._decide(member, identity, version, "accepted", "")

    async def send_back(
        self, member: StaffMember, identity: uuid.UUID | None, version: int, note: str
    ) -> uuid.UUID:
        """With what to mend. Raises as `accept`, and InvalidInput."""
        said = clean(note, "note", NOTE_LENGTH, multiline=True)
        return await self._decide(member, identity, version, "returned", said)

    async def _decide(
        self, member: StaffMember, identity: uuid.UUID | None, version: int, state: str, note: str
    ) -> uuid.UUID:
        if member.role != "administrator":
            raise NotAllowed(
                "好事例の採否は、全国事務局の管理者が決めます。",
                "An administrator of the secretariat decides on practices.",
            )
        if identity is None:
            raise NotFound
        decided_at = self._database.clock()
        given = {
            "id": identity,
            "version": version,
            "new_state": state,
            "note": note,
            "decided_at": decided_at,
        }
        async with self._database.outside_tenants() as connection:
            decided = await connection.fetchrow(statements.DECIDE.sql, *statements.DECIDE.arguments(given))
            if decided is None:
                row = await connection.fetchrow(
                    statements.PRACTICE.sql, *statements.PRACTICE.arguments(given)
                )
                raise _refusal(row, version)
            await _leave_record(connection, decided["tenant_id"], identity, decided_at, state)
        _log.info("practice decided", practice=str(identity), state=state)
        return identity


async def _leave_record(
    connection: Connection, tenant_id: uuid.UUID, identity: uuid.UUID, at: datetime, state: str
) -> None:
    """For the platform's audit chain, which only its own transactions may lengthen."""
    kind = ACCEPTED if state == "accepted" else RETURNED
    left = {"tenant_id": tenant_id, "kinds": [kind], "keys": [identity], "times": [at]}
    await connection.execute(ENQUEUE.sql, *ENQUEUE.arguments(left))


def _refusal(row: Any, version: int) -> NotFound | StaleVersion | WrongState:  # noqa: ANN401 - asyncpg's record
    if row is None:
        return NotFound()
    if row["version"] != version:
        return StaleVersion(row["version"])
    return WrongState(
        row["state"], "この好事例はすでに決まっています。", "This practice was decided on already."
    )
