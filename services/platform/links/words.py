"""The codes that an answering page shows and offers, in Japanese and English."""

from collections.abc import Mapping
from typing import Final

from libs.serving.service import Language

Word = tuple[str, str]

URGENCIES: Final[Mapping[str, Word]] = {"urgent": ("急ぎ", "urgent"), "normal": ("通常", "normal")}
NEEDS: Final[Mapping[str, Word]] = {
    "belonging": ("居場所・つながり", "a place to belong"),
    "listening": ("話し相手・傾聴", "somebody to listen"),
    "daily_life": ("日々の暮らし", "daily life"),
    "housing": ("住まい", "housing"),
    "food": ("食べるもの", "food"),
    "money": ("お金", "money"),
    "work": ("仕事", "work"),
    "health": ("からだの健康", "health"),
    "mental_health": ("こころの健康", "mental health"),
    "childcare": ("子育て", "childcare"),
    "schooling": ("学び・学校", "schooling"),
    "elder_care": ("介護", "care of the elderly"),
    "disability": ("障害", "disability"),
    "violence": ("暴力からの安全", "safety from violence"),
    "legal": ("法律の困りごと", "legal trouble"),
    "language": ("ことば", "language"),
    "other": ("その他", "other"),
}
AGE_BANDS: Final[Mapping[str, Word]] = {
    "preschool": ("就学前", "before school age"),
    "school_age": ("学齢期", "school age"),
    "youth": ("若者", "youth"),
    "adult": ("成人", "adult"),
    "senior": ("高齢", "senior"),
    "oldest": ("後期高齢", "oldest"),
    "household": ("世帯", "household"),
    "unknown": ("不明", "unknown"),
}
DECLINED_BY: Final[Mapping[str, Word]] = {
    "provider": ("私たちの団体の都合", "our organisation"),
    "person": ("ご本人の希望", "the person's own wish"),
    "not_reached": ("ご本人と連絡がつかない", "the person cannot be reached"),
}
DECLINES: Final[Mapping[str, Word]] = {
    "no_capacity": ("受け入れの余力がない", "no capacity"),
    "waitlist_only": ("順番待ちになる", "only a waiting list"),
    "not_eligible": ("対象に当てはまらない", "not eligible"),
    "out_of_area": ("活動する地域の外である", "outside our area"),
    "missing_information": ("判断できる情報が足りない", "not enough information"),
    "conflict_of_interest": ("利害の関係がある", "a conflict of interest"),
    "safety": ("安全を確保できない", "safety"),
    "duplicate": ("同じ依頼をすでに受けている", "the same request came before"),
    "already_supported": ("すでに支援している", "we support the person already"),
    "other": ("その他(内容を書いてください)", "other (please write what)"),
}
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
