"""What is asked beside compiled reads: which platforms know an account, before it has chosen one."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import sqlalchemy as sa
import strawberry

from libs.errors.problems import Unauthenticated
from libs.persistence.database import Context, Database
from libs.persistence.statements import Statement, parameter
from libs.reading.engine import Engine
from libs.tenancy.models import account_tenant, tenant
from libs.tenancy.tokens.identity import Identity
from libs.tenancy.viewer import Viewer, account_of


@dataclass(frozen=True, slots=True)
class Account:
    """The context of plain root fields: the identity by its token, and no tenant unless one asks for it.

    `viewer` is the one under whom the operation's compiled fields were read: all of it is one policy's.
    """

    identity: Identity | None
    database: Database
    engine: Engine
    viewer: Callable[[], Awaitable[Viewer]]

    async def platforms(self) -> "list[MyPlatform]":
        """Raises Unauthenticated."""
        if self.identity is None:
            raise Unauthenticated("no token")
        account = account_of(self.identity.issuer, self.identity.subject)
        async with self.database.reading(Context(None, account)) as connection:
            rows = await connection.fetch(MINE.sql, *MINE.arguments({"account": account}))
        return [MyPlatform(slug=row["slug"], name=row["name"], kind=row["kind"]) for row in rows]


@strawberry.type(description="プラットフォーム / one of the platforms that know the account asking")
class MyPlatform:
    slug: str = strawberry.field(description="Tsunagari-Acting-For に使う名前 / its name in that header")
    name: str
    kind: str


@strawberry.type
class AccountQuery:
    @strawberry.field(description="自分のプラットフォーム / this account's platforms; needs no choice")
    async def my_platforms(self, info: strawberry.Info) -> list[MyPlatform]:
        account: Account = info.context
        return await account.platforms()


MINE = Statement(
    sa.select(tenant.c.slug, tenant.c.name, tenant.c.kind)
    .join(account_tenant, account_tenant.c.tenant_id == tenant.c.tenant_id)
    .where(account_tenant.c.account == parameter(account_tenant.c.account), tenant.c.status == "active")
    .order_by(tenant.c.slug)
)
