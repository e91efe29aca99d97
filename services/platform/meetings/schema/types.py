"""Meetings, who was there, minutes, decisions and votes as they are read."""

import datetime as dt
from enum import Enum

import strawberry

from libs.reading.declare import can, column, computed, connection, hidden, identity, one, stored
from libs.reading.enums import described
from libs.reading.node import Connection, Node
from services.platform.groups.schema import Audience, File, Quorum, Seat, WorkingGroup
from services.platform.meetings import models
from services.platform.members.schema import Organisation, Person


@strawberry.enum(description="会議の状態 / state of a meeting")
class MeetingState(Enum):
    CALLED = "called"
    CANCELLED = "cancelled"
    HELD = "held"


@described(
    "出欠 / whether an organisation comes, or came",
    {
        "present": ("出席", "it is there"),
        "apology": ("欠席", "it is excused"),
        "observer": ("オブザーバー出席", "it is there, without a vote"),
    },
)
class Standing(Enum):
    PRESENT = "present"
    APOLOGY = "apology"
    OBSERVER = "observer"


@described(
    "議事録の状態 / state of minutes",
    {
        "draft": ("案", "read by those who agree to it"),
        "agreed": ("確定", "agreed, it changes no more"),
        "published": ("公表", "published to all whom it is for"),
    },
)
class MinutesState(Enum):
    DRAFT = "draft"
    AGREED = "agreed"
    PUBLISHED = "published"


@described(
    "議事録の確定のしかた / by whom minutes were agreed",
    {
        "chair": ("部会長", "by the chair"),
        "majority": ("出席団体の過半数", "by more than half of the organisations that were there"),
    },
)
class AgreedBy(Enum):
    CHAIR = "chair"
    MAJORITY = "majority"


@described(
    "議決の結果 / what came of an item",
    {
        "adopted": ("可決", "it was adopted"),
        "rejected": ("否決", "it was rejected"),
        "deferred": ("継続審議", "it is taken up again"),
        "noted": ("報告", "it was heard; nothing was to be decided"),
    },
)
class Outcome(Enum):
    ADOPTED = "adopted"
    REJECTED = "rejected"
    DEFERRED = "deferred"
    NOTED = "noted"


@strawberry.enum(description="賛否 / how a seat voted")
class Choice(Enum):
    IN_FAVOUR = "in_favour"
    AGAINST = "against"
    ABSTAINED = "abstained"


@strawberry.enum(description="会議について行える操作 / what can be done to a meeting")
class MeetingAction(Enum):
    EDIT_MEETING = "edit_meeting"
    CANCEL_MEETING = "cancel_meeting"
    ANSWER_MEETING = "answer_meeting"
    MARK_ATTENDANCE = "mark_attendance"
    HOLD_MEETING = "hold_meeting"
    ATTACH_AGENDA = "attach_agenda"
    WRITE_MINUTES = "write_minutes"
    RECORD_DECISION = "record_decision"


@strawberry.enum(description="議事録について行える操作 / what can be done to minutes")
class MinutesAction(Enum):
    EDIT_MINUTES = "edit_minutes"
    REMOVE_MINUTES = "remove_minutes"
    AGREE_MINUTES = "agree_minutes"
    PUBLISH_MINUTES = "publish_minutes"
    ATTACH_TO_MINUTES = "attach_to_minutes"


@strawberry.enum(description="議決について行える操作 / what can be done to a decision")
class DecisionAction(Enum):
    PUBLISH_DECISION = "publish_decision"


@stored(models.attendance, object="attendance", prefix="attendance")
@strawberry.type(description="出欠 / whether an organisation came to a meeting")
class Attendance(Node):
    id: strawberry.ID = identity()
    meeting: "Meeting | None" = one("Meeting", on=lambda row, held: held.c.id == row.c.meeting_id)
    organisation: Organisation | None = one(
        "Organisation", on=lambda row, org: org.c.id == row.c.organisation_id
    )
    standing: Standing | None = column()
    recorded_by: Person | None = one("Person", on=lambda row, person: person.c.id == row.c.recorded_by_id)
    created_at: dt.datetime | None = column()
    hidden_fields: list[str] = hidden()


@stored(models.vote, object="vote", prefix="vote")
@strawberry.type(description="票 / how an organisation voted")
class Vote(Node):
    id: strawberry.ID = identity()
    decision: "Decision | None" = one("Decision", on=lambda row, about: about.c.id == row.c.decision_id)
    organisation: Organisation | None = one(
        "Organisation", on=lambda row, org: org.c.id == row.c.organisation_id
    )
    choice: Choice | None = column()
    hidden_fields: list[str] = hidden()


