"""One platform without the app: onboarded, with its databases as roles open them: for tests below HTTP."""

import os
import uuid
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from libs.persistence.connections import Connection, connect
from libs.persistence.database import Database
from libs.persistence.roles import APP, ONBOARDING
from libs.tenancy.onboarding import Coordinator, NewTenant, onboard
from tests.stage import server
from tests.stage.stage import Clock
from tests.stage.tokens import ISSUER


@dataclass
class Founded:
    """`app` and `onboarding` as the product opens them; `admin` sees everything."""

    name: str
    clock: Clock
    app: Database
    onboarding: Database
    admin: Connection
    tenants: dict[str, uuid.UUID]

    async def found(self, slug: str, code: str) -> uuid.UUID:
        """Onboards a platform whose coordinator's subject is its slug."""
        made = await onboard(self.onboarding, NewTenant([code], slug, Coordinator("Mori", ISSUER, slug)))
        self.tenants[slug] = made.tenant_id
        return made.tenant_id


@asynccontextmanager
async def founded() -> AsyncGenerator[Founded]:
    """A database of one's own without any platform."""
    async with AsyncExitStack() as stack:
        name = await stack.enter_async_context(server.cloned(os.environ[server.TEMPLATE]))
        clock = Clock()
        app = await Database.open(server.url_of(name, APP), name="tests", size=8, clock=clock)
        stack.push_async_callback(app.close)
        onboarding = await Database.open(server.url_of(name, ONBOARDING), name="tests", size=2, clock=clock)
        stack.push_async_callback(onboarding.close)
        admin = await connect(server.url_of(name))
        stack.push_async_callback(admin.close)
        yield Founded(name, clock, app, onboarding, admin, {})
