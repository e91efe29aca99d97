"""How one registers for an event, as its organiser says it: for whom seats are kept, what is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from services.platform.events.times import wrong
from services.platform.inputs import required

MOST_QUESTIONS: Final = 10
MOST_CHOICES: Final = 20
QUESTION_LENGTH: Final = 300
ANSWER_LENGTH: Final = 1_000
HOURS: Final = range(1, 24 * 14 + 1)
REMIND_HOURS: Final = range(1, 24 * 28 + 1)
KEEP_DAYS: Final = range(1, 181)


@dataclass(frozen=True, slots=True)
class Question:
    """Asked of everybody who registers; with `choices` one of them is the answer."""

    text: str
    required: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Terms:
    """`reserved_*` are persons, of the capacity; `remind_hours` None sends no reminder."""

    reserved_host: int = 0
    reserved_organisations: int = 0
    reserved_residents: int = 0
    for_residents: bool = False
    approval: bool = False
    questions: tuple[Question, ...] = ()
    offer_hours: int = 48
    remind_hours: int | None = 24
    keep_days: int = 30


def columns(terms: Terms, capacity: int | None) -> dict[str, Any]:
    """The event's columns. Raises InvalidInput for the field in question."""
    reserved = (terms.reserved_host, terms.reserved_organisations, terms.reserved_residents)
    if min(reserved) < 0 or sum(reserved) > (capacity or 0):
        raise wrong(
            "reserved",
            "MORE_THAN_CAPACITY",
            "取り置く人数の合計は、0から定員までにしてください。",
            "All reserved places together are from 0 to the capacity.",
        )
    return {
        "reserved_host": terms.reserved_host,
        "reserved_organisations": terms.reserved_organisations,
        "reserved_residents": terms.reserved_residents,
        "for_residents": terms.for_residents,
        "approval": terms.approval,
        "questions": [_question(each) for each in _bounded(terms.questions)],
        "offer_hours": _within(terms.offer_hours, "offerHours", HOURS),
        "remind_hours": None
        if terms.remind_hours is None
        else _within(terms.remind_hours, "remindHours", REMIND_HOURS),
        "keep_days": _within(terms.keep_days, "keepDays", KEEP_DAYS),
    }


def _bounded(questions: Sequence[Question]) -> Sequence[Question]:
    if len(questions) > MOST_QUESTIONS or any(len(each.choices) > MOST_CHOICES for each in questions):
        raise wrong(
            "questions",
            "TOO_MANY",
            f"質問は{MOST_QUESTIONS}問、選択肢は{MOST_CHOICES}個までにしてください。",
            f"At most {MOST_QUESTIONS} questions of {MOST_CHOICES} choices.",
        )
    return questions


def _question(given: Question) -> dict[str, Any]:
    return {
        "text": required(given.text, "questions", QUESTION_LENGTH),
        "required": given.required,
        "choices": [required(each, "questions", QUESTION_LENGTH) for each in given.choices],
    }


def _within(given: int, field: str, bounds: range) -> int:
    if given not in bounds:
        raise wrong(
            field,
            "OUT_OF_BOUNDS",
            f"{bounds[0]}から{bounds[-1]}までの数にしてください。",
            f"Give a number from {bounds[0]} to {bounds[-1]}.",
        )
    return given
