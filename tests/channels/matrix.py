"""The matrix as text, for people who answer for it: who learns what of a referral by which way.

Written from the rules in `expected.py`; that the product keeps to it, every channel tried, is what the tests
of this room show. `make schema` writes it anew; the difference is to be read.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from tests.channels.expected import OF_A_LINK, WATCHERS, May, Pieces, Watcher, may
from tests.channels.ways import STATES, WAYS, Scene, all_scenes

APPROVED: Final = Path(__file__).with_name("approved_matrix.txt")
ORDER: Final = (
    "exists",
    "ask",
    "need",
    "note",
    "offer",
    "ends",
    "codes",
    "file",
    "L2",
    "L3",
    "L4",
    "texts",
    "log",
    "purposes",
    "person",
)
NOTHING: Final = "–"
AS_ABOVE: Final = "〃"
HEAD: Final = """紹介の経路別閲覧表  Who learns what of a referral: in each state, on each basis, by each way

読む reads: 問い合わせ・一覧・件数・絞り込み・CSV/XLSX by queries, lists, counts, filters, lists as files
  exists 存在すること · ask 依頼文・緊急度 · need ニーズ・年代・地域 · note 掲示板のメモ
  offer 支援の申出の文 · ends 送り手・選ばれた団体 · codes 辞退・結果のコード · file ケース番号と同意
開く opens: 目的を記録して開く by a logged reveal alone
  L2 経緯・制約 · L3 本人と連絡先 · L4 安全上の注意 · texts 質問・回答・辞退・結果などの文
持ち出す takes: 書き出し as a file of its own
  log 閲覧記録 · purposes その目的の文 · person 本人に関するすべて
そのほかの経路には、だれの何も出ない:
受信箱・購読・メール・Webhook・監査・期限・配信待ち・計測・ログ・断りの文。
Every other way carries nothing of it to anybody: inbox, subscriptions, mail, webhooks, audit, due work,
outbox, metrics, log lines, the texts of refusals; nor does the secretariat's service, nor any public page.
存在しないものと見分けられない紹介は「–」、上の行と同じときは「〃」。
Where a line says "–", the referral is as one that does not exist; "〃": as the line above.
"""


def render() -> str:
    """Every watcher, every way, every state."""
    return "\n".join((HEAD, *(line for who in WATCHERS for line in _section(who)), *_without_account()))


def _without_account() -> Iterator[str]:
    yield "## Fumi: holder of a link, with a code from the same mailbox  回答リンクの所持者"
    yield ""
    yield _row("打診中 sent, waiting for an answer", f"opens {_listed(OF_A_LINK)}, once  (一度だけ)")
    yield _row("回答・取下げ・期限の後 answered or over", NOTHING)
    yield ""


def _section(who: Watcher) -> Iterator[str]:
    yield f"## {who.title}"
    yield ""
    for name, way in WAYS.items():
        scenes = [scene for scene in all_scenes() if scene.name == name]
        yield f"{way.title}{_hand(who, scenes[0])}"
        yield from _lines(who, scenes)
    yield ""


def _hand(who: Watcher, scene: Scene) -> str:
    if who.side is None:
        return ""
    hands = {scene.way.sender: " (送り手 sends)", scene.way.recipient: " (受け手 is asked)"}
    return hands.get(who.side, "")


def _lines(who: Watcher, scenes: list[Scene]) -> Iterator[str]:
    told = [(scene, _told(may(who, scene), scene)) for scene in scenes]
    if len({line for _, line in told}) == 1:
        yield _row("どの状態でも in every state", told[0][1])
        return
    above = ""
    for scene, line in told:
        yield _row(STATES[scene.state], AS_ABOVE if line == above else line)
        above = line


def _row(state: str, line: str) -> str:
    return f"  {_padded(state, 50)} | {line}"


def _told(learns: May, scene: Scene) -> str:
    written = scene.written | {"exists", "ends", "codes", "log", "person"}
    parts = (
        ("reads", learns.reads & written),
        ("opens", learns.opens & written),
        ("takes", learns.takes & written),
    )
    return " | ".join(f"{name} {_listed(pieces)}" for name, pieces in parts if pieces) or NOTHING


def _listed(pieces: Pieces) -> str:
    return " ".join(_ordered(pieces))


def _ordered(pieces: Iterable[str]) -> list[str]:
    return sorted(pieces, key=ORDER.index)


def _padded(text: str, width: int) -> str:
    """To that many columns: a Japanese letter takes two."""
    taken = sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)
    return text + " " * max(0, width - taken)
