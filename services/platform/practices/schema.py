"""GraphQL of the library of good practices. It is no tenant's rows: read beside the compiled reads."""

import datetime as dt
from enum import Enum
from typing import Annotated, Any

import strawberry

from libs.reading import ids
from libs.serving.account import Account
from libs.serving.session import Payload, identity_of, perform, session
from libs.serving.user_errors import Refusal
from services.platform.practices import actions, reading

PREFIX = "practice"


@strawberry.enum(description="好事例の状態 / what became of a practice that was offered")
class PracticeState(Enum):
    OFFERED = "offered"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


@strawberry.type(description="好事例 / a good practice, with the platform that it comes from")
class Practice:
    id: strawberry.ID
    title: str
    body: str
    tags: list[str]
    source: str = strawberry.field(description="出典のプラットフォーム / the platform that offered it")
    state: PracticeState
    note: str = strawberry.field(description="返戻の理由 / why it was returned")
    offered_at: dt.datetime
    decided_at: dt.datetime | None
    version: int


@strawberry.type
class PracticePayload(Payload):
    @strawberry.field
    async def practice(self, info: strawberry.Info) -> Practice | None:
        current = session(info)
        return _shown(await reading.one_own(current.database, current.viewer, self.identity))


PracticeResult = Annotated[PracticePayload | Refusal, strawberry.union("PracticeResult")]


@strawberry.input(description="好事例 / what worked, so that others can do it too; no personal data")
class OfferPracticeInput:
    title: str
    body: str
    tags: list[str] = strawberry.field(default_factory=list[str])


@strawberry.input(description="取り下げる好事例 / the practice to take back")
class WithdrawPracticeInput:
    id: strawberry.ID
    version: int


@strawberry.type
class PracticesQuery:
    @strawberry.field(description="全国の好事例集 / the national library, newest first, 50 a page")
    async def library(
        self, info: strawberry.Info, search: str | None = None, before: strawberry.ID | None = None
    ) -> list[Practice] | None:
        account: Account = info.context
        viewer = await account.viewer()
        access = await account.engine.access(viewer)
        if access.rows("practice") is not True:
            return None
        after = None if before is None else ids.of_type(PREFIX, before, "before")
        return [_shown(row) for row in await reading.accepted(account.database, viewer, search, after)]

    @strawberry.field(description="自らが提供した好事例 / what this platform offered; null unless yours")
    async def offered_practices(self, info: strawberry.Info) -> list[Practice] | None:
        account: Account = info.context
        viewer = await account.viewer()
        access = await account.engine.access(viewer)
        if not access.may("practice", "offer_practice"):
            return None
        return [_shown(row) for row in await reading.own(account.database, viewer)]


@strawberry.type
class PracticesMutation:
    @strawberry.mutation(description="好事例を提供する / offer a practice to the national library")
    async def offer_practice(self, info: strawberry.Info, input: OfferPracticeInput) -> PracticeResult:
        return await perform(
            info,
            PracticePayload,
            lambda acting: actions.offer(acting, input.title, input.body, input.tags),
        )

    @strawberry.mutation(description="好事例を取り下げる / take a practice back, from the library too")
    async def withdraw_practice(self, info: strawberry.Info, input: WithdrawPracticeInput) -> PracticeResult:
        return await perform(
            info,
            PracticePayload,
            lambda acting: actions.withdraw(acting, identity_of(input.id, PREFIX), input.version),
        )


def _shown(row: Any) -> Practice:  # noqa: ANN401 - asyncpg's record
    return Practice(
        id=strawberry.ID(ids.encode(PREFIX, row["id"])),
        title=row["title"],
        body=row["body"],
        tags=list(row["tags"]),
        source=row["source"],
        state=PracticeState(row["state"]),
        note=row["note"],
        offered_at=row["offered_at"],
        decided_at=row["decided_at"],
        version=row["version"],
    )
