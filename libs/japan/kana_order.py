"""五十音 order: a key that sorts kana readings as a Japanese directory does, after JIS X 4061."""

import unicodedata
from dataclasses import dataclass
from typing import Final

_VOWEL_ROWS: Final = {
    "あ": "あかさたなはまやらわ",
    "い": "いきしちにひみりゐ",
    "う": "うくすつぬふむゆる",
    "え": "えけせてねへめれゑ",
    "お": "おこそとのほもよろを",
}
ROWS: Final = dict(
    zip(
        "あかさたなはまやらわ",
        (
            "あいうえお",
            "かきくけこ",
            "さしすせそ",
            "たちつてと",
            "なにぬねの",
            "はひふへほ",
            "まみむめも",
            "やゆよ",
            "らりるれろ",
            "わゐゑをん",
        ),
        strict=True,
    )
)
"""The letters of an index's rows, as a key begins with them: clear and large."""
_VOWEL_OF: Final = {kana: vowel for vowel, row in _VOWEL_ROWS.items() for kana in row}
_LARGE: Final = dict(zip("ぁぃぅぇぉっゃゅょゎゕゖ", "あいうえおつやゆよわかけ", strict=True))
_VOICING: Final = {"\u3099": "1", "\u309a": "2"}
_LONG, _SMALL, _REPEATED, _ORDINARY = "0123"


@dataclass(frozen=True, slots=True)
class _Sound:
    base: str
    form: str = _ORDINARY
    voicing: str = "0"
    script: str = "0"


def kana_key(kana: str) -> str:
    """The sort key of a reading; compare keys by code point (`COLLATE "C"` in PostgreSQL).

    Base sounds decide first (が as か, っ as つ, ー as the vowel before it); on a tie clear before voiced
    before half-voiced, then long mark, small, repeated, ordinary; then hiragana before katakana.
    """
    sounds = _sounds(unicodedata.normalize("NFKC", kana))
    levels = ("base", "voicing", "form", "script")
    return " ".join("".join(getattr(sound, level) for sound in sounds) for level in levels)


def _sounds(text: str) -> list[_Sound]:
    sounds: list[_Sound] = []
    for character in text:
        if not character.isspace():
            sounds.append(_sound(character, sounds[-1] if sounds else None))
    return sounds


def _sound(character: str, before: _Sound | None) -> _Sound:
    plain, voicing = _unvoiced(character)
    hiragana = _hiragana(plain)
    script = "0" if hiragana == plain else "1"
    if hiragana == "ー" and before and before.base in _VOWEL_OF:
        return _Sound(_VOWEL_OF[before.base], _LONG, script=before.script)
    if hiragana == "ゝ" and before:
        return _Sound(before.base, _REPEATED, voicing, script)
    if hiragana in _LARGE:
        return _Sound(_LARGE[hiragana], _SMALL, voicing, script)
    return _Sound(hiragana, _ORDINARY, voicing, script)


def _unvoiced(character: str) -> tuple[str, str]:
    """が → か and 1. Only the two marks are split off; other characters stay whole."""
    parts = unicodedata.normalize("NFD", character)
    if len(parts) == 2 and parts[1] in _VOICING:  # noqa: PLR2004 - a kana and its mark
        return parts[0], _VOICING[parts[1]]
    return character, "0"


def _hiragana(character: str) -> str:
    if "ァ" <= character <= "ヶ" or character in "ヽヾ":
        return chr(ord(character) - 0x60)
    return character.casefold()
