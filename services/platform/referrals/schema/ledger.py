"""GraphQL of the ledger of unmet need, for the coordinator."""

import datetime as dt

import strawberry

from libs.persistence.database import Context
from libs.serving.account import Account
from services.platform.referrals import ledger
from services.platform.referrals.schema.enums import Need


@strawberry.type(description="余力がなく応えられなかったニーズ / a need that met no capacity")
class UnmetNeed:
    need: Need
    area: str = strawberry.field(description="地域。未記入なら空 / as the card says; empty where it does not")
    month: dt.date = strawberry.field(description="月の初日 / the month's first day")
    count: int


@strawberry.type
class LedgerQuery:
    @strawberry.field(
        description="応えられなかったニーズの台帳(自らの数値) / the platform's own ledger; null unless yours"
    )
    async def unmet_needs(
        self, info: strawberry.Info, since: dt.date | None = None, until: dt.date | None = None
    ) -> list[UnmetNeed] | None:
        account: Account = info.context
        viewer = await account.viewer()
        access = await account.engine.access(viewer)
        if access.rows("figures") is not True or access.field("figures", "value") is not True:
            return None
        asker = viewer.places(account.database.clock())
        async with account.database.reading(Context(viewer.tenant_id, viewer.account)) as connection:
            found = await ledger.unmet(connection, asker, since, until)
        return [
            UnmetNeed(need=Need(row.need), area=row.area, month=row.month, count=row.count) for row in found
        ]
