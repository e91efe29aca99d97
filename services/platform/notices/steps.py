"""What people can do to their notices, their inbox and the webhooks of their organisation."""

from collections.abc import Mapping
from typing import Any

from libs.errors.problems import Problem, WrongState
from libs.persistence.statements import among
from libs.policy.steps import Guard, Step
from services.platform.relations import RELATIONS

KEPT = ("active", "disabled")


def _removed(row: Mapping[str, Any]) -> Problem:
    return WrongState(
        row["state"],
        "この通知先は外されています。新しく登録してください。",
        "This webhook was removed. Register a new one.",
    )


def _works(row: Mapping[str, Any]) -> Problem:
    return WrongState(
        row["state"],
        "止まっている通知先だけを再開できます。",
        "Only a webhook that was disabled can be enabled again.",
    )


_IS_KEPT = Guard(lambda row, _: among(row.c.state, KEPT), _removed)

RELATIONS.steps.register(
    Step("notice", "mark_read"),
    Step("inbox", "set_notice_preferences"),
    Step("webhook", "rotate_webhook_secret", (_IS_KEPT,)),
    Step("webhook", "enable_webhook", (Guard(lambda row, _: among(row.c.state, ("disabled",)), _works),)),
    Step("webhook", "remove_webhook", (_IS_KEPT,)),
)
