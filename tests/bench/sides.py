"""Those who are compared: the platform as it is shipped, and its peers, each one process."""

import os
import secrets
import sys
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

import msgspec
from joserfc import jwt
from joserfc.jwk import ECKey

from libs.persistence.roles import APP, WORKER
from libs.tenancy.tokens.embedded_issuer import KEY_FILE
from tests.bench.nation import City
from tests.bench.processes import Running, free_port, running, started
from tests.stage import tokens
from tests.stage.server import url_of

PEERS: Final = Path(__file__).parent / "peers"
NODE: Final = PEERS / "node_modules" / "node" / "bin" / "node"
POOL: Final = 8
LIFETIME: Final = 24 * 3_600
# the budgets are kept and charged as everywhere, but one tenant may have the whole machine
UNLIMITED: Final = {"TSUNAGARI_TENANT_COST_PER_SECOND": "1000000000", "TSUNAGARI_PERSON_PERCENT": "100"}


@dataclass(frozen=True, slots=True)
class Asker:
    """A person of one tenant: `organisation` and `person` are the numbers that the fill gave them."""

    city: City
    organisation: int = 1
    person: int = 0

    @property
    def subject(self) -> str:
        return f"t{self.city.code}-{self.organisation}-{self.person}"


class Side(Protocol):
    """How one of the compared is started, and what its requests carry."""

    name: str

    def start(self, database: str, folder: Path) -> AbstractAsyncContextManager[Running]: ...
    def headers(self, asker: Asker) -> dict[str, str]: ...


class Ours:
    """`tsunagari serve` as a deployment runs it: one process, with token, policy, limits, log and metrics.

    `settings` are added to its environment.
    """

    name = "ours"

    def __init__(self, settings: Mapping[str, str] | None = None) -> None:
        self._settings = settings or {}

    @asynccontextmanager
    async def start(self, database: str, folder: Path) -> AsyncGenerator[Running]:
        port = free_port()
        environment = {
            "TSUNAGARI_MODE": "demo",
            "TSUNAGARI_DATABASE_URL": url_of(database, APP),
            "TSUNAGARI_ISSUERS": msgspec.json.encode([tokens.trusted()]).decode(),
            "TSUNAGARI_KEY_FOLDER": str(folder / "case-keys"),
            **UNLIMITED,
            **self._settings,
        }
        command = [sys.executable, "-m", "services.operator", "serve", "--port", str(port)]
        async with running(command, port, environment, folder / f"{database}-{port}.log") as one:
            yield one

    def headers(self, asker: Asker) -> dict[str, str]:
        token = tokens.token_of(asker.subject, lifetime=LIFETIME)
        return {"Authorization": f"Bearer {token}", "Tsunagari-Acting-For": asker.city.slug}


class PostGraphile:
    """PostGraphile 5 on the Node.js that npm brought, in the app's role under the same row security."""

    name = "postgraphile"

    @asynccontextmanager
    async def start(self, database: str, folder: Path) -> AsyncGenerator[Running]:
        port = free_port()
        environment = {"NODE_ENV": "production", "PEER": peer_settings(database, port)}
        command = [str(NODE), str(PEERS / "postgraphile.mjs")]
        async with running(command, port, environment, folder / f"postgraphile-{port}.log") as one:
            yield one

    def headers(self, asker: Asker) -> dict[str, str]:
        return peer_headers(asker)


class UsualPython:
    """Strawberry's resolvers, SQLAlchemy's session, data loaders, uvicorn: what most would write."""

    name = "usual_python"

    @asynccontextmanager
    async def start(self, database: str, folder: Path) -> AsyncGenerator[Running]:
        port = free_port()
        command = [sys.executable, "-m", "tests.bench.peers.usual_python"]
        environment = {"PEER": peer_settings(database, port)}
        async with running(command, port, environment, folder / f"usual-{port}.log") as one:
            yield one

    def headers(self, asker: Asker) -> dict[str, str]:
        return peer_headers(asker)


def peer_settings(database: str, port: int) -> str:
    public: dict[str, Any] = tokens.issuer().key_set()["keys"][0]
    return msgspec.json.encode(
        {
            "database": url_of(database, APP),
            "role": APP,
            "pool": POOL,
            "port": port,
            "key": public,
            "issuer": tokens.ISSUER,
            "audience": tokens.AUDIENCE,
        }
    ).decode()


def peer_headers(asker: Asker) -> dict[str, str]:
    """The peers look nobody up: their token says which tenant it is for."""
    claims = {
        "iss": tokens.ISSUER,
        "sub": asker.subject,
        "aud": tokens.AUDIENCE,
        "exp": int(time.time()) + LIFETIME,
        "tenant_id": str(asker.city.tenant_id),
        "jti": secrets.token_urlsafe(12),
    }
    pem = (Path(os.environ[tokens.FOLDER]) / KEY_FILE).read_bytes()
    return {"Authorization": f"Bearer {jwt.encode({'alg': 'ES256'}, claims, ECKey.import_key(pem))}"}


@asynccontextmanager
async def worker(database: str, folder: Path) -> AsyncGenerator[None]:
    """`tsunagari worker`: due work, and notices between processes."""
    environment = {
        "TSUNAGARI_KEY_FOLDER": str(folder / "case-keys"),
        "TSUNAGARI_WORKER_DATABASE_URL": url_of(database, WORKER),
        "TSUNAGARI_DATABASE_URL": url_of(database, APP),
    }
    command = [sys.executable, "-m", "services.operator", "worker"]
    async with started(command, environment, folder / "worker.log"):
        yield
