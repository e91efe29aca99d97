"""One referral asked for by everybody: what its fields say, and what a reveal and a file of it give."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from tests.channels.expected import May, Pieces, Watcher
from tests.channels.marks import found
from tests.channels.telling import Told
from tests.stage.stage import Person

ABSENT: Final = "01890000-0000-7000-8000-000000000000"
ROOTS: Final = 7
"""Cards in one request: the product bounds how much overlaps in a document."""
LEVELS: Final = ("L2", "L3", "L4", "TEXTS")
CARD: Final = """__typename id state mode ask urgency needCategory ageBand area
  sender { name } recipient { name } workingGroup { name } declineCode outcomeCode
  withdrawCode holdCode hiddenFields viewerCan
  notes(first: 5) { body } offers { message } questions { open } history { reasonCode }
  disclosures { items } accessLog { level purposeCode } corrections { reason }
  case { number consents { purpose } } previousAttempt { ask area } basedOn { ask area }"""
REVEALED: Final = """__typename ... on RevealPayload { narrative constraints personName personKana birthDate
  address contact contactRule safetyNotes declineText outcomeText withdrawText openingText holdText
  overrideReason questions { questionText answerText } } ... on UserError { code ja en }"""
PURPOSE: Final = "purpose: {code: REVIEW}"
OF_CASE: Final = ("case", "case_log", "person")
REFUSED: Final = "... on UserError { code ja en }"


def _many_cards() -> str:
    names = [f"r{number}" for number in range(ROOTS + 1)]
    fields = " ".join(f"{name}: referral(id: ${name}) {{ ...Card }}" for name in names)
    places = ", ".join(f"${name}: ID!" for name in names)
    return f"query ({places}) {{ {fields} }} fragment Card on Referral {{ {CARD} }}"


def _all_tries() -> str:
    fields = {
        **{
            level: f"revealReferral(input: {{id: $referral, level: {level}, {PURPOSE}}}) {{ ...R }}"
            for level in LEVELS
        },
        "case": f"revealCase(input: {{id: $case, level: L3, {PURPOSE}}}) {{ ...R }}",
        "log": "exportAccessLog(input: {of: $referral, form: JSON}) { ...L }",
        "case_log": "exportAccessLog(input: {of: $case}) { ...L }",
        "person": f"exportPerson(input: {{caseId: $case, {PURPOSE}}}) {{ __typename"
        f" ... on ExportPersonPayload {{ document }} {REFUSED} }}",
        "sheet": "printConsentSheet(input: {id: $referral, version: $version, items: [NARRATIVE],"
        ' purpose: "見守り", validUntil: $until, opening: {code: REVIEW}})'
        f" {{ __typename ... on ConsentSheetPayload {{ html }} {REFUSED} }}",
    }
    asked = " ".join(f"{name}: {field}" for name, field in fields.items())
    return f"""mutation ($referral: ID!, $case: ID!, $version: Int!, $until: Date!) {{ {asked} }}
      fragment R on RevealResult {{ {REVEALED} }}
      fragment L on ExportAccessLogResult {{ __typename
        ... on ExportAccessLogPayload {{ document }} {REFUSED} }}"""


CARDS: Final = _many_cards()
TRIES: Final = _all_tries()
Answer = dict[str, Any]


@dataclass(slots=True)
class Learnt:
    """What one person got of one referral; `refused`: what each way answers where it gives nothing."""

    reads: Pieces = field(default_factory=Pieces)
    opens: Pieces = field(default_factory=Pieces)
    takes: Pieces = field(default_factory=Pieces)
    wrong: list[str] = field(default_factory=list[str])


_T = TypeVar("_T")


def in_parts(all: Sequence[_T], size: int) -> Iterator[Sequence[_T]]:
    """Slices of at most this size."""
    return (all[start : start + size] for start in range(0, len(all), size))


async def ask_for(person: Person, told: Sequence[Told]) -> list[Learnt]:
    """Of each of these referrals."""
    cards = await _cards(person, told)
    learnt = [_read(card, each) for card, each in zip(cards, told, strict=True)]
    absent = await _tried(person, Told(told[0].scene, f"case_{ABSENT}", f"referral_{ABSENT}"))
    for each, scene in zip(learnt, told, strict=True):
        answers = await _tried(person, scene)
        _opened(each, answers, scene)
        hidden = answers if not each.reads else OF_CASE if "file" not in each.reads else ()
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


async def _cards(person: Person, told: Sequence[Told]) -> list[Answer | None]:
    found: list[Answer | None] = []
    for some in in_parts(told, ROOTS):
        ids = {f"r{number}": each.referral for number, each in enumerate(some)}
        rest = {f"r{number}": f"referral_{ABSENT}" for number in range(len(some), ROOTS + 1)}
        places: dict[str, Any] = ids | rest
        answered = (await person.ask(CARDS, **places)).data
        found += [answered[name] for name in ids]
        assert [answered[name] for name in rest] == [None] * len(rest)
    return found


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


async def _tried(person: Person, told: Told) -> dict[str, Answer]:
    """Every reveal and every file, by name; who is not signed in is refused all of them in one word."""
    said = await person.ask(
        TRIES, referral=told.referral, case=told.case, version=told.version, until=told.consented_until
    )
    if "errors" in said.body:
        assert (person.subject, said.code) == (None, "UNAUTHENTICATED"), said.body
        return {name: {"__typename": said.code} for name in GIVES}
    answered: dict[str, Answer] = said.data
    return answered


def _opened(learnt: Learnt, answers: Mapping[str, Answer], told: Told) -> None:
    for name, answer in answers.items():
        given = found(json.dumps(answer, ensure_ascii=False))
        pieces = given.pop(told.scene.key, set[str]())
        learnt.wrong += [f"{name} tells of another scene: {key} {more}" for key, more in given.items()]
        if pieces - GIVES[name]:
            learnt.wrong.append(f"{name} gives {sorted(pieces - GIVES[name])}")
        if name in (*LEVELS, "sheet"):
            learnt.opens |= pieces
    if answers["case"]["__typename"] == "RevealPayload":
        learnt.reads |= {"file"}
    taken = {name for name in ("log", "person") if answers[name]["__typename"].startswith("Export")}
    purposes = found(json.dumps(answers["log"])).get(told.scene.key, set())
    learnt.takes = Pieces(taken | purposes)


ALL_TEXTS: Final = frozenset({"ask", "need", "note", "offer", "file", "L2", "L3", "L4", "texts", "purposes"})
GIVES: Final[Mapping[str, frozenset[str]]] = {
    "L2": frozenset({"L2"}),
    "L3": frozenset({"L3"}),
    "L4": frozenset({"L4"}),
    "TEXTS": frozenset({"texts"}),
    "case": frozenset({"L3"}),
    "log": frozenset({"purposes"}),
    "case_log": frozenset({"purposes"}),
    "person": ALL_TEXTS,
    "sheet": frozenset({"L3"}),
}
"""What each may hold at all; whether it may be had is another question."""
