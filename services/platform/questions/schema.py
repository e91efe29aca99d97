"""GraphQL of questions and answers as they come in. They go out as JSON."""

from collections.abc import Sequence
from enum import Enum

import strawberry

from libs.reading.enums import described
from services.platform.questions.answers import Given
from services.platform.questions.models import Option, Question


@described(
    "設問の種類 / kind of question",
    {
        "text": ("自由記述", "answered in words"),
        "choice": ("一つ選ぶ", "one option"),
        "choices": ("いくつでも選ぶ", "any number of options"),
        "scale": ("段階", "a scale, from the lowest step to the highest"),
    },
)
class QuestionKind(Enum):
    TEXT = "text"
    CHOICE = "choice"
    CHOICES = "choices"
    SCALE = "scale"


@strawberry.input(description="選択肢 / an option")
class OptionInput:
    ja: str
    en: str = ""


@strawberry.input(description="設問。順にq1、q2…と呼ぶ / a question; they are called q1, q2 … in their order")
class QuestionInput:
    kind: QuestionKind
    ja: str
    en: str = ""
    required: bool = False
    options: list[OptionInput] = strawberry.field(default_factory=list[OptionInput])


@strawberry.input(
    description="回答。自由記述はtext、ほかは選択肢の番号(0から) / words, or places of options from 0"
)
class AnswerInput:
    question: str
    text: str = ""
    options: list[int] = strawberry.field(default_factory=list[int])


def asked(given: Sequence[QuestionInput]) -> list[Question]:
    return [
        Question(
            key="",
            kind=each.kind.value,
            ja=each.ja,
            en=each.en,
            required=each.required,
            options=tuple(Option(option.ja, option.en) for option in each.options),
        )
        for each in given
    ]


def answered(given: Sequence[AnswerInput]) -> dict[str, Given]:
    """Of a question that is answered twice the last answer holds."""
    return {each.question: Given(each.text, each.options) for each in given}
