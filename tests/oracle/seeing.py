"""Rows as one asker sees them."""

import uuid
from dataclasses import dataclass
from typing import Any, Final

from tests.oracle.facts import ROW_OF, Judge
from tests.reading.world import Row

OBJECT_OF: Final = {
    "Person": "person",
    "Organisation": "organisation",
    "Platform": "tenant",
    "WorkingGroup": "working_group",
    "Seat": "seat",
    "SeatRequest": "seat_request",
    "Post": "post",
    "File": "file",
    "Comment": "comment",
    "Charter": "charter",
    "Meeting": "meeting",
    "Attendance": "attendance",
    "Minutes": "minutes",
    "Decision": "decision",
    "Vote": "vote",
    "Event": "event",
    "EventOccurrence": "occurrence",
    "CalendarFeed": "calendar_feed",
    "EventReport": "event_report",
    "Place": "place",
    "Case": "case",
    "Consent": "consent",
    "Referral": "referral",
    "CardNote": "card_note",
    "Offer": "offer",
    "Question": "question",
    "ReferralEvent": "referral_event",
    "Disclosure": "disclosure",
    "AnswerLink": "answer_link",
    "Correction": "correction",
    "AccessEntry": "access_entry",
    "Council": "council",
    "CouncilMember": "council_member",
    "CouncilItem": "council_item",
    "Sitting": "sitting",
    "BreakGlass": "break_glass",
    "ReferralTerms": "referral_terms",
    "HelpRequest": "request",
    "RequestAccess": "request_access",
    "Erasure": "erasure",
    "CourseText": "course_text",
    "Course": "course",
    "Dispatch": "dispatch",
    "Certificate": "certificate",
    "TrainingTarget": "training_target",
    "Survey": "survey",
    "SurveyAnswer": "survey_answer",
    "PolicyEdition": "policy",
    "PolicyDraft": "policy_draft",
    "Notice": "notice",
    "Inbox": "inbox",
    "Webhook": "webhook",
    "Resource": "resource",
    "MembershipCondition": "membership_condition",
    "ConditionAgreement": "condition_agreement",
    "ApplicationPaper": "paper",
    "MemberClass": "member_class",
}
PREFIX_OF: Final = OBJECT_OF | {
    "Platform": "platform",
    "CardNote": "note",
    "ReferralEvent": "step",
    "AccessEntry": "access",
    "RequestAccess": "opening",
    "PolicyEdition": "policy_edition",
    "MembershipCondition": "condition",
    "ConditionAgreement": "agreement",
    "ApplicationPaper": "paper",
    "MemberClass": "class",
}
TABLE_OF: Final = {name: ROW_OF.get(known, known) for name, known in OBJECT_OF.items()}
_TYPE_OF = {prefix: name for name, prefix in PREFIX_OF.items()}


@dataclass(frozen=True)
class Thing:
    """A row as an object of one type."""

    type: str
    row: Row


@dataclass(frozen=True)
class Asked:
    """One question's rows: those that its asker may find."""

    judge: Judge

    def seen(self, type_name: str, row: Row | None) -> Thing | None:
        if row is None or not self.judge.finds(OBJECT_OF[type_name], row):
            return None
        return Thing(type_name, row)

    def opens(self, thing: Thing, policy_name: str) -> bool:
        return self.judge.opens(OBJECT_OF[thing.type], policy_name, thing.row)

    def of(self, type_name: str, identity: uuid.UUID | None) -> Thing | None:
        return self.seen(type_name, self.judge.parent(TABLE_OF[type_name], identity))

    def everything(self, type_name: str) -> list[Thing]:
        rows = self.judge.world.all(TABLE_OF[type_name])
        return [thing for row in rows if (thing := self.seen(type_name, row)) is not None]

    def id_of(self, thing: Thing) -> str:
        return f"{PREFIX_OF[thing.type]}_{thing.row['id']}"

    def by_id(self, text: str, wanted: str | None = None) -> Thing | None:
        """The object of a global id, where it is of the type wanted."""
        type_name, identity = type_and_number(text)
        if type_name is None or wanted not in {None, type_name}:
            return None
        return self.of(type_name, identity)


def type_and_number(text: str) -> tuple[str | None, uuid.UUID]:
    prefix, _, number = text.rpartition("_")
    return _TYPE_OF.get(prefix), uuid.UUID(number)


def number_of(text: str, type_name: str) -> Any:
    """The id's number, None where it is of another type."""
    found, number = type_and_number(text)
    return number if found == type_name else None
