"""The scenes: every way on which a referral travels, in every state that it can have there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tests.channels.marks import key_of

STATES: Final[Mapping[str, str]] = {
    "draft": "下書き draft",
    "posted": "掲示中 posted",
    "unanswered": "掲示のまま期限切れ expired on the board",
    "taken_down": "掲示を取下げ withdrawn from the board",
    "posted_void": "掲示後に誤登録 void after posting",
    "taken_back": "掲示後に下書きへ a draft again after posting",
    "awaiting_basis": "根拠確認待ち awaiting its basis",
    "sent": "打診中 sent",
    "accepted": "受諾 accepted",
    "on_hold": "保留 on hold",
    "in_progress": "支援中 in progress",
    "basis_ended": "受諾、根拠は終了 accepted, the basis has ended",
    "reported": "結果報告済 reported",
    "closed": "完結 closed",
    "closed_over": "完結、閲覧期間後 closed, access is over",
    "declined": "辞退 declined",
    "expired": "期限切れ expired",
    "withdrawn": "取下げ withdrawn",
    "void": "誤登録 void",
}
AFTER_SENDING: Final = (
    "sent",
    "accepted",
    "on_hold",
    "in_progress",
    "basis_ended",
    "reported",
    "closed",
    "closed_over",
    "declined",
    "expired",
    "withdrawn",
    "void",
)
ON_BOARD_ALONE: Final = ("posted", "unanswered", "taken_down", "posted_void")
LONG_AGO: Final = ("closed_over", "expired", "unanswered", "basis_ended")
"""Begun weeks before the day on which all are looked at."""


@dataclass(frozen=True, slots=True)
class Way:
    """`sender`, `recipient`: by the person who answers for it. `group`: on whose board it hangs.
    `states`: all that it has; `some`: those of a short run."""

    title: str
    basis: str
    recipient: str
    states: tuple[str, ...]
    some: tuple[str, ...]
    group: str | None = None
    early: bool = False
    sender: str = "ines"


WAYS: Final[Mapping[str, Way]] = {
    "consent_npo": Way(
        "directed, consent, to an NPO  同意・NPOへ",
        "consent",
        "sato",
        ("draft", "awaiting_basis", *AFTER_SENDING),
        (
            "draft",
            "awaiting_basis",
            "sent",
            "accepted",
            "basis_ended",
            "closed",
            "closed_over",
            "declined",
            "expired",
            "withdrawn",
            "void",
        ),
    ),
    "consent_government": Way(
        "directed, consent, to a department  同意・行政へ",
        "consent",
        "hana",
        ("awaiting_basis", *AFTER_SENDING),
        ("on_hold",),
    ),
    "consent_company": Way(
        "directed, consent, to a company  同意・企業へ",
        "consent",
        "kato",
        ("awaiting_basis", *AFTER_SENDING),
        ("sent", "reported", "closed_over"),
    ),
    "council_npo": Way(
        "directed, council, to an NPO  協議会・NPOへ",
        "council",
        "sato",
        ("awaiting_basis", *AFTER_SENDING),
        ("awaiting_basis", "sent", "accepted", "basis_ended", "declined"),
    ),
    "council_early": Way(
        "directed, council, opened early  協議会・受諾前に開く",
        "council",
        "sato",
        ("sent", "accepted", "declined", "void"),
        ("sent",),
        early=True,
    ),
    "council_government": Way(
        "directed, council, to a department  協議会・行政へ",
        "council",
        "hana",
        ("awaiting_basis", *AFTER_SENDING),
        ("in_progress",),
    ),
    "sitting_npo": Way(
        "directed, sitting, to an NPO  支援会議・NPOへ",
        "sitting",
        "sato",
        ("awaiting_basis", *AFTER_SENDING),
        ("awaiting_basis", "closed", "basis_ended"),
    ),
    "sitting_government": Way(
        "directed, sitting, to a department  支援会議・行政へ",
        "sitting",
        "hana",
        ("awaiting_basis", *AFTER_SENDING),
        ("sent",),
    ),
    "vital": Way(
        "directed, danger to life, to a department  緊急・行政へ",
        "vital",
        "goto",
        AFTER_SENDING,
        ("sent", "basis_ended", "void"),
        sender="hana",
    ),
    "board": Way(
        "board, then consent, to an NPO  掲示板から同意・NPOへ",
        "consent",
        "sato",
        (*ON_BOARD_ALONE, "taken_back", "awaiting_basis", *AFTER_SENDING),
        ("posted", "unanswered", "posted_void", "taken_back", "accepted"),
        group="closed",
    ),
    "open_board": Way(
        "board open to companies, then consent, to a company  企業にも開いた掲示板から同意・企業へ",
        "consent",
        "kato",
        (*ON_BOARD_ALONE, "taken_back", "awaiting_basis", *AFTER_SENDING),
        ("posted", "sent", "declined", "taken_down"),
        group="open",
    ),
}


@dataclass(frozen=True, slots=True)
class Scene:
    """One referral on its way in one state; `key` stands in its marks."""

    name: str
    state: str
    key: str

    @property
    def way(self) -> Way:
        return WAYS[self.name]

    @property
    def title(self) -> str:
        return f"{self.way.title} | {STATES[self.state]}"

    @property
    def was_sent(self) -> bool:
        return self.state in AFTER_SENDING

    @property
    def hangs(self) -> bool:
        """A card hangs from its posting on, whatever becomes of it, until it is void or taken back."""
        return self.way.group is not None and not self.is_void and self.state != "taken_back"

    @property
    def is_void(self) -> bool:
        return self.state in {"void", "posted_void"}

    @property
    def written(self) -> frozenset[str]:
        """The marked pieces that this scene has at all."""
        board = {"note", "offer"} if self.way.group is not None else set[str]()
        texts = {"texts"} if self.was_sent or self.state == "taken_down" else set[str]()
        return frozenset({"ask", "need", "file", "L2", "L3", "L4", "purposes"} | board | texts)


def all_scenes() -> list[Scene]:
    """Every state of every way."""
    pairs = [(name, state) for name, way in WAYS.items() for state in way.states]
    return [Scene(*pair, key_of(number)) for number, pair in enumerate(pairs)]


def some_scenes() -> list[Scene]:
    """What every run looks at; the others wait for `make soak`."""
    return [scene for scene in all_scenes() if scene.state in scene.way.some]
