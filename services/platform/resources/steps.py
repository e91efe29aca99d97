"""What can be done to a service or place, and in which state."""

from collections.abc import Mapping
from typing import Any

from libs.errors.problems import Problem, WrongState
from libs.persistence.statements import among
from libs.policy.steps import Guard, Step
from services.platform.relations import RELATIONS
from services.platform.resources.words import STATES


def _in_state(*wanted: str) -> Guard:
    def refusal(row: Mapping[str, Any]) -> Problem:
        state = row["state"]
        needed = "・".join(STATES[each][0] for each in wanted)
        return WrongState(
            state,
            f"「{STATES[state][0]}」です。この操作は「{needed}」のときにできます。",
            f"It is '{state}'; this needs {' or '.join(wanted)}.",
        )

    return Guard(lambda row, _: among(row.c.state, wanted), refusal)


RELATIONS.steps.register(
    Step("resource", "edit_resource", (_in_state("draft", "offered"),), policy="keep_resource"),
    Step("resource", "offer_resource", (_in_state("draft", "offered", "ended"),), policy="keep_resource"),
    Step("resource", "publish_resource", (_in_state("draft", "offered", "ended"),)),
    Step("resource", "end_resource", (_in_state("draft", "offered"),), policy="keep_resource"),
    Step("resource", "say_resource_capacity", (_in_state("offered"),), policy="keep_resource"),
    Step("resource", "verify_resource", (_in_state("draft", "offered"),), policy="keep_resource"),
)
