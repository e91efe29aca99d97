"""GraphQL's way to one's own calendars: a link is made, shown once, and revoked."""

import uuid
from typing import Annotated

import strawberry

from libs.policy.acting import Acting
from libs.serving.session import Payload, identity_of, perform, written
from libs.serving.user_errors import Refusal
from services.platform.events.actions import feeding
from services.platform.events.addresses import FEED
from services.platform.events.schema.feed_types import CalendarFeed, FeedScope
from services.platform.events.schema.inputs import optional_id


@strawberry.type
class CalendarFeedPayload(Payload):
    secret: strawberry.Private[str | None] = None

    @strawberry.field
    async def calendar_feed(self, info: strawberry.Info) -> CalendarFeed | None:
        return await written(info, "CalendarFeed", self)

    @strawberry.field(
        description="プラットフォームの下の場所。一度だけ表示します / below /t/{platform}/, shown only once"
    )
    def path(self) -> str | None:
        return None if self.secret is None else f"{FEED}{self.secret}"


CalendarFeedResult = Annotated[CalendarFeedPayload | Refusal, strawberry.union("CalendarFeedResult")]


@strawberry.input
class CreateCalendarFeedInput:
    scope: FeedScope = FeedScope.ALL
    working_group_id: strawberry.ID | None = None


@strawberry.input
class RevokeCalendarFeedInput:
    id: strawberry.ID
    version: int


@strawberry.type
class FeedsMutation:
    @strawberry.mutation(description="購読するカレンダーのリンクを作る / make a link to one's calendar")
    async def create_calendar_feed(
        self, info: strawberry.Info, input: CreateCalendarFeedInput
    ) -> CalendarFeedResult:
        made: list[feeding.NewFeed] = []

        async def create(acting: Acting) -> uuid.UUID:
            group = optional_id(input.working_group_id, "working_group", "workingGroupId")
            made.append(await feeding.create(acting, input.scope.value, group))
            return made[-1].feed_id

        def shown(*, identity: uuid.UUID) -> CalendarFeedPayload:
            return CalendarFeedPayload(identity=identity, secret=made[-1].secret if made else None)

        return await perform(info, shown, create)

    @strawberry.mutation(description="カレンダーのリンクを無効にする / revoke it")
    async def revoke_calendar_feed(
        self, info: strawberry.Info, input: RevokeCalendarFeedInput
    ) -> CalendarFeedResult:
        return await perform(
            info,
            CalendarFeedPayload,
            lambda acting: feeding.revoke(acting, identity_of(input.id, "calendar_feed"), input.version),
        )
