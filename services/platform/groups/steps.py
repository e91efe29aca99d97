"""What can be done to working groups, seats, requests for seats and posts, and in which state."""

from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa

from libs.errors.problems import AlreadyExists, Problem, WrongState
from libs.policy.predicates import Asker
from libs.policy.steps import Guard, Step
from libs.reading.declare import Row
from services.platform.groups.models import not_ended, seat, seat_request, seated_today
from services.platform.relations import RELATIONS

Bool = sa.ColumnElement[bool]


def already_seated(_: object = None) -> Problem:
    return AlreadyExists(
        "この団体は、すでにこの部会に席があります。", "This organisation holds a seat here already."
    )


def no_seat(_: object = None) -> Problem:
    return WrongState(
        "no_seat",
        "この団体はこの部会に席がありません。先に席を与えてください。",
        "This organisation holds no seat here today. Give it a seat first.",
    )


def _asked_already(_: object) -> Problem:
    return AlreadyExists(
        "席はすでに申し込んでいます。返事をお待ちください。",
        "Your organisation has asked already. Wait for the answer.",
    )


def _closed(row: Mapping[str, Any]) -> Problem:
    return WrongState(row["state"], "この部会は終了しています。", "This working group is closed.")


def _ended(_: object) -> Problem:
    return WrongState("ended", "この席はすでに終わっています。", "This seat has ended already.")


def _answered(row: Mapping[str, Any]) -> Problem:
    return WrongState(
        row["state"], "この申込みにはすでに返事があります。", "This request has been answered already."
    )


def _somebody_seated(group: Row, asker: Asker) -> Bool:
    return sa.exists(
        sa.select(seat.c.id).where(
            seat.c.tenant_id == asker.tenant,
            seated_today(seat, asker),
            seat.c.working_group_id == group.c.id,
        )
    )


def _asker_not_seated(group: Row, asker: Asker) -> Bool:
    held = sa.select(seat.c.id).where(
        seat.c.tenant_id == asker.tenant,
        not_ended(seat, asker),
        seat.c.working_group_id == group.c.id,
        seat.c.organisation_id == asker.organisation,
    )
    return sa.not_(sa.exists(held))


def _asker_not_asking(group: Row, asker: Asker) -> Bool:
    asked = sa.select(seat_request.c.id).where(
        seat_request.c.tenant_id == asker.tenant,
        seat_request.c.working_group_id == group.c.id,
        seat_request.c.organisation_id == asker.organisation,
        seat_request.c.state == sa.literal("asked"),
    )
    return sa.not_(sa.exists(asked))


OPEN: Final = Guard(lambda group, _: group.c.state == sa.literal("active"), _closed)
UNANSWERED: Final = Guard(lambda row, _: row.c.state == sa.literal("asked"), _answered)

RELATIONS.steps.register(
    Step("working_group", "edit_working_group"),
    Step("working_group", "publish_working_group"),
    Step("working_group", "open_board"),
    Step("working_group", "name_chair", (OPEN, Guard(_somebody_seated, no_seat, beyond=True))),
    Step("working_group", "give_seat", (OPEN,)),
    # the chair of a seat that is being given
    Step("working_group", "give_chair", (OPEN,), policy="name_chair"),
    Step(
        "working_group",
        "ask_for_seat",
        (
            OPEN,
            Guard(_asker_not_seated, already_seated, beyond=True),
            Guard(_asker_not_asking, _asked_already, beyond=True),
        ),
    ),
    Step("working_group", "write_post", (OPEN,)),
    Step("working_group", "upload_file", (OPEN,)),
    Step("working_group", "adopt_charter", (OPEN,)),
    # who may write in a working group may hang an event on it
    Step("working_group", "hang_event", policy="write_post"),
    Step(
        "seat",
        "end_seat",
        (Guard(lambda row, asker: sa.or_(row.c.until_on.is_(None), row.c.until_on > asker.today), _ended),),
    ),
    Step("seat_request", "decline_seat_request", (UNANSWERED,)),
    Step("seat_request", "withdraw_seat_request", (UNANSWERED,)),
    Step("post", "edit_post"),
    Step("post", "remove_post"),
    Step("post", "pin_post"),
    Step("post", "write_comment"),
    Step("comment", "edit_comment"),
    Step("comment", "remove_comment"),
    # who may edit a post hangs files on it
    Step("post", "attach_file", policy="edit_post"),
    Step("file", "edit_file"),
    Step("file", "remove_file"),
)
