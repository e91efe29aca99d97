"""Answers that fit a form: words for a text, places of options for everything else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from libs.errors.problems import InvalidInput
from libs.japan.text import clean
from services.platform.questions.models import Language, Question

MOST_WORDS: Final = 2_000
Answer = str | list[int]
Answers = dict[str, Answer]
"""By the question's key; what nobody answered is left out."""


@dataclass(frozen=True, slots=True)
class Given:
    """What came for one question. It is in no repr."""

    text: str = field(default="", repr=False)
    picks: Sequence[int] = field(default=(), repr=False)


def fitted(
    questions: Sequence[Question], given: Mapping[str, Given]
) -> tuple[Answers, dict[str, InvalidInput]]:
    """The answers, and by question what is wrong with those that do not fit."""
    answers: Answers = {}
    problems: dict[str, InvalidInput] = {}
    for key in given.keys() - {question.key for question in questions}:
        problems[key] = _unknown(key)
    for question in questions:
        try:
            answer = _fitted(question, given.get(question.key, Given()))
        except InvalidInput as problem:
            problems[question.key] = problem
            continue
        if answer:
            answers[question.key] = answer
    return answers, problems


def require_fitted(questions: Sequence[Question], given: Mapping[str, Given]) -> Answers:
    """Raises InvalidInput for the first that does not fit."""
    answers, problems = fitted(questions, given)
    for problem in problems.values():
        raise problem
    return answers


def stored(answers: Answers) -> Any:  # noqa: ANN401 - JSON
    return msgspec.to_builtins(answers)


def loaded(kept: Any) -> Answers:  # noqa: ANN401 - JSON
    return msgspec.convert(kept, Answers)


def said(question: Question, answer: Answer | None, language: Language) -> str:
    """For a table of answers: the words, or the options' labels."""
    if answer is None or isinstance(answer, str):
        return answer or ""
    separator = "、" if language == "ja" else ", "
    return separator.join(question.options[place].said(language) for place in answer)


def _fitted(question: Question, given: Given) -> Answer:
    answer = _words(question, given) if question.kind == "text" else _picks(question, given)
    if question.required and not answer:
        raise InvalidInput(
            question.key, "この設問にお答えください。", "Please answer this question.", detail="REQUIRED"
        )
    return answer


def _words(question: Question, given: Given) -> str:
    if given.picks:
        raise _unfit(question)
    return clean(given.text, question.key, MOST_WORDS, multiline=True)


def _picks(question: Question, given: Given) -> list[int]:
    picks = sorted(set(given.picks))
    many = question.kind == "choices"
    if given.text or len(picks) > (len(question.options) if many else 1):
        raise _unfit(question)
    if any(not 0 <= place < len(question.options) for place in picks):
        raise _unfit(question)
    return picks


def _unfit(question: Question) -> InvalidInput:
    return InvalidInput(
        question.key,
        "この設問の選択肢から選んでください。",
        "Choose among the options of this question.",
        detail="OPTIONS",
    )


def _unknown(key: str) -> InvalidInput:
    return InvalidInput(
        key[:20], "この設問はこの用紙にありません。", "This form has no such question.", detail="UNKNOWN"
    )
