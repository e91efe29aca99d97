"""What a person wrote into the page's form, made fit to keep; every field is told what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from libs.errors.problems import InvalidInput, Problem
from libs.japan.text import clean
from services.platform.requests.models import ABOUT, WORDS

MOST_WORDS: Final = 4_000
MOST_SHORT: Final = 200


@dataclass(frozen=True, slots=True)
class NewRequest:
    """`texts` by part; `form` is the random name of the form that was sent. Nothing of it is in a repr."""

    about: str
    texts: Mapping[str, str] = field(repr=False)
    form: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it was understood: either a request, or what is wrong by field."""

    request: NewRequest | None
    problems: Mapping[str, Problem]


def filled(about: str, words: str, name: str, contact: str, form: str) -> Filled:
    """Nothing but the words is needed."""
    problems: dict[str, Problem] = {}
    texts = {
        WORDS: _text(WORDS, words, MOST_WORDS, problems),
        "name": _text("name", name, MOST_SHORT, problems),
        "contact": _text("contact", contact, MOST_SHORT, problems),
    }
    if about not in ABOUT:
        problems["about"] = InvalidInput(
            "about", "どなたのことかを選んでください。", "Choose whom it is about."
        )
    if problems:
        return Filled(None, problems)
    return Filled(NewRequest(about, {part: text for part, text in texts.items() if text}, form), {})


def message(words: str) -> str:
    """Raises InvalidInput."""
    tidy = clean(words, WORDS, MOST_WORDS, multiline=True)
    if not tidy:
        raise InvalidInput(
            WORDS,
            "ひとことでもかまいません。伝えたいことを書いてください。",
            "Write what you want to say; a few words are enough.",
        )
    return tidy


def _text(part: str, text: str, most: int, problems: dict[str, Problem]) -> str:
    try:
        return message(text) if part == WORDS else clean(text, part, most, multiline=True)
    except InvalidInput as problem:
        problems[part] = problem
        return ""
