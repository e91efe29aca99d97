"""A board as large cities have it, the platform serving it, and the statement that its page becomes."""

import asyncio
import os
import socket
import sys
import tempfile
import uuid
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import msgspec

from libs.persistence.connections import connect
from libs.persistence.database import Database
from libs.persistence.embedded.server import EmbeddedServer, start
from libs.persistence.roles import APP, OWNER, ROLES, ensure_database, ensure_roles
from libs.policy.rules import Policy
from libs.reading.bounds import Limits
from libs.reading.documents import Documents
from libs.reading.engine import Engine
from libs.tenancy.tokens.identity import Identity
from libs.tenancy.viewers import Address, Viewers
from migrations.upgrade import upgrade
from services.platform.app import registry
from services.platform.relations import RELATIONS
from tests.stage import tokens
from tests.stage.cities import Cities, found_cities
from tests.stage.groups import a_group
from tests.stage.server import ADMIN, url_of
from tests.stage.stage import Stage, staged_on
from tests.stage.tokens import FOLDER, ISSUER

QUERY = """query ($group: ID!) { board(workingGroupId: $group, first: 20) { nodes {
  id state ask urgency needCategory ageBand area postedAt hiddenFields
  sender { id name kind services area } recipient { id name kind services area }
  notes(first: 3) { id body createdAt authorOrganisation { id name kind } } } } }"""
CARDS = 5_000
DATABASE = "bench"


@dataclass(frozen=True, slots=True)
class Board:
    """What both sides of the comparison need."""

    port: int
    body: bytes
    headers: dict[str, str]
    sql: str
    arguments: list[Any]
    tenant: uuid.UUID
    database_url: str
    answer_bytes: int
    cost: int


@asynccontextmanager
async def prepared_board() -> AsyncGenerator[Board]:
    """A durable server, a migrated database, two cities, one large board, the platform in its own process."""
    with tempfile.TemporaryDirectory(prefix="tsunagari-bench-") as folder:
        _make_folders(Path(folder))
        server = start(Path(folder, "postgres"), durable=True)
        try:
            await _make_database(server)
            async with _filled() as (group, tenant), _serving(Path(folder)) as port:
                yield await _board(port, group, tenant)
        finally:
            server.stop()


def _make_folders(folder: Path) -> None:
    folder.chmod(0o755)  # as root, the server runs as a user who must get in
    for name in ("keys", "case-keys"):
        (folder / name).mkdir(mode=0o700)
    os.environ[FOLDER] = str(folder / "keys")


async def _make_database(server: EmbeddedServer) -> None:
    os.environ[ADMIN] = server.url()
    admin = await connect(server.url())
    await ensure_roles(admin, {role: _role_password(role) for role in ROLES})
    await ensure_database(admin, DATABASE)
    await admin.close()
    await asyncio.to_thread(upgrade, url_of(DATABASE, OWNER))


def _role_password(role: str) -> str:
    from urllib.parse import unquote, urlsplit

    return unquote(urlsplit(url_of(DATABASE, role)).password or "")


@asynccontextmanager
async def _filled() -> AsyncGenerator[tuple[str, uuid.UUID]]:
    async with staged_on(DATABASE) as stage:
        await found_cities(stage)
        cities = Cities(stage)
        group = await a_group(cities, "見守りの分科会", "ines", "sato", "hana")
        tenant = await _fill(stage, uuid.UUID(group.rpartition("_")[2]))
    yield group, tenant


async def _fill(stage: Stage, group: uuid.UUID) -> uuid.UUID:
    """Cards and notes by SQL, as the owner: the page's cost hangs on their number, not on how they came."""
    async with stage.sql() as sql:
        tenant: uuid.UUID = await sql.fetchval("SELECT tenant_id FROM tsunagari.tenant WHERE slug = 'ikoma'")
        for statement in FILL:
            await sql.execute(statement, tenant, group)
        await sql.execute("VACUUM ANALYZE")
    return tenant


