"""Answers to the questions that an event's registration asks, checked against them."""

from collections.abc import Sequence
from typing import Any

from libs.errors.problems import InvalidInput
from libs.japan.text import clean
from services.platform.events.terms import ANSWER_LENGTH


def checked_answers(questions: Sequence[Any], given: Sequence[str]) -> list[tuple[str, str]]:
    """Each question's text with its answer, in their order; `given` may end early.

    Raises InvalidInput for `answer1`, `answer2`, …
    """
    if len(given) > len(questions):
        raise InvalidInput(
            "answers",
            "質問より多くの回答があります。",
            "There are more answers than questions.",
            detail="MORE_THAN_QUESTIONS",
        )
    padded = [*given, *[""] * (len(questions) - len(given))]
    return [
        (question["text"], _answer(question, text, f"answer{number}"))
        for number, (question, text) in enumerate(zip(questions, padded, strict=True), start=1)
    ]


def _answer(question: Any, text: str, field: str) -> str:  # noqa: ANN401 - JSON
    said = clean(text, field, ANSWER_LENGTH, multiline=True)
    if not said and question["required"]:
        raise InvalidInput(
            field,
            f"「{question['text']}」に答えてください。",
            f"Answer '{question['text']}'.",
            detail="REQUIRED",
        )
    if said and question["choices"] and said not in question["choices"]:
        raise InvalidInput(
            field,
            f"「{question['text']}」は、選択肢から選んでください。",
            f"Choose one of the answers to '{question['text']}'.",
            detail="NO_CHOICE",
        )
    return said
