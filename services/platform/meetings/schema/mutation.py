"""What people can do about meetings. Each field is one action."""

import uuid

import strawberry

from libs.serving.session import identity_of, perform
from services.platform.meetings.actions import attending, calling, deciding
from services.platform.meetings.schema import inputs
from services.platform.meetings.schema.minutes import MinutesMutation
from services.platform.meetings.schema.payloads import (
    DecisionPayload,
    DecisionResult,
    MeetingPayload,
    MeetingResult,
    PaperPayload,
    PaperResult,
)


@strawberry.type
class CallingMutation:
    @strawberry.mutation(description="会議を招集する / call a meeting of the group; its seats are told")
    async def call_meeting(self, info: strawberry.Info, input: inputs.CallMeetingInput) -> MeetingResult:
        return await perform(
            info,
            MeetingPayload,
            lambda acting: calling.call(
                acting,
                identity_of(input.working_group_id, "working_group", "workingGroupId"),
                _plan(input.plan),
            ),
        )

    @strawberry.mutation(description="会議を変える / change a meeting before it is held")
    async def edit_meeting(self, info: strawberry.Info, input: inputs.EditMeetingInput) -> MeetingResult:
        return await perform(
            info,
            MeetingPayload,
            lambda acting: calling.edit(acting, _meeting(input.id), input.version, _plan(input.plan)),
        )

    @strawberry.mutation(description="会議を中止する / call a meeting off")
    async def cancel_meeting(self, info: strawberry.Info, input: inputs.MeetingInput) -> MeetingResult:
        return await perform(
            info,
            MeetingPayload,
            lambda acting: calling.cancel(acting, _meeting(input.id), input.version),
        )

    @strawberry.mutation(description="議題に資料を付ける / hang a paper on the agenda")
    async def attach_agenda(self, info: strawberry.Info, input: inputs.AttachPaperInput) -> PaperResult:
        return await perform(
            info,
            PaperPayload,
            lambda acting: calling.attach(
                acting, _meeting(input.id), identity_of(input.upload_id, "upload", "uploadId")
            ),
        )


@strawberry.type
class AttendingMutation:
    @strawberry.mutation(description="出欠を答える / say whether your organisation comes")
    async def answer_meeting(self, info: strawberry.Info, input: inputs.AnswerMeetingInput) -> MeetingResult:
        standing = "present" if input.comes else "apology"
        return await perform(
            info,
            MeetingPayload,
            lambda acting: attending.answer(acting, _meeting(input.id), standing),
        )

    @strawberry.mutation(description="出欠を記録する / note who is there")
    async def mark_attendance(
        self, info: strawberry.Info, input: inputs.MarkAttendanceInput
    ) -> MeetingResult:
        return await perform(
            info,
            MeetingPayload,
            lambda acting: attending.mark(
                acting,
                _meeting(input.id),
                identity_of(input.organisation_id, "organisation", "organisationId"),
                input.standing.value,
            ),
        )

    @strawberry.mutation(description="出欠を確定する / settle who was there; the quorum is counted")
    async def hold_meeting(self, info: strawberry.Info, input: inputs.MeetingInput) -> MeetingResult:
        return await perform(
            info,
            MeetingPayload,
            lambda acting: attending.hold(acting, _meeting(input.id), input.version),
        )


@strawberry.type
class DecidingMutation:
    @strawberry.mutation(description="議決を記録する / record what was decided, and how the seats voted")
    async def record_decision(
        self, info: strawberry.Info, input: inputs.RecordDecisionInput
    ) -> DecisionResult:
        return await perform(
            info,
            DecisionPayload,
            lambda acting: deciding.record(
                acting,
                _meeting(input.meeting_id, "meetingId"),
                deciding.Result(
                    input.title,
                    input.body,
                    input.outcome.value,
                    {
                        identity_of(each.organisation_id, "organisation", "votes"): each.choice.value
                        for each in input.votes
                    },
                ),
            ),
        )

    @strawberry.mutation(description="議決を公開する / open a result to everybody, or close it")
    async def publish_decision(
        self, info: strawberry.Info, input: inputs.PublishDecisionInput
    ) -> DecisionResult:
        return await perform(
            info,
            DecisionPayload,
            lambda acting: deciding.publish(
                acting, identity_of(input.id, "decision"), input.version, published=input.published
            ),
        )


@strawberry.type
class MeetingsMutation(CallingMutation, AttendingMutation, DecidingMutation, MinutesMutation): ...


def _meeting(text: str, field: str = "id") -> uuid.UUID | None:
    return identity_of(text, "meeting", field)


def _plan(given: inputs.MeetingPlan) -> calling.Plan:
    return calling.Plan(
        given.title, given.starts_at, given.ends_at, given.agenda, given.venue, given.join_url
    )
