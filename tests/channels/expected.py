"""Who may learn what, written from the rules in words and not from the product's policy.

`exists`: that it is there. `ask`, `need` (need, age band, area), `note`, `offer`: the card. `ends`: who sends
and who was chosen. `codes`: why declined, with what outcome. `file`: the case's number and its consents.
`L2`, `L3`, `L4`, `texts`: opened by reveal alone. `log`: who opened what; `purposes`: with what for;
`person`: all that is held about the person, as a file.
"""

from dataclasses import dataclass
from typing import Final

from tests.channels.ways import Scene

Pieces = frozenset[str]

NOTHING: Final = Pieces()
CARD: Final = Pieces({"exists", "ask", "need", "ends"})
EXISTENCE: Final = Pieces({"exists", "ends", "codes"})
RUNNING: Final = CARD | {"note", "offer", "codes"}
OF_A_LINK: Final = Pieces({"ask", "need", "L2", "texts"})
"""What a link shows of its one referral, once, while that waits for an answer; never who it is."""
EVERY_LEVEL: Final = Pieces({"L2", "L3", "L4"})
WITH_RECIPIENT: Final = ("sent", "accepted", "basis_ended", "on_hold", "in_progress", "reported")
ENDED: Final = (
    "declined",
    "expired",
    "withdrawn",
    "void",
    "closed_over",
    "unanswered",
    "taken_down",
    "posted_void",
)


@dataclass(frozen=True, slots=True)
class Watcher:
    """Somebody by name. `side`: the name of the one who answers for their organisation."""

    name: str
    title: str
    side: str | None
    kind: str
    keeps_cases: bool = False
    coordinates: bool = False
    seated: bool = False
    bodies: bool = False


WATCHERS: Final = (
    Watcher(
        "ines",
        "Ines: caseworker and desk of the NPO that sends  送り手の担当",
        "ines",
        "npo",
        keeps_cases=True,
        seated=True,
    ),
    Watcher("iori", "Iori: representative of the same NPO  送り手の代表", "ines", "npo", seated=True),
    Watcher(
        "sato",
        "Sato: desk of an NPO that is asked  受け手NPOの窓口",
        "sato",
        "npo",
        seated=True,
        bodies=True,
    ),
    Watcher(
        "saki",
        "Saki: caseworker of the same NPO  受け手NPOの支援員",
        "sato",
        "npo",
        seated=True,
        bodies=True,
    ),
    Watcher("nao", "Nao: another NPO of the group  部会の別のNPO", "nao", "npo", seated=True),
    Watcher(
        "hana",
        "Hana: a department of the group  部会の行政",
        "hana",
        "government",
        keeps_cases=True,
        seated=True,
        bodies=True,
    ),
    Watcher("kato", "Kato: a company of the group  部会の企業", "kato", "company", seated=True),
    Watcher(
        "goto",
        "Goto: a health centre, of the council, picked, named in danger  保健所(構成機関・支援会議・緊急)",
        "goto",
        "government",
        bodies=True,
    ),
    Watcher(
        "gen",
        "Gen: Goto's colleague whom no break-glass names  保健所の同僚",
        "goto",
        "government",
        bodies=True,
    ),
    Watcher("mori", "Mori: the coordinator  事務局", None, "government", coordinates=True),
    Watcher("ueda", "Ueda: an NPO of another municipality  他自治体のNPO", None, "npo"),
    Watcher("oda", "Oda: the coordinator of another municipality  他自治体の事務局", None, "government"),
    Watcher("stranger", "A stranger with an account  部外者", None, "none"),
    Watcher("anyone", "Anybody without an account  一般", None, "none"),
)


SOME_WATCHERS: Final = tuple(who for who in WATCHERS if who.side is None or who.name == who.side)
"""One of each organisation, and whoever is of none."""


@dataclass(frozen=True, slots=True)
class May:
    """By reading, by reveal, by file. Every other channel carries nothing."""

    reads: Pieces
    opens: Pieces
    takes: Pieces


def may(who: Watcher, scene: Scene) -> May:
    """What this person may learn of this referral."""
    if who.side == scene.way.sender:
        return _of_sender(who, scene)
    if who.coordinates:
        return May(RUNNING, NOTHING, Pieces({"log"}))
    reads = _as_recipient(who, scene) | _on_board(who, scene) | _by_basis(who, scene)
    takes = Pieces({"log", "purposes"}) if _is_recipient(who, scene) else NOTHING
    return May(reads, _opened(who, scene) | _texts(who, scene), takes)


def _of_sender(who: Watcher, scene: Scene) -> May:
    """A sender never loses its own. The story is for those who keep the case; colleagues see the exchange."""
    reads = RUNNING if scene.hangs else RUNNING - {"note"}
    takes = Pieces({"log", "purposes"})
    if not who.keeps_cases:
        return May(reads, Pieces({"texts"}), takes)
    return May(reads | {"file"}, EVERY_LEVEL | {"texts"}, takes | {"person"})


def _is_recipient(who: Watcher, scene: Scene) -> bool:
    """It was asked; from then on it keeps knowing that there was something."""
    return scene.was_sent and who.side == scene.way.recipient


def _at_work(scene: Scene) -> bool:
    """With the recipient, or closed so lately that access has not ended."""
    return scene.state in (*WITH_RECIPIENT, "closed")


def _as_recipient(who: Watcher, scene: Scene) -> Pieces:
    if not _is_recipient(who, scene):
        return NOTHING
    if not _at_work(scene):
        return EXISTENCE
    return EXISTENCE | ({"ask"} if who.kind == "company" else {"ask", "need"})


def _on_board(who: Watcher, scene: Scene) -> Pieces:
    """All of the group; a company where the board was opened to companies, and the ask alone."""
    if not (who.seated and scene.hangs):
        return NOTHING
    if who.kind == "company":
        return Pieces({"exists", "ask"}) if scene.way.group == "open" else NOTHING
    return CARD | {"note"} | ({"offer"} if who.side == "nao" else NOTHING)


def _texts(who: Watcher, scene: Scene) -> Pieces:
    """What the two sides wrote to each other, as long as they are at it."""
    return Pieces({"texts"}) if _is_recipient(who, scene) and _at_work(scene) else NOTHING


def _stands(who: Watcher, scene: Scene) -> bool:
    """Assigned to the item, picked for the sitting, named in danger: until that or the referral ends."""
    if scene.state in (*ENDED, "draft", "basis_ended"):
        return False
    match scene.way.basis:
        case "council":
            return who.bodies and who.side in {scene.way.recipient, "goto"}
        case "sitting":
            return who.bodies
        case "vital":
            return who.name == "goto"
        case _:
            return False


def _by_basis(who: Watcher, scene: Scene) -> Pieces:
    """Whom a basis admits finds the referral; of the card it learns nothing by that."""
    return Pieces({"exists"}) if _stands(who, scene) else NOTHING


def _opened(who: Watcher, scene: Scene) -> Pieces:
    taken_on = _at_work(scene) and scene.state != "sent"
    match scene.way.basis:
        case "consent" if _is_recipient(who, scene) and _at_work(scene) and scene.state != "basis_ended":
            opened = EVERY_LEVEL if taken_on else Pieces({"L2"})
            return opened - {"L4"} if who.kind == "company" else opened
        case "council" if _stands(who, scene):
            return EVERY_LEVEL if taken_on or scene.way.early else Pieces({"L2"})
        case "sitting" | "vital" if _stands(who, scene):
            return Pieces({"L2", "L3"})
        case _:
            return NOTHING
