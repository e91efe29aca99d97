"""Japanese text as it comes in (`clean`), is searched (`search_key`) and sorted (`kana_key`)."""

import re
import unicodedata
from typing import Final

from libs.errors.problems import InvalidInput
from libs.japan.kana_order import kana_key
from libs.japan.kanji_variants import EVERYDAY_FORMS

__all__ = ["clean", "contains_pattern", "kana_key", "katakana", "search_key"]

_COMPATIBILITY_IDEOGRAPHS = re.compile("([\uf900-\ufaff\U0002f800-\U0002fa1f]+)")
_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_LINE_BREAKS = re.compile("\r\n|[\r\n\u0085\u2028\u2029]")
_INVISIBLE = re.compile("[\\s\u00ad\u200b-\u200f\u2060-\u2064\ufeff\ufe00-\ufe0f\U000e0100-\U000e01ef]+")
_DASHES: Final = dict.fromkeys(map(ord, "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212"), "ー")
_TO_HIRAGANA: Final = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)} | {
    code: code - 0x60 for code in map(ord, "ヽヾ")
}
_TO_KATAKANA: Final = {hiragana: code for code, hiragana in _TO_HIRAGANA.items()}
_SMALL_KE_KA: Final = {ord("ゖ"): "け", ord("ゕ"): "か"}  # 霞ヶ関 is typed 霞ケ関 as often


def clean(text: str, field: str, max_length: int, *, multiline: bool = False) -> str:
    """The text to store: trimmed, NFC, otherwise the writer's own characters (full width, 﨑, 神 …) kept.

    `max_length` counts code points after trimming. Line breaks become \\n where `multiline` allows them.
    Raises `InvalidInput` for `field` with `detail` lone_surrogate, line_break, control_character or too_long.
    """
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise _broken(field)
    tidy = _composed(_LINE_BREAKS.sub("\n", text).strip())
    if "\n" in tidy and not multiline:
        raise _line_break(field)
    if any(_is_control(character) for character in tidy):
        raise _control_character(field)
    if len(tidy) > max_length:
        raise _too_long(field, len(tidy), max_length)
    return tidy


def search_key(text: str) -> str:
    """What a text is found by: two spellings that a reader takes for the same have one key.

    Folds width, case, katakana to hiragana, old kanji to everyday ones, every dash to ー, and drops spaces
    and variation selectors. The key of a part is a part of the key, so LIKE with `contains_pattern` finds it.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    joined = unicodedata.normalize("NFKC", _INVISIBLE.sub("", folded))
    hiragana = joined.translate(_TO_HIRAGANA).translate(_SMALL_KE_KA)
    return unicodedata.normalize("NFC", hiragana.translate(EVERYDAY_FORMS).translate(_DASHES))


def katakana(text: str) -> str:
    """A reading in full-width katakana, as open data writes it."""
    return unicodedata.normalize("NFKC", text).translate(_TO_KATAKANA)


def contains_pattern(text: str) -> str:
    """The LIKE pattern (escape character \\) that finds keys containing the key of `text`."""
    escaped = re.sub(r"([\\%_])", r"\\\1", search_key(text))
    return f"%{escaped}%"


def _composed(text: str) -> str:
    """NFC, but a compatibility ideograph stays: NFC would change the 神 (U+FA19) of a name."""
    parts = _COMPATIBILITY_IDEOGRAPHS.split(text)
    return "".join(part if odd % 2 else unicodedata.normalize("NFC", part) for odd, part in enumerate(parts))


def _is_control(character: str) -> bool:
    if character in "\n\t":
        return False
    return unicodedata.category(character) == "Cc" or character in _BIDI_CONTROLS


def _broken(field: str) -> InvalidInput:
    return InvalidInput(
        field,
        "文字が壊れています。もう一度入力してください。",
        "The text holds half a character (a lone surrogate). Enter it again.",
        detail="lone_surrogate",
    )


def _line_break(field: str) -> InvalidInput:
    return InvalidInput(
        field,
        "改行は使えません。1行で入力してください。",
        "Line breaks are not taken here. Write it in one line.",
        detail="line_break",
    )


def _control_character(field: str) -> InvalidInput:
    return InvalidInput(
        field,
        "制御文字は使えません。見えない文字を取り除いて、もう一度入力してください。",
        "Control characters are not taken. Remove the invisible characters and enter it again.",
        detail="control_character",
    )


def _too_long(field: str, length: int, max_length: int) -> InvalidInput:
    return InvalidInput(
        field,
        f"{max_length}文字以内で入力してください（現在{length}文字）。",
        f"Write at most {max_length} characters; these are {length}.",
        detail="too_long",
    )
