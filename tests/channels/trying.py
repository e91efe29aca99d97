"""Every way to open a referral or its case, and to take a file of it away."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from tests.channels.telling import Told
from tests.stage.stage import Person

Answer = dict[str, Any]

PURPOSE: Final = "purpose: {code: REVIEW}"
REFUSED: Final = "... on UserError { code ja en }"
PLACES: Final = {"referral": "ID!", "case": "ID!", "version": "Int!", "until": "Date!"}
FRAGMENTS: Final = {
    "Revealed": f"""on RevealResult {{ __typename ... on RevealPayload {{ narrative constraints personName
      personKana birthDate address contact contactRule safetyNotes declineText outcomeText withdrawText
      openingText holdText overrideReason questions {{ questionText answerText }} }} {REFUSED} }}""",
    "Log": f"""on ExportAccessLogResult {{ __typename
      ... on ExportAccessLogPayload {{ document }} {REFUSED} }}""",
}


def _reveal(level: str) -> str:
    return f"revealReferral(input: {{id: $referral, level: {level}, {PURPOSE}}}) {{ ...Revealed }}"


WAYS: Final[Mapping[str, str]] = {
    **{level: _reveal(level) for level in ("L2", "L3", "L4", "TEXTS")},
    "case": f"revealCase(input: {{id: $case, level: L3, {PURPOSE}}}) {{ ...Revealed }}",
    "log": "exportAccessLog(input: {of: $referral, form: JSON}) { ...Log }",
    "case_log": "exportAccessLog(input: {of: $case}) { ...Log }",
    "person": f"exportPerson(input: {{caseId: $case, {PURPOSE}}})"
    f" {{ __typename ... on ExportPersonPayload {{ document }} {REFUSED} }}",
    "sheet": "printConsentSheet(input: {id: $referral, version: $version, items: [NARRATIVE],"
    ' purpose: "見守り", validUntil: $until, opening: {code: REVIEW}})'
    f" {{ __typename ... on ConsentSheetPayload {{ html }} {REFUSED} }}",
}
EVERY: Final = tuple(WAYS)
IN_TURN: Final = (("L2", "case", "log"), ("L3", "TEXTS", "person"), ("L4", "case_log", "sheet"))
"""Parts of them, for whom the referral does not exist."""
OPENS: Final = ("L2", "L3", "L4", "TEXTS", "sheet")
TAKES: Final = ("log", "person")
OF_CASE: Final = ("case", "case_log", "person")
GIVES: Final[Mapping[str, frozenset[str]]] = {
    "L2": frozenset({"L2"}),
    "L3": frozenset({"L3"}),
    "L4": frozenset({"L4"}),
    "TEXTS": frozenset({"texts"}),
    "case": frozenset({"L3"}),
    "log": frozenset({"purposes"}),
    "case_log": frozenset({"purposes"}),
    "person": frozenset({"ask", "need", "note", "offer", "file", "L2", "L3", "L4", "texts", "purposes"}),
    "sheet": frozenset({"L3"}),
}
"""What each may hold at all; whether it may be had is another question."""


async def tried(person: Person, told: Told, ways: tuple[str, ...]) -> dict[str, Answer]:
    """What each way answers; who is not signed in is refused all of them in one word."""
    given: dict[str, Any] = {
        "referral": told.referral,
        "case": told.case,
        "version": told.version,
        "until": told.consented_until,
    }
    text = _document(ways)
    said = await person.ask(text, **{name: value for name, value in given.items() if f"${name}:" in text})
    if "errors" in said.body:
        assert (person.subject, said.code) == (None, "UNAUTHENTICATED"), said.body
        return {name: {"__typename": said.code} for name in ways}
    answered: dict[str, Answer] = said.data
    return answered


@cache
def _document(ways: tuple[str, ...]) -> str:
    asked = " ".join(f"{name}: {WAYS[name]}" for name in ways)
    places = ", ".join(f"${name}: {kind}" for name, kind in PLACES.items() if f"${name}" in asked)
    used = " ".join(f"fragment {name} {text}" for name, text in FRAGMENTS.items() if f"...{name} " in asked)
    return f"mutation ({places}) {{ {asked} }} {used}"
