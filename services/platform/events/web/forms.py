"""What registration's forms hold, read from their fields."""

import unicodedata
from collections.abc import Sequence
from typing import Any

from libs.errors.problems import InvalidInput
from libs.serving.pages.forms import Form


def number(text: str, field: str) -> int:
    """Also in full width. Raises InvalidInput."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if not (plain.isascii() and plain.isdigit() and len(plain) <= 4):  # noqa: PLR2004 - longer is no number of persons
        raise InvalidInput(field, "人数を数字で入力してください。", "Give the number of persons.")
    return int(plain)


def given_answers(form: Form, questions: Sequence[Any]) -> list[str]:
    """In the questions' order; a choice is sent by its number."""
    return [_answer(form.text(f"answer{at}"), each["choices"]) for at, each in enumerate(questions, start=1)]


def _answer(text: str, choices: Sequence[str]) -> str:
    if not choices:
        return text
    at = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0  # noqa: PLR2004 - likewise
    return choices[at - 1] if 1 <= at <= len(choices) else ""
