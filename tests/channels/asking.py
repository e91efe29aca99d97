"""One referral asked for by everybody: what its fields say, and what a reveal and a file of it give."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from tests.channels.expected import May, Pieces, Watcher
from tests.channels.marks import found
from tests.channels.telling import Told
from tests.channels.trying import EVERY, GIVES, IN_TURN, OF_CASE, OPENS, TAKES, Answer, tried
from tests.stage.stage import Person

ABSENT: Final = "01890000-0000-7000-8000-000000000000"
CARD: Final = """query ($id: ID!) { referral(id: $id) { __typename id state mode ask urgency needCategory
  ageBand area sender { name } recipient { name } workingGroup { name } declineCode outcomeCode
  withdrawCode holdCode hiddenFields viewerCan
  notes(first: 5) { body } offers { message } questions { open } history { reasonCode }
  disclosures { items } accessLog { level purposeCode } corrections { reason }
  case { number consents { purpose } } previousAttempt { ask area } basedOn { ask area } } }"""


@dataclass(slots=True)
class Learnt:
    """What one person got of one referral; `refused`: what each way answers where it gives nothing."""

    reads: Pieces = field(default_factory=Pieces)
    opens: Pieces = field(default_factory=Pieces)
    takes: Pieces = field(default_factory=Pieces)
    wrong: list[str] = field(default_factory=list[str])


async def ask_for(person: Person, told: Sequence[Told], *, thorough: bool) -> list[Learnt]:
    """Of each of these referrals. Where one is not found, only `thorough` tries every way to open it: else
    the next way in turn, as the same predicate hides it from all."""
    learnt = [_read(await _card(person, each.referral), each) for each in told]
    assert await _card(person, f"referral_{ABSENT}") is None
    absent = await tried(person, Told(told[0].scene, f"case_{ABSENT}", f"referral_{ABSENT}"), EVERY)
    for number, (each, scene) in enumerate(zip(learnt, told, strict=True)):
        ways = EVERY if each.reads or thorough else IN_TURN[number % len(IN_TURN)]
        answers = await tried(person, scene, ways)
        _opened(each, answers, scene)
        hidden = ways if not each.reads else OF_CASE if "file" not in each.reads else ()
        each.wrong += [f"{name} is not as absent" for name in hidden if answers[name] != absent[name]]
    return learnt


def differences(who: Watcher, scene: Told, may: May, learnt: Learnt) -> list[str]:
    """Where it is not what was expected, one way or the other."""
    written = scene.scene.written | {"exists", "ends", "codes", "log", "person"}
    told = [f"{who.name}, {scene.scene.title}: {wrong}" for wrong in learnt.wrong]
    for way, expected, got in (
        ("reads", may.reads, learnt.reads),
        ("opens", may.opens, learnt.opens),
        ("takes", may.takes, learnt.takes),
    ):
        if got != expected & written:
            more, less = sorted(got - expected), sorted((expected & written) - got)
            told.append(f"{who.name}, {scene.scene.title}: {way} too much {more}, too little {less}")
    return told


async def _card(person: Person, referral: str) -> Answer | None:
    card: Answer | None = (await person.ask(CARD, id=referral)).data["referral"]
    return card


def _read(card: Answer | None, told: Told) -> Learnt:
    """A withheld field is null; what is written in none is given away by its mark."""
    if card is None:
        return Learnt()
    shown, learnt = set(shown_of(card)), Learnt()
    given = found(json.dumps(card, ensure_ascii=False))
    learnt.reads = Pieces(shown | given.pop(told.scene.key, set()))
    learnt.wrong += [f"reads of another scene: {key} {pieces}" for key, pieces in given.items()]
    for piece, fields in TOGETHER.items():
        nulls = {name for name in fields if card[name] is None}
        if nulls and nulls != set(fields):
            learnt.wrong.append(f"of {piece} only {sorted(nulls)} are null")
    return learnt


TOGETHER: Final[Mapping[str, tuple[str, ...]]] = {"need": ("needCategory", "ageBand", "area", "notes")}
"""Fields that are withheld together."""


def shown_of(card: Answer) -> Iterator[str]:
    """The pieces of a referral's fields that are open, whether or not they hold a mark."""
    yield "exists"
    if card.get("ask") is not None:
        yield "ask"
    if any(card.get(name) is not None for name in TOGETHER["need"]):
        yield "need"
    if card.get("sender") is not None or card.get("recipient") is not None:
        yield "ends"
    if "declineCode" in card and "declineCode" not in card["hiddenFields"]:
        yield "codes"
    if card.get("case") is not None:
        yield "file"


def _opened(learnt: Learnt, answers: Mapping[str, Answer], told: Told) -> None:
    for name, answer in answers.items():
        given = found(json.dumps(answer, ensure_ascii=False))
        pieces = given.pop(told.scene.key, set[str]())
        learnt.wrong += [f"{name} tells of another scene: {key} {more}" for key, more in given.items()]
        if pieces - GIVES[name]:
            learnt.wrong.append(f"{name} gives {sorted(pieces - GIVES[name])}")
        if name in OPENS:
            learnt.opens |= pieces
        if name == "case" and answer["__typename"] == "RevealPayload":
            learnt.reads |= {"file"}
        if name in TAKES and answer["__typename"].startswith("Export"):
            learnt.takes |= {name} | (pieces & {"purposes"})
