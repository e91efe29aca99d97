"""Letters that carry a secret to somebody: a signed link, a code. Their words are the sending feature's.

A feature registers its letters at import. What is put into them waits sealed and is gone once it was sent.
"""

import string
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Wording:
    """One language's words. The body has `{place}`s; the subject has none: it travels in the open."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Letter:
    """`places` are the values that each body asks for, no more and no less."""

    name: str
    places: frozenset[str]
    ja: Wording
    en: Wording

    def wording(self, language: str) -> Wording:
        return self.en if language == "en" else self.ja

    def body(self, language: str, values: Mapping[str, str]) -> str:
        """Raises KeyError for a value that is missing."""
        return self.wording(language).body.format_map({name: values[name] for name in self.places})


SITE: Final = "site"
"""A place that the worker fills: the address at which the platform is reached, without a path."""
LETTERS: Final[dict[str, Letter]] = {}


def register(*letters: Letter) -> None:
    """Raises ValueError for a second letter of the name, or words whose places are not its own."""
    for letter in letters:
        if letter.name in LETTERS:
            raise ValueError(f"letter {letter.name} is registered already")
        for wording in (letter.ja, letter.en):
            if _places(wording.body) != letter.places or _places(wording.subject):
                raise ValueError(f"letter {letter.name} asks for other places than {sorted(letter.places)}")
        LETTERS[letter.name] = letter


def _places(text: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)
