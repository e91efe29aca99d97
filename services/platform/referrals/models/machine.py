"""The referral's states and steps as data (after FHIR Task and Primero); its state folds its events."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from libs.errors.problems import WrongState

STATES: Final = (
    "draft",
    "awaiting_basis",
    "posted",
    "sent",
    "accepted",
    "on_hold",
    "in_progress",
    "reported",
    "closed",
    "declined",
    "expired",
    "withdrawn",
    "void",
)
TERMINAL: Final = ("closed", "declined", "expired", "withdrawn", "void")
LIVE: Final = tuple(state for state in STATES if state not in TERMINAL)
TAKEN_ON: Final = ("accepted", "on_hold", "in_progress", "reported")
"""The recipient has accepted and it has not ended."""
WITH_RECIPIENT: Final = ("sent", *TAKEN_ON)
"""Sent and not ended: the recipient is at work on it."""
ADDRESSED: Final = ("awaiting_basis", *WITH_RECIPIENT)
"""A recipient is chosen: of these one (case, need, recipient) has at most one."""
BEFORE_REPORT: Final = tuple(state for state in LIVE if state != "reported")


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the table of transitions. `name` is the policy's action too, by which the actor is checked.

    `origins` None stands for the beginning. `stamps` are the times and facts of the row that the step sets.
    """

    number: str
    name: str
    origins: tuple[str | None, ...]
    target: str
    stamps: tuple[str, ...] = ()


STEPS: Final[Mapping[str, Step]] = {
    step.name: step
    for step in (
        Step("T1", "create_referral", (None,), "draft"),
        Step("T2", "request_basis", ("draft",), "awaiting_basis"),
        Step("T3", "send_referral", ("awaiting_basis",), "sent", ("sent_at",)),
        Step("T4", "post_to_board", ("draft",), "posted", ("posted_at",)),
        Step("T5", "offer_help", ("posted",), "posted"),
        Step("T6", "choose_offer", ("posted",), "awaiting_basis"),
        Step("T7", "accept_referral", ("sent",), "accepted", ("answered_at",)),
        Step("T8", "decline_referral", ("sent",), "declined", ("answered_at", "ended_at")),
        Step("T9", "expire_referral", ("sent", "posted"), "expired", ("ended_at",)),
        Step("T11", "start_support", ("accepted",), "in_progress"),
        Step("T14", "report_outcome", ("accepted", "on_hold", "in_progress"), "reported", ("reported_at",)),
        Step("T15", "confirm_loop", ("reported",), "closed", ("ended_at",)),
        Step("T17", "close_unconfirmed", ("reported",), "closed", ("ended_at",)),
        Step("T18", "withdraw_referral", BEFORE_REPORT, "withdrawn", ("ended_at",)),
        Step("T19", "revoke_consent", LIVE, "withdrawn", ("ended_at",)),
    )
}


def check(step: Step, state: str | None) -> None:
    """Raises WrongState where the state does not admit the step."""
    if state not in step.origins:
        raise wrong_state(step, state)


def wrong_state(step: Step, state: str | None) -> WrongState:
    """The refusal of the step in another state."""
    wanted = ", ".join(str(origin) for origin in step.origins)
    return WrongState(
        str(state),
        f"この紹介は「{state}」のため、この操作はできません。読み直してご確認ください。",
        f"The referral is '{state}'; this step needs {wanted}. Read it again.",
    )


@dataclass(slots=True)
class Folded:
    """What the events alone say of a referral."""

    state: str | None = None
    stamps: dict[str, Any] = field(default_factory=dict[str, Any])


def fold(events: Iterable[Mapping[str, Any]]) -> Folded:
    """The state after these events, in their order. Raises WrongState where one does not follow."""
    folded = Folded()
    for event in events:
        step = STEPS[event["step"]]
        check(step, folded.state)
        folded.state = event["to_state"]
        for stamp in step.stamps:
            folded.stamps[stamp] = event["at"]
    return folded
