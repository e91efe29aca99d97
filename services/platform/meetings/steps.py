"""What can be done to meetings, minutes and decisions, and in which state."""

from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa

from libs.errors.problems import AlreadyExists, Problem, WrongState
from libs.persistence.statements import looked_up
from libs.policy.predicates import Asker
from libs.policy.steps import Guard, Step
from libs.reading.declare import Row
from services.platform.groups.steps import OPEN
from services.platform.meetings.models import minutes
from services.platform.relations import RELATIONS

Bool = sa.ColumnElement[bool]


def _not_called(row: Mapping[str, Any]) -> Problem:
    return WrongState(
        row["state"],
        "この会議はすでに開かれたか、中止されています。",
        "This meeting was held or cancelled already.",
    )


def _early(_: object) -> Problem:
    return WrongState("early", "まだ始まっていない会議です。", "The meeting has not begun yet.")


def _not_held(row: Mapping[str, Any]) -> Problem:
    return WrongState(
        row["state"],
        "会議がまだ開かれていません。出欠を確定してから記録してください。",
        "The meeting was not held yet. Settle who was there first.",
    )


def _has_minutes(_: object) -> Problem:
    return AlreadyExists("この会議の議事録はすでにあります。", "There are minutes of this meeting already.")


def _not_draft(row: Mapping[str, Any]) -> Problem:
    return WrongState(
        row["state"], "確定した議事録は変えられません。", "Minutes that were agreed cannot be changed."
    )


def _not_agreed(row: Mapping[str, Any]) -> Problem:
    return WrongState(
        row["state"],
        "公表できるのは、確定した議事録だけです。",
        "Minutes are published once they are agreed.",
    )


def _no_minutes(held: Row, asker: Asker) -> Bool:
    written = sa.select(minutes.c.id).where(
        minutes.c.tenant_id == asker.tenant, minutes.c.meeting_id == held.c.id
    )
    return sa.not_(looked_up(written))


CALLED: Final = Guard(lambda row, _: row.c.state == sa.literal("called"), _not_called)
BEGUN: Final = Guard(lambda row, asker: row.c.starts_at <= asker.now, _early)
HELD: Final = Guard(lambda row, _: row.c.state == sa.literal("held"), _not_held)
DRAFT: Final = Guard(lambda row, _: row.c.state == sa.literal("draft"), _not_draft)
AGREED: Final = Guard(lambda row, _: row.c.state == sa.literal("agreed"), _not_agreed)
UNWRITTEN: Final = Guard(_no_minutes, _has_minutes, beyond=True)

RELATIONS.steps.register(
    Step("working_group", "call_meeting", (OPEN,)),
    Step("meeting", "edit_meeting", (CALLED,)),
    Step("meeting", "cancel_meeting", (CALLED,)),
    Step("meeting", "answer_meeting", (CALLED,)),
    Step("meeting", "mark_attendance", (CALLED,)),
    Step("meeting", "hold_meeting", (CALLED, BEGUN)),
    Step("meeting", "attach_agenda", policy="edit_meeting"),
    Step("meeting", "write_minutes", (HELD, UNWRITTEN)),
    Step("meeting", "record_decision", (HELD,)),
    Step("minutes", "edit_minutes", (DRAFT,)),
    Step("minutes", "remove_minutes", (DRAFT,)),
    Step("minutes", "agree_minutes", (DRAFT,)),
    Step("minutes", "publish_minutes", (AGREED,)),
    Step("minutes", "attach_to_minutes", (DRAFT,), policy="edit_minutes"),
    Step("decision", "publish_decision"),
)
