"""A form's questions: text, one choice, several, a scale; in Japanese and, where it was written, English."""

from collections.abc import Sequence
from typing import Any, Final, Literal

import msgspec

from libs.errors.problems import InvalidInput
from libs.japan.text import clean
from services.platform.inputs import required

KINDS: Final = ("text", "choice", "choices", "scale")
Kind = Literal["text", "choice", "choices", "scale"]
Language = Literal["ja", "en"]
MOST_QUESTIONS: Final = 30
FEWEST_OPTIONS: Final = 2
MOST_OPTIONS: Final = 20
MOST_ASKED: Final = 300
MOST_LABEL: Final = 100


class Option(msgspec.Struct, frozen=True):
    """One answer to choose; of a scale, one step from the lowest to the highest."""

    ja: str
    en: str = ""

    def said(self, language: Language) -> str:
        return self.en or self.ja if language == "en" else self.ja


class Question(msgspec.Struct, frozen=True):
    """`key` names it within its form; answers name their option by its place, from 0."""

    key: str
    kind: Kind
    ja: str
    en: str = ""
    required: bool = False
    options: tuple[Option, ...] = ()

    def said(self, language: Language) -> str:
        return self.en or self.ja if language == "en" else self.ja


def checked(questions: Sequence[Question], field: str = "questions") -> list[Question]:
    """Cleaned, and keyed q1, q2, … in their order. Raises InvalidInput naming the question."""
    if not 1 <= len(questions) <= MOST_QUESTIONS:
        raise InvalidInput(
            field,
            f"設問は1問から{MOST_QUESTIONS}問までです。",
            f"Ask from 1 to {MOST_QUESTIONS} questions.",
            detail="NUMBER_OF_QUESTIONS",
        )
    return [
        _checked(question, f"q{number}", f"{field}[{number - 1}]")
        for number, question in enumerate(questions, start=1)
    ]


def stored(questions: Sequence[Question]) -> Any:  # noqa: ANN401 - JSON
    return msgspec.to_builtins(list(questions))


def loaded(kept: Any) -> list[Question]:  # noqa: ANN401 - JSON
    return msgspec.convert(kept, list[Question])


def _checked(question: Question, key: str, field: str) -> Question:
    options = tuple(
        Option(required(each.ja, f"{field}.options", MOST_LABEL), clean(each.en, field, MOST_LABEL))
        for each in question.options
    )
    fits = not options if question.kind == "text" else FEWEST_OPTIONS <= len(options) <= MOST_OPTIONS
    if not fits:
        raise InvalidInput(
            field,
            f"選択肢は{FEWEST_OPTIONS}個から{MOST_OPTIONS}個です。自由記述の設問には選択肢を付けません。",
            f"Give {FEWEST_OPTIONS} to {MOST_OPTIONS} options, and none for a question answered in words.",
            detail="NUMBER_OF_OPTIONS",
        )
    changes: dict[str, Any] = {
        "key": key,
        "ja": required(question.ja, f"{field}.ja", MOST_ASKED),
        "en": clean(question.en, f"{field}.en", MOST_ASKED),
        "options": options,
    }
    return msgspec.structs.replace(question, **changes)
