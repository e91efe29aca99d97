"""The usual Python stack as a server: `PEER` holds its settings as JSON, like PostGraphile's."""

import json
import os
import time
import uuid
from collections.abc import AsyncGenerator
from typing import Any

import sqlalchemy as sa
import uvicorn
from joserfc import jwt
from joserfc.jwk import ECKey
from litestar import Litestar, Request
from litestar.di import Provide
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from strawberry.litestar import make_graphql_controller

from tests.bench.peers.usual_loading import Loading
from tests.bench.peers.usual_schema import schema

SETTINGS: dict[str, Any] = json.loads(os.environ["PEER"])
KEY = ECKey.import_key(SETTINGS["key"])
_verified: dict[str, dict[str, Any]] = {}


def main() -> None:
    engine = create_async_engine(
        SETTINGS["database"].replace("postgresql://", "postgresql+asyncpg://", 1),
        pool_size=SETTINGS["pool"],
        max_overflow=0,
    )
    sessions = async_sessionmaker(engine, expire_on_commit=False)

    async def session() -> AsyncGenerator[AsyncSession, None]:
        async with sessions.begin() as opened:
            yield opened

    controller = make_graphql_controller(schema, path="/graphql", context_getter=context, graphql_ide=None)
    app = Litestar([controller], dependencies={"session": Provide(session)})
    uvicorn.run(app, host="127.0.0.1", port=SETTINGS["port"], log_level="warning", access_log=False)


async def context(request: Request[Any, Any, Any], session: AsyncSession) -> dict[str, Any]:
    tenant_id = uuid.UUID(_claims(request.headers["authorization"])["tenant_id"])
    await session.execute(sa.text(f"SET LOCAL app.tenant_id = '{tenant_id}'"))
    return {"loading": Loading(session, tenant_id)}


def _claims(header: str) -> dict[str, Any]:
    """Remembered until the token ends, as the measured service does."""
    known = _verified.get(header)
    if known is None or known["exp"] < time.time():
        known = jwt.decode(header.removeprefix("Bearer "), KEY, algorithms=["ES256"]).claims
        if (known["iss"], known["aud"]) != (SETTINGS["issuer"], SETTINGS["audience"]):
            raise PermissionError("a token of somebody else")
        _verified[header] = known
    return known


if __name__ == "__main__":
    main()
