"""What people do about minutes."""

import strawberry

from libs.serving.session import identity_of, perform
from services.platform.meetings.actions import minutes
from services.platform.meetings.schema import inputs
from services.platform.meetings.schema.payloads import (
    MinutesPayload,
    MinutesResult,
    PaperPayload,
    PaperResult,
)


@strawberry.type
class MinutesMutation:
    @strawberry.mutation(description="議事録を書く / write minutes of a meeting that was held")
    async def write_minutes(self, info: strawberry.Info, input: inputs.WriteMinutesInput) -> MinutesResult:
        return await perform(
            info,
            MinutesPayload,
            lambda acting: minutes.write(
                acting,
                identity_of(input.meeting_id, "meeting", "meetingId"),
                input.audience.value,
                input.title,
                input.body,
            ),
        )

    @strawberry.mutation(description="議事録の案を直す / edit a draft of minutes")
    async def edit_minutes(self, info: strawberry.Info, input: inputs.EditMinutesInput) -> MinutesResult:
        audience = input.audience.value if input.audience else None
        return await perform(
            info,
            MinutesPayload,
            lambda acting: minutes.edit(
                acting, identity_of(input.id, "minutes"), input.version, audience, input.title, input.body
            ),
        )

    @strawberry.mutation(description="議事録の案を取り下げる / take a draft of minutes away")
    async def remove_minutes(self, info: strawberry.Info, input: inputs.MinutesInput) -> MinutesResult:
        return await perform(
            info,
            MinutesPayload,
            lambda acting: minutes.remove(acting, identity_of(input.id, "minutes"), input.version),
        )

    @strawberry.mutation(description="議事録に同意する / agree to minutes for your organisation")
    async def agree_minutes(self, info: strawberry.Info, input: inputs.MinutesInput) -> MinutesResult:
        return await perform(
            info,
            MinutesPayload,
            lambda acting: minutes.agree(acting, identity_of(input.id, "minutes"), input.version),
        )

    @strawberry.mutation(description="議事録を公表する / publish agreed minutes to the group")
    async def publish_minutes(self, info: strawberry.Info, input: inputs.MinutesInput) -> MinutesResult:
        return await perform(
            info,
            MinutesPayload,
            lambda acting: minutes.publish(acting, identity_of(input.id, "minutes"), input.version),
        )

    @strawberry.mutation(description="議事録に資料を付ける / hang a paper on a draft of minutes")
    async def attach_to_minutes(self, info: strawberry.Info, input: inputs.AttachPaperInput) -> PaperResult:
        return await perform(
            info,
            PaperPayload,
            lambda acting: minutes.attach(
                acting,
                identity_of(input.id, "minutes"),
                identity_of(input.upload_id, "upload", "uploadId"),
            ),
        )
