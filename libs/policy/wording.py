"""From a policy's text to its lines, refusing whatever is not exactly one of the known words.

Casbin's own readers split at commas inside values and keep unknown words silently, so a value could smuggle a
second rule in. Here a line is taken apart once, each word is looked up in a closed list, and casbin is handed
words, never text.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, NoReturn

from libs.errors.problems import InvalidInput
from libs.policy.relations import FACTS, NOBODY
from libs.policy.vocabulary import ANY, KINDS, READ, ROLES, Vocabulary

LONGEST_TEXT: Final = 400_000
"""Characters. The baseline has about 100,000."""

_WORD: Final = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?(?:\+[a-z][a-z0-9_]*)*", re.ASCII)
_SHAPES: Final = {"p": 5, "p2": 5, "p3": 2, "g": 2}


@dataclass(frozen=True, slots=True)
class Line:
    """One line as casbin knows it: its type (p, p2, p3, g) and its words."""

    number: int
    sort: str
    words: tuple[str, ...]


def lines_of(text: str, vocabulary: Vocabulary) -> list[Line]:
    """The lines of a policy text. Raises InvalidInput at the first that is not in order."""
    if len(text) > LONGEST_TEXT:
        refuse(0, "too_long", "規程が長すぎます。分けてください", "The policy is too long. Make it shorter")
    lines = list(_split(text))
    groups = _groups_of(lines)
    for line in lines:
        _check(line, vocabulary, groups)
    _refuse_doubles(lines)
    return lines


def check_rule(number: int, words: tuple[str, ...], vocabulary: Vocabulary, groups: dict[str, str]) -> None:
    """One rule given word by word, judged as a line of a text is. Raises InvalidInput naming the line."""
    if len(words) != _SHAPES["p"] or not all(_WORD.fullmatch(word) for word in words):
        _refuse_words(number)
    _check(Line(number, "p", words), vocabulary, groups)


def refuse(number: int, detail: str, ja: str, en: str) -> NoReturn:
    """A refusal that names the line, never what stands in it."""
    raise InvalidInput("policy", f"{number}行目: {ja}。", f"Line {number}: {en}.", detail=detail)


def _split(text: str) -> Iterator[Line]:
    for number, raw in enumerate(text.split("\n"), start=1):
        if not all(character.isprintable() for character in raw):
            refuse(number, "control", "制御文字があります。消してください", "a control character; remove it")
        if raw and not raw.startswith("#"):
            yield _line(number, raw)


def _line(number: int, raw: str) -> Line:
    sort, *words = (word.strip(" ") for word in raw.split(","))
    if len(words) != _SHAPES.get(sort):
        refuse(
            number,
            "shape",
            "「p, 種別, 役割, 対象, 操作, 関係」か「g, 項目, 項目群」の形にしてください",
            "write 'p, kind, role, object, act, relation' or 'g, field, group'",
        )
    if not all(_WORD.fullmatch(word) for word in words):
        _refuse_words(number)
    return Line(number, sort, tuple(words))


def _refuse_words(number: int) -> NoReturn:
    refuse(
        number,
        "word",
        "語は英小文字・数字・下線だけで書いてください。「*」などの記号は使えません",
        "words are lower-case letters, digits and _; no wildcards or other signs",
    )


def _groups_of(lines: list[Line]) -> dict[str, str]:
    groups: dict[str, str] = {}
    for line in lines:
        if line.sort == "g":
            name, group = line.words
            if groups.setdefault(name, group) != group:
                refuse(
                    line.number,
                    "two_groups",
                    "項目は一つの項目群だけに入れてください",
                    "a field belongs to one group only; remove one of the two",
                )
    return groups


def _check(line: Line, vocabulary: Vocabulary, groups: dict[str, str]) -> None:
    if line.sort == "g":
        _check_group(line, vocabulary, groups)
        return
    target, act = line.words[-2:] if line.sort == "p3" else line.words[2:4]
    _check_target(line.number, target, act, vocabulary, groups)
    if line.sort != "p3":
        kind, role, *_, relation = line.words
        _known(line.number, "kind", kind, KINDS.__contains__)
        _known(line.number, "role", role, lambda word: word == ANY or word in ROLES)
        _check_relation(line.number, relation)


def _check_group(line: Line, vocabulary: Vocabulary, groups: dict[str, str]) -> None:
    name, group = line.words
    _known(line.number, "field", name, vocabulary.fields.__contains__)
    _known(line.number, "group", group, vocabulary.groups.__contains__)
    # a field called like a group would chain two groups in casbin; a group of another object would be a leak
    if groups.get(group, group) != group or name.split(".")[0] != group.split(".")[0]:
        refuse(
            line.number,
            "chained",
            "項目群は同じ対象の項目だけをまとめ、別の項目群に入れられません",
            "a group holds fields of its own object and lies in no other group",
        )


def _check_target(number: int, target: str, act: str, vocabulary: Vocabulary, groups: dict[str, str]) -> None:
    if act == READ:
        _known(number, "object", target, frozenset(groups.values()).__contains__)
    else:
        _known(number, "object", target, vocabulary.objects.__contains__)
        _known(number, "action", f"{target}.{act}", vocabulary.actions.__contains__)


def _check_relation(number: int, relation: str) -> None:
    parts = relation.split("+")
    for part in parts:
        _known(number, "relation", part, FACTS.__contains__)
    if len(set(parts)) != len(parts) or (NOBODY in parts and len(parts) > 1):
        refuse(
            number,
            "relation_twice",
            "同じ関係を重ねず、「nobody」は単独で書いてください",
            "name each relation once, and 'nobody' alone",
        )


_NAMES: Final = {
    "kind": "種別",
    "role": "役割",
    "object": "対象",
    "field": "項目",
    "group": "項目群",
    "action": "操作",
    "relation": "関係",
}


def _known(number: int, sort: str, word: str, is_known: Callable[[str], bool]) -> None:
    if not is_known(word):
        refuse(
            number,
            f"unknown_{sort}",
            f"知らない{_NAMES[sort]}です。一覧にある語を使ってください",
            f"unknown {sort}; use a word of the list",
        )


def _refuse_doubles(lines: list[Line]) -> None:
    seen: set[tuple[str, tuple[str, ...]]] = set()
    for line in lines:
        key = (line.sort, line.words)
        if key in seen:
            refuse(
                line.number,
                "double",
                "同じ行が二つあります。一つ消してください",
                "the line stands twice; remove one",
            )
        seen.add(key)