@asynccontextmanager
async def _serving(folder: Path) -> AsyncGenerator[int]:
    """`tsunagari serve`, as a deployment runs it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    environment = {
        "TSUNAGARI_MODE": "demo",
        "TSUNAGARI_DATABASE_URL": url_of(DATABASE, APP),
        "TSUNAGARI_ISSUERS": msgspec.json.encode([tokens.trusted()]).decode(),
        "TSUNAGARI_KEY_FOLDER": str(folder / "case-keys"),
    }
    command = [sys.executable, "-m", "services.operator", "serve", "--port", str(port)]
    with (folder / "platform.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *command, env={**os.environ, **environment}, stdout=log, stderr=log
        )
        try:
            await _ready(port, process)
            yield port
        finally:
            if process.returncode is None:
                process.terminate()
                await process.wait()


async def _ready(port: int, process: asyncio.subprocess.Process) -> None:
    async with httpx.AsyncClient(trust_env=False) as client, asyncio.timeout(60):
        while process.returncode is None:
            try:
                if (await client.get(f"http://127.0.0.1:{port}/readyz")).is_success:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.1)
    raise RuntimeError("the platform did not start")


async def _board(port: int, group: str, tenant: uuid.UUID) -> Board:
    body = msgspec.json.encode({"query": QUERY, "variables": {"group": group}})
    headers = {
        "Authorization": f"Bearer {tokens.token_of('ines')}",
        "Tsunagari-Acting-For": "ikoma",
        "Content-Type": "application/json",
    }
    async with httpx.AsyncClient(trust_env=False) as client:
        said = await client.post(f"http://127.0.0.1:{port}/graphql", content=body, headers=headers)
    answer = said.json()
    cards = answer["data"]["board"]["nodes"]
    assert len(cards) == 20, "the page is not what is to be measured"
    assert all(len(card["notes"]) == 3 and card["recipient"] for card in cards), (
        "cards lack what they link to"
    )
    sql, arguments = await _statement(group)
    url = url_of(DATABASE, APP)
    cost = answer["extensions"]["cost"]
    return Board(port, body, headers, sql, arguments, tenant, url, len(said.content), cost)


async def _statement(group: str) -> tuple[str, list[Any]]:
    """The very statement that the service sends, and its arguments for Ines."""
    database = await Database.open(url_of(DATABASE, APP), name="bench", size=1)
    try:
        viewer = await Viewers(database).of(Identity(ISSUER, "ines", 0), Address("ikoma"))
        engine = Engine(registry(), RELATIONS, Policy.baseline(), database)
        document = Documents(registry().schema, Limits()).find(QUERY)
        return await engine.statement(document, document.operation(None), {"group": group}, viewer)
    finally:
        await database.close()


_NPO = "(SELECT id FROM tsunagari.organisation WHERE tenant_id = $1 AND kind = 'npo' LIMIT 1)"
_GOVERNMENT = _NPO.replace("npo", "government")
_INES = "(SELECT id FROM tsunagari.person WHERE tenant_id = $1 AND subject = 'ines')"
FILL = (
    f"""INSERT INTO tsunagari.case_file (tenant_id, id, number, kind, organisation_id, caseworker_id,
          opened_on, created_at, updated_at)
        SELECT $1, uuidv7(), 100000 + n, 'person', {_NPO}, {_INES}, current_date, now(), now()
        FROM generate_series(1, {CARDS}) n WHERE $2::uuid IS NOT NULL""",
    f"""INSERT INTO tsunagari.referral (tenant_id, id, case_id, mode, state, need_category, urgency, age_band,
          area, ask, working_group_id, sender_id, recipient_id, posted_at, created_at, updated_at)
        SELECT $1, uuidv7(), c.id, 'board', 'posted', 'listening', 'normal', 'senior', '北地区',
          '週に一度、話し相手になってくれる方を探しています。' || c.number, $2, {_NPO}, {_GOVERNMENT},
          now(), now(), now()
        FROM tsunagari.case_file c WHERE c.tenant_id = $1""",
    f"""INSERT INTO tsunagari.card_note (tenant_id, id, referral_id, working_group_id, author_id,
          author_organisation_id, body, created_at, updated_at)
        SELECT $1, uuidv7(), r.id, $2, {_INES}, {_NPO},
          repeat('地区の担当に心当たりがあるか聞いてみます。', 4), now(), now()
        FROM tsunagari.referral r, generate_series(1, 3) WHERE r.tenant_id = $1""",
)
