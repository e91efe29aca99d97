"""GraphQL of meetings."""

from services.platform.meetings.schema.mutation import MeetingsMutation
from services.platform.meetings.schema.query import MeetingsQuery
from services.platform.meetings.schema.types import Attendance, Decision, Meeting, Minutes, Vote

__all__ = ["Attendance", "Decision", "Meeting", "MeetingsMutation", "MeetingsQuery", "Minutes", "Vote"]
