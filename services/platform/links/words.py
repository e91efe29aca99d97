"""The codes that an answering page shows and offers, in Japanese and English."""

from collections.abc import Mapping
from typing import Final

from libs.serving.service import Language
from services.platform.referrals.models.words import AGE_BANDS, DECLINES, NEEDS, URGENCIES

__all__ = ["DECLINED_BY", "DECLINES", "STATES", "options", "shown"]

Word = tuple[str, str]

DECLINED_BY: Final[Mapping[str, Word]] = {
    "provider": ("私たちの団体の都合", "our organisation"),
    "person": ("ご本人の希望", "the person's own wish"),
    "not_reached": ("ご本人と連絡がつかない", "the person cannot be reached"),
}
STATES: Final[Mapping[str, Word]] = {
    "waiting": ("回答待ち", "waits for the answer"),
    "answered": ("回答済", "answered by it"),
    "tries": ("確認コードの誤りで無効", "ended after too many wrong codes"),
    "revoked": ("取消し", "taken back by the sender"),
    "replaced": ("新しいリンクに交代", "another link took its place"),
    "expired": ("期限切れ", "its time is over"),
}
"""What has become of a link."""
_SHOWN: Final[Mapping[str, tuple[Word, Mapping[str, Word]]]] = {
    "ask": (("お願いしたいこと", "What is asked for"), {}),
    "urgency": (("緊急度", "Urgency"), URGENCIES),
    "need_category": (("困りごと", "Need"), NEEDS),
    "age_band": (("年代", "Age"), AGE_BANDS),
    "area": (("地域", "Area"), {}),
}


def shown(card: Mapping[str, str], language: Language) -> list[tuple[str, str]]:
    """Names and values of what is open of L1, in the page's order; codes as words."""
    return [
        (_in(name, language), _in(words[card[column]], language) if words else card[column])
        for column, (name, words) in _SHOWN.items()
        if card.get(column)
    ]


def options(words: Mapping[str, Word], language: Language) -> list[tuple[str, str]]:
    return [(code, _in(word, language)) for code, word in words.items()]


def _in(word: Word, language: Language) -> str:
    ja, en = word
    return ja if language == "ja" else en
