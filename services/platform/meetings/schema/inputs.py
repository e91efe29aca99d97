"""What mutations of meetings take. Left out or null in a change: as it was."""

import datetime as dt

import strawberry

from services.platform.groups.schema import Audience
from services.platform.meetings.schema.types import Choice, Outcome, Standing


@strawberry.input(description="会議の予定 / when and where, with the agenda")
class MeetingPlan:
    title: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    agenda: str = ""
    venue: str = ""
    join_url: str | None = None


@strawberry.input(description="会議の招集 / a meeting of the group")
class CallMeetingInput:
    working_group_id: strawberry.ID
    plan: MeetingPlan


@strawberry.input(description="会議の変更 / what the meeting is from now on")
class EditMeetingInput:
    id: strawberry.ID
    version: int
    plan: MeetingPlan


@strawberry.input(description="会議とその版 / a meeting, in the version that you read")
class MeetingInput:
    id: strawberry.ID
    version: int


@strawberry.input(description="出欠の返事 / whether your organisation comes")
class AnswerMeetingInput:
    id: strawberry.ID
    comes: bool


@strawberry.input(description="出欠の記録 / who is there, and who is excused")
class MarkAttendanceInput:
    id: strawberry.ID
    organisation_id: strawberry.ID
    standing: Standing


@strawberry.input(description="資料 / a file that was sent to …/uploads, and what it hangs on")
class AttachPaperInput:
    id: strawberry.ID
    upload_id: strawberry.ID


@strawberry.input(description="議事録 / a draft of the minutes, and whom they are for")
class WriteMinutesInput:
    meeting_id: strawberry.ID
    audience: Audience
    title: str
    body: str


@strawberry.input(description="議事録の変更 / changes to a draft; who agreed is asked anew")
class EditMinutesInput:
    id: strawberry.ID
    version: int
    audience: Audience | None = None
    title: str | None = None
    body: str | None = None


@strawberry.input(description="議事録とその版 / minutes, in the version that you read")
class MinutesInput:
    id: strawberry.ID
    version: int


@strawberry.input(description="票 / how an organisation voted")
class VoteInput:
    organisation_id: strawberry.ID
    choice: Choice


@strawberry.input(description="議決 / what was decided, with each seat's vote where there was one")
class RecordDecisionInput:
    meeting_id: strawberry.ID
    title: str
    outcome: Outcome
    body: str = ""
    votes: list[VoteInput] = strawberry.field(default_factory=list[VoteInput])


@strawberry.input(description="議決の公開 / open the result to everybody, or close it")
class PublishDecisionInput:
    id: strawberry.ID
    version: int
    published: bool
