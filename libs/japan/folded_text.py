"""NFKC text that still knows where each of its characters stood in the original."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

_CLUSTER = re.compile(
    r".[\u3099\u309a\uff9e\uff9f\u0300-\u036f\ufe00-\ufe0f\U000e0100-\U000e01ef]*", re.DOTALL
)
_SAME: Final = {ord(dash): "-" for dash in "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"} | {ord("〜"): "~"}
_KANJI_DIGITS: Final = str.maketrans("〇一二三四五六七八九", "0123456789")


@dataclass(frozen=True, slots=True)
class FoldedText:
    """`spans[i]` is where the i-th character of `text` came from."""

    text: str
    spans: tuple[tuple[int, int], ...]

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        return self.spans[start][0], self.spans[end - 1][1]


def fold(text: str) -> FoldedText:
    """NFKC, dashes as -, every white space as one space, format characters (zero width …) left out."""
    characters: list[str] = []
    spans: list[tuple[int, int]] = []
    for found in _CLUSTER.finditer(text):
        for character in unicodedata.normalize("NFKC", found[0]).translate(_SAME):
            if unicodedata.category(character) != "Cf":
                characters.append(" " if character.isspace() and character != "\n" else character)
                spans.append(found.span())
    return FoldedText("".join(characters), tuple(spans))


def with_arabic_digits(text: str) -> str:
    """〇九〇 as 090; lengths stay, so offsets do."""
    return text.translate(_KANJI_DIGITS)
