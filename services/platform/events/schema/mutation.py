"""GraphQL's way to what an organiser does about an event."""

import strawberry

from libs.serving.session import identity_of, perform
from services.platform.events.actions import co_hosting, reporting, running, series
from services.platform.events.schema import inputs
from services.platform.events.schema.feeds import FeedsMutation
from services.platform.events.schema.importing import ImportsMutation
from services.platform.events.schema.payloads import EventPayload, EventResult
from services.platform.events.schema.places import PlacesMutation


@strawberry.type
class EventsMutation(PlacesMutation, FeedsMutation, ImportsMutation):
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

    @strawberry.mutation(description="連続開催の下書きをつくる / draft a series; the first of it is answered")
    async def create_event_series(
        self, info: strawberry.Info, input: inputs.CreateEventSeriesInput
    ) -> EventResult:
        return await perform(
            info,
            EventPayload,
            lambda acting: series.create(
                acting,
                inputs.optional_id(input.organisation_id, "organisation", "organisationId"),
                inputs.content_of(input.event),
                inputs.optional_id(input.event.working_group_id, "working_group", "workingGroupId"),
                rule=input.rule,
                days=input.days,
            ),
        )

    @strawberry.mutation(description="行事を直す / edit an event")
    async def edit_event(self, info: strawberry.Info, input: inputs.EditEventInput) -> EventResult:
        return await perform(
            info,
            EventPayload,
            lambda acting: series.edit(
                acting,
                identity_of(input.id, "event"),
                input.version,
                inputs.content_of(input.event),
                inputs.optional_id(input.event.working_group_id, "working_group", "workingGroupId"),
                following=input.following,
            ),
        )

    @strawberry.mutation(description="行事を告知・公開する / show it to the members or to everybody")
    async def publish_event(self, info: strawberry.Info, input: inputs.PublishEventInput) -> EventResult:
        return await perform(
            info,
            EventPayload,
            lambda acting: series.announce(
                acting,
                identity_of(input.id, "event"),
                input.version,
                to_everybody=input.to_everybody,
                following=input.following,
            ),
        )

    @strawberry.mutation(description="行事を中止する / call it off")
    async def cancel_event(self, info: strawberry.Info, input: inputs.CancelEventInput) -> EventResult:
        return await perform(
            info,
            EventPayload,
            lambda acting: series.cancel(
                acting, identity_of(input.id, "event"), input.version, input.reason, following=input.following
            ),
        )

    @strawberry.mutation(description="共催をやめる / stop holding it together; the organiser is told")
    async def step_down_as_co_host(
        self, info: strawberry.Info, input: inputs.StepDownAsCoHostInput
    ) -> EventResult:
        return await perform(
            info,
            EventPayload,
            lambda acting: co_hosting.step_down(acting, identity_of(input.id, "event"), input.version),
        )

    @strawberry.mutation(description="行事の報告を書く / report on an event, for all or for its organiser")
    async def report_event(self, info: strawberry.Info, input: inputs.ReportEventInput) -> EventResult:
        return await perform(
            info,
            EventPayload,
            lambda acting: reporting.report(
                acting,
                identity_of(input.event_id, "event", "eventId"),
                reporting.Said(input.summary, input.attended, input.published),
            ),
        )
