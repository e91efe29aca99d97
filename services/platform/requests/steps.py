"""What can be done to a request, and in which state."""

from collections.abc import Mapping
from typing import Any, Final

from libs.errors.problems import Problem, WrongState
from libs.persistence.sealing.key_store import KeyErased
from libs.persistence.statements import among
from libs.policy.steps import Guard, Step
from services.platform.relations import RELATIONS
from services.platform.requests.models import LIVE

STATE_NAMES: Final[Mapping[str, str]] = {
    "waiting": "回答待ち",
    "answered": "回答済み",
    "taken": "ケースになっています",
    "withdrawn": "取り下げられています",
}


def _wrong(row: Mapping[str, Any]) -> Problem:
    return WrongState(
        row["state"],
        f"この相談は「{STATE_NAMES[row['state']]}」のため、この操作はできません。",
        f"The request is '{row['state']}': this cannot be done to it.",
    )


def _erased(_: object) -> Problem:
    return KeyErased()


def _in(*states: str) -> Guard:
    return Guard(lambda row, _: among(row.c.state, states), _wrong)


_READABLE: Final = Guard(lambda row, _: row.c.erased_at.is_(None), _erased)

RELATIONS.steps.register(
    Step("request", "reveal_request", (_READABLE,)),
    Step("request", "answer_request", (_in(*LIVE), _READABLE)),
    Step(
        "request",
        "take_request",
        (_in("waiting", "answered"), _READABLE),
        also=(("case", "open_case", ("own",)),),
    ),
    # the two that are its holder's
    Step("request", "write_message", (_in(*LIVE), _READABLE)),
    Step("request", "withdraw_request", (_in("waiting", "answered"),)),
    Step("tenant", "keep_help_page"),
)
