"""Every text of a scene carries a mark of its own, which nothing else in the world says."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "ask": ("ask",),
    "need": ("area",),
    "note": ("note",),
    "offer": ("offer",),
    "file": ("agreed",),
    "L2": ("story", "limits"),
    "L3": ("name", "address", "contact"),
    "L4": ("safety",),
    "texts": ("question", "answer", "held", "outcome", "declined", "withdrawn", "opening"),
    "purposes": ("purpose",),
}
"""What is marked, and the words of its marks."""
PIECE_OF: Final = {word: piece for piece, words in WORDS.items() for word in words}
PREFIXES: Final = tuple(f"zq{word}_" for word in PIECE_OF)
_MARK: Final = re.compile(rf"zq({'|'.join(PIECE_OF)})_([a-z]{{3}})(?![a-z])")


def mark(word: str, key: str) -> str:
    """The text for this word of the scene with this key, which has three letters."""
    return f"zq{word}_{key}"


def found(text: str) -> dict[str, set[str]]:
    """By the scene's key: the pieces that the text gives away."""
    given: dict[str, set[str]] = {}
    for word, key in _MARK.findall(text):
        given.setdefault(key, set()).add(PIECE_OF[word])
    return given


def key_of(number: int) -> str:
    """Three letters for a number below 17,576."""
    return "".join(chr(ord("a") + number // 26**place % 26) for place in (2, 1, 0))


def more_than(given: Mapping[str, Iterable[str]], allowed: Mapping[str, Iterable[str]]) -> list[str]:
    """What is given and not allowed, in words."""
    return [
        f"{key}: {piece}"
        for key, pieces in sorted(given.items())
        for piece in sorted(set(pieces) - set(allowed.get(key, ())))
    ]
