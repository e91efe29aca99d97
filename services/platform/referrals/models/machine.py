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
AT_WORK: Final = ("accepted", "on_hold", "in_progress")
"""The recipient has accepted and not reported yet."""
NOT_VOID: Final = tuple(state for state in STATES if state != "void")

CLOCK: Final = "clock_from"
"""Since when the state's own time runs."""
QUESTION, APPROVAL, REOPENING, VOIDING = (
    "question_asked_at",
    "approval_asked_at",
    "reopen_asked_at",
    "void_asked_at",
)
"""What waits for somebody's answer beside the state: since when, or null."""


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the table of transitions. `name` is the policy's action too, by which the actor is checked.

    `origins` None stands for the beginning; without `targets` the state stays. `stamps` are the times of the
    row that the step sets, `clears` those that it empties.
    """

    number: str
    name: str
    origins: tuple[str | None, ...]
    targets: tuple[str, ...] = ()
    stamps: tuple[str, ...] = ()
    clears: tuple[str, ...] = ()

    @property
    def stamped(self) -> tuple[str, ...]:
        """A new state has its own time."""
        return (*self.stamps, CLOCK) if self.targets else self.stamps

    def lead(self, origin: str | None, chosen: str | None = None) -> str:
        """The state after it, of several the chosen one. Raises LookupError where it does not lead there."""
        possible = self.targets or (origin,)
        target = possible[0] if chosen is None else chosen
        if target is None or target not in possible:
            raise LookupError(f"{self.name} does not lead from {origin} to {target}")
        return target


_ASKED: Final = (QUESTION, APPROVAL, REOPENING)
_ENDED: Final = ("ended_at",)

STEPS: Final[Mapping[str, Step]] = {
    step.name: step
    for step in (
        Step("T1", "create_referral", (None,), ("draft",)),
        Step("T2", "request_basis", ("draft",), ("awaiting_basis",), clears=(APPROVAL,)),
        # a card that was taken back is no card any more
        Step("T2b", "take_back_basis", ("awaiting_basis",), ("draft",), clears=("posted_at",)),
        Step("T3", "send_referral", ("awaiting_basis",), ("sent",), ("sent_at",)),
        Step("T4", "ask_approval", ("draft",), (), (APPROVAL,)),
        Step("T4", "refuse_card", ("draft",), (), clears=(APPROVAL,)),
        Step("T4", "approve_card", ("draft",), ("posted",), ("posted_at",), (APPROVAL,)),
        Step("T4", "post_to_board", ("draft",), ("posted",), ("posted_at",), (APPROVAL,)),
        Step("T5", "offer_help", ("posted",)),
        Step("T5", "end_offer", LIVE),
        Step("T6", "choose_offer", ("posted",), ("awaiting_basis",)),
        Step("T7", "accept_referral", ("sent",), ("accepted",), ("answered_at",)),
        Step("T8", "decline_referral", ("sent",), ("declined",), ("answered_at", *_ENDED), (QUESTION,)),
        Step("T9", "expire_referral", ("sent", "posted"), ("expired",), _ENDED, (QUESTION,)),
        Step("T10", "ask_question", ("sent", "accepted"), (), (QUESTION,)),
        Step("T10", "answer_question", ("sent", "accepted"), clears=(QUESTION,)),
        Step("T11", "start_support", ("accepted",), ("in_progress",), clears=(QUESTION,)),
        Step("T12", "hold", ("accepted", "in_progress"), ("on_hold",), clears=(QUESTION,)),
        Step("T12", "resume", ("on_hold",), ("accepted", "in_progress")),
        Step("T13", "return_referral", ("accepted",), ("declined",), _ENDED, (QUESTION,)),
        Step("T14", "report_outcome", AT_WORK, ("reported",), ("reported_at",), (QUESTION,)),
        Step("T15", "confirm_loop", ("reported",), ("closed",), _ENDED, (REOPENING,)),
        # whoever is asked has the whole time again to agree
        Step("T16", "request_reopen", ("reported",), (), (REOPENING, CLOCK)),
        Step("T16", "reopen", ("reported",), ("in_progress",), clears=(REOPENING, "reported_at")),
        Step("T17", "close_unconfirmed", ("reported",), ("closed",), _ENDED, (REOPENING,)),
        Step("T18", "withdraw_referral", BEFORE_REPORT, ("withdrawn",), _ENDED, _ASKED),
        Step("T19", "revoke_consent", LIVE, ("withdrawn",), _ENDED, _ASKED),
        Step("T25", "end_with_recipient", ("sent", *AT_WORK), ("withdrawn",), _ENDED, _ASKED),
        Step("T26", "end_with_sender", BEFORE_REPORT, ("withdrawn",), _ENDED, _ASKED),
        Step("T20", "hand_on", ("accepted", "in_progress")),
        Step("T21", "request_transfer", LIVE),
        Step("T21", "accept_transfer", LIVE),
        Step("T21", "decline_transfer", LIVE),
        Step("T21", "withdraw_transfer_request", LIVE),
        Step("T21", "end_transfer_request", LIVE),
        Step("T22", "assign", ("sent", *AT_WORK)),
        Step("T23", "request_void", NOT_VOID, (), (VOIDING,)),
        Step("T23", "mark_void", NOT_VOID, ("void",), _ENDED, _ASKED),
    )
}


OF_BYSTANDERS: Final = (
    "offer_help",
    "request_transfer",
    "withdraw_transfer_request",
    "decline_transfer",
    "end_offer",
    "end_transfer_request",
)
"""Steps that tell of an organisation which is no end of the referral: the sender's affair alone."""


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
    """The state after these events, in their order.

    Raises WrongState where one does not follow, LookupError where it leads to a state that it cannot.
    """
    folded = Folded()
    for event in events:
        step = STEPS[event["step"]]
        check(step, folded.state)
        folded.state = step.lead(folded.state, event["to_state"])
        folded.stamps |= dict.fromkeys(step.stamped, event["at"]) | dict.fromkeys(step.clears)
    return folded