@stored(models.decision, object="decision", prefix="decision")
@strawberry.type(description="議決 / what a meeting decided")
class Decision(Node):
    id: strawberry.ID = identity()
    working_group: WorkingGroup | None = one(
        "WorkingGroup", on=lambda row, group: group.c.id == row.c.working_group_id
    )
    meeting: "Meeting | None" = one("Meeting", on=lambda row, held: held.c.id == row.c.meeting_id)
    title: str | None = column()
    body: str | None = column()
    outcome: Outcome | None = column()
    published: bool | None = column(description="一般公開 / open to everybody, without login")
    in_favour: int | None = computed(models.votes_for("in_favour"))
    against: int | None = computed(models.votes_for("against"))
    abstained: int | None = computed(models.votes_for("abstained"))
    created_at: dt.datetime | None = column()
    version: int | None = column()
    viewer_can: list[DecisionAction] | None = can()
    hidden_fields: list[str] = hidden()

    @connection("Vote", on=lambda own, row: row.c.decision_id == own.c.id)
    def votes(
        self,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[Vote] | None:
        """票 / how each seat voted, for the group."""


@stored(models.minutes, object="minutes", prefix="minutes")
@strawberry.type(description="議事録 / minutes of a meeting, for an audience")
class Minutes(Node):
    id: strawberry.ID = identity()
    working_group: WorkingGroup | None = one(
        "WorkingGroup", on=lambda row, group: group.c.id == row.c.working_group_id
    )
    meeting: "Meeting | None" = one("Meeting", on=lambda row, held: held.c.id == row.c.meeting_id)
    audience: Audience | None = column()
    author: Person | None = one("Person", on=lambda row, person: person.c.id == row.c.author_id)
    author_organisation: Organisation | None = one(
        "Organisation", on=lambda row, org: org.c.id == row.c.author_organisation_id
    )
    title: str | None = column()
    body: str | None = column()
    held_on: dt.date | None = column()
    state: MinutesState | None = column()
    agreements: int | None = computed(
        models.agreements, description="同意した団体の数 / organisations that agreed to it as it stands"
    )
    agreed_by: AgreedBy | None = column()
    agreed_at: dt.datetime | None = column()
    published_at: dt.datetime | None = column()
    created_at: dt.datetime | None = column()
    version: int | None = column()
    viewer_can: list[MinutesAction] | None = can()
    hidden_fields: list[str] = hidden()

    @connection("File", on=lambda own, row: row.c.minutes_id == own.c.id)
    def files(
        self,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[File] | None:
        """資料 / papers that hang on them."""


@stored(models.meeting, object="meeting", prefix="meeting")
@strawberry.type(description="会議 / a meeting of a working group")
class Meeting(Node):
    id: strawberry.ID = identity()
    working_group: WorkingGroup | None = one(
        "WorkingGroup", on=lambda row, group: group.c.id == row.c.working_group_id
    )
    title: str | None = column()
    agenda: str | None = column()
    starts_at: dt.datetime | None = column()
    ends_at: dt.datetime | None = column()
    venue: str | None = column()
    join_url: str | None = column()
    state: MeetingState | None = column()
    quorum: Quorum | None = column(description="開催時の定足数 / the rule when it was held")
    seats_counted: int | None = column(description="議決権のある席 / seats with a vote on its day")
    seats_present: int | None = column(description="出席した席 / of these, those that were there")
    minutes: Minutes | None = one("Minutes", on=lambda own, row: row.c.meeting_id == own.c.id)
    created_at: dt.datetime | None = column()
    updated_at: dt.datetime | None = column()
    version: int | None = column()
    viewer_can: list[MeetingAction] | None = can()
    hidden_fields: list[str] = hidden()

    @connection("Seat", on=models.invited)
    def invited(
        self,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[Seat] | None:
        """招集された席 / the group's seats on the day of the meeting."""

    @connection("Attendance", on=lambda own, row: row.c.meeting_id == own.c.id)
    def attendance(
        self,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[Attendance] | None:
        """出欠 / who said or was noted what."""

    @connection("Decision", on=lambda own, row: row.c.meeting_id == own.c.id)
    def decisions(
        self,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[Decision] | None:
        """議決 / what was decided."""

    @connection("File", on=lambda own, row: row.c.meeting_id == own.c.id)
    def files(
        self,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[File] | None:
        """資料 / papers of the agenda."""
