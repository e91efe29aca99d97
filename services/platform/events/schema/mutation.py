"""GraphQL's way to what an organiser does about an event."""

import strawberry

from libs.serving.session import identity_of, perform
from services.platform.events.actions import running
from services.platform.events.schema import inputs
from services.platform.events.schema.feeds import FeedsMutation
from services.platform.events.schema.payloads import EventPayload, EventResult
from services.platform.events.schema.places import PlacesMutation


@strawberry.type
class EventsMutation(PlacesMutation, FeedsMutation):
    @strawberry.mutation(description="行事の下書きをつくる / draft an event")
    async def create_event(self, info: strawberry.Info, input: inputs.CreateEventInput) -> EventResult:
        return await perform(
            info,
            EventPayload,
            lambda acting: running.draft(
                acting,
                inputs.optional_id(input.organisation_id, "organisation", "organisationId"),
                inputs.content_of(input.event),
                inputs.optional_id(input.event.working_group_id, "working_group", "workingGroupId"),
            ),
        )

    @strawberry.mutation(description="行事を直す / edit an event")
    async def edit_event(self, info: strawberry.Info, input: inputs.EditEventInput) -> EventResult:
        return await perform(
            info,
            EventPayload,
            lambda acting: running.edit(
                acting,
                identity_of(input.id, "event"),
                input.version,
                inputs.content_of(input.event),
                inputs.optional_id(input.event.working_group_id, "working_group", "workingGroupId"),
            ),
        )

    @strawberry.mutation(description="行事を告知・公開する / show it to the members or to everybody")
    async def publish_event(self, info: strawberry.Info, input: inputs.PublishEventInput) -> EventResult:
        return await perform(
            info,
            EventPayload,
            lambda acting: running.announce(
                acting, identity_of(input.id, "event"), input.version, to_everybody=input.to_everybody
            ),
        )

    @strawberry.mutation(description="行事を中止する / call it off")
    async def cancel_event(self, info: strawberry.Info, input: inputs.CancelEventInput) -> EventResult:
        return await perform(
            info,
            EventPayload,
            lambda acting: running.cancel(
                acting, identity_of(input.id, "event"), input.version, input.reason
            ),
        )
