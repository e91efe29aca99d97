"""`tsunagari doctor`: is this deployment in order, and if not, what to do next?"""

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import Annotated

from alembic.script import ScriptDirectory
from cyclopts import Parameter

from libs.errors.problems import Problem
from libs.persistence.connections import connect
from libs.persistence.roles import OWNER
from libs.serving.problems import Unavailable
from migrations.upgrade import script_location
from services.operator import dead_work
from services.operator.environment import VARIABLES, url_of
from services.operator.output import show
from services.operator.reviews import reviews_overdue
from services.platform.files.scanning import Clamd
from services.platform.rights.actions.erasing import ERASE_KEY
from services.platform.settings import from_environment

Finding = tuple[bool, str]


def doctor(*, json: Annotated[bool, Parameter(name="--json", help="print JSON")] = False) -> int:
    """Checks settings, scanner, schema, logins, overdue reviews, due work. Exit code 1: not in order."""
    rows = asyncio.run(_examined())
    show(rows, json=json, title="doctor")
    return 0 if all(row["ok"] for row in rows) else 1


async def _examined() -> list[dict[str, object]]:
    checks: dict[str, Callable[[], Awaitable[Finding]]] = {
        "settings": _settings,
        "scanner": scanner_finding,
        "schema": _schema,
    }
    rows = [await _row(name, check) for name, check in checks.items()]
    rows += [await _row(f"login {role}", lambda role=role: _login(role)) for role in VARIABLES]
    rows.append(await _row("break-glass reviews", _reviews))
    return [*rows, await _row("due work", _due_work)]


async def _row(name: str, check: Callable[[], Awaitable[Finding]]) -> dict[str, object]:
    try:
        ok, said = await check()
    except Problem as problem:
        ok, said = False, problem.en
    except Exception as error:  # noqa: BLE001 - whatever is wrong is the finding
        ok, said = False, f"{type(error).__name__}: see the database's log"
    return {"check": name, "ok": ok, "said": said}


async def _settings() -> Finding:
    settings = from_environment()
    folder = settings.key_folder
    if not os.access(folder, os.R_OK | os.X_OK):
        return False, f"key folder is not readable: mount it at {folder}"
    return True, f"mode {settings.mode}, {len(settings.issuers)} issuers"


async def scanner_finding() -> Finding:
    """Whether the scanner that is set answers; in order, too, where none is."""
    scanner = from_environment().scanner
    if not isinstance(scanner, Clamd):
        return True, "none: files are looked into, not scanned for malware (TSUNAGARI_SCANNER)"
    try:
        if await scanner.is_there():
            return True, f"clamd answers at {scanner.host}:{scanner.port}"
    except Unavailable:
        pass
    return False, f"clamd does not answer at {scanner.host}:{scanner.port}: no file can be sent until it does"


async def _schema() -> Finding:
    newest = ScriptDirectory(script_location()).get_current_head()
    connection = await connect(url_of(OWNER))
    try:
        current = await connection.fetchval("SELECT version_num FROM tsunagari.alembic_version")
    finally:
        await connection.close()
    if current != newest:
        return False, f"schema is {current}, this version needs {newest}: run tsunagari migrate"
    return True, str(current)


async def _reviews() -> Finding:
    """Where a platform has nobody who may review, the operator is the one who can still see it."""
    waiting = await reviews_overdue()
    if waiting:
        counted = ", ".join(f"{slug}: {count}" for slug, count in waiting.items())
        return False, f"overdue ({counted}): ask these platforms to appoint another coordinator"
    return True, "none overdue"


async def _due_work() -> Finding:
    """What the worker gave up: an erasure among it leaves somebody readable who must not be."""
    async with dead_work.as_worker() as claims:
        rows = await dead_work.counted(claims)
    if not rows:
        return True, "nothing was given up"
    kinds = sorted({row["kind"] for row in rows}, key=lambda kind: (kind != ERASE_KEY, kind))
    said = ", ".join(f"{sum(row['count'] for row in rows if row['kind'] == kind)} {kind}" for kind in kinds)
    return False, f"given up: {said} (tsunagari work list): {dead_work.NEXT_STEP.format(kind=kinds[0])}"


async def _login(role: str) -> Finding:
    connection = await connect(url_of(role))
    try:
        user = await connection.fetchval("SELECT current_user")
    finally:
        await connection.close()
    if user != role:
        return False, f"{VARIABLES[role]} logs in as {user}, not {role}"
    return True, "ok"
