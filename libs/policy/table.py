"""The access table: the policy in full, for people who decide about it. Print with `tsunagari policy table`.

An approved copy lies beside the tests: its diff shows exactly what a change opens or closes.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Final

from libs.policy.cells import COLUMNS, NOTHING, action_rows, by_cell, field_rows, parts_of, titled, ways
from libs.policy.grants import Cell, Rule
from libs.policy.relations import CONDITIONS, RELATIONS
from libs.policy.rules import Policy
from libs.policy.vocabulary import KINDS, READ, Label, Vocabulary, product

_FIRST: Final = 44
_WIDTH: Final = 26

_Rules = Mapping[tuple[str, Cell], list[Rule]]
_Rows = Sequence[tuple[Cell, Label]]


def render(policy: Policy, vocabulary: Vocabulary | None = None) -> str:
    """The table as text: fields, then actions, then what holders of a link have, then what the words mean."""
    words = vocabulary or product()
    rules = by_cell(policy.rules)
    lines = [
        "閲覧・操作の権限表  Access table",
        "",
        "「又は」はどれか一つ、「かつ」は両方。∅ は不可。書かれていないことはすべて不可。",
        "又は: any one of them; かつ: both. ∅: not allowed. What is not named is refused.",
        "",
        *_section("項目 Fields", field_rows(policy, words), rules),
        *_section("操作 Actions", action_rows(policy, words), rules),
        *_holders(policy, words),
        *_members_of_groups(policy, words),
        *_facts(),
        *_limits(policy),
    ]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _section(title: str, rows: _Rows, rules: _Rules) -> Iterator[str]:
    yield f"## {title}"
    yield ""
    yield from _row([title, *(f"{KINDS[kind].ja} {kind}" for kind in COLUMNS)])
    yield _ruler("=")
    for key, label in rows:
        cells = [_cell(rules.get((kind, key), [])) for kind in COLUMNS]
        yield from _row([_heading(key, label), *cells])
        yield _ruler("-")
    yield ""


def _heading(key: Cell, label: Label) -> str:
    name, act = key
    return "\n".join((label.ja, label.en, name if act == READ else f"{name}.{act}"))


def _cell(rules: Sequence[Rule]) -> str:
    """One way a line; a fact that is joined on by 'and' goes below its way."""
    if not rules:
        return NOTHING
    return "\n又は ".join("\n　かつ ".join(parts_of(relation, of)) for relation, of in ways(rules).items())


def _row(cells: Sequence[str]) -> Iterator[str]:
    columns = [list(_wrapped(cell, _FIRST if number == 0 else _WIDTH)) for number, cell in enumerate(cells)]
    for parts in zip_longest(*columns, fillvalue=""):
        yield " | ".join(
            _padded(part, _FIRST if number == 0 else _WIDTH) for number, part in enumerate(parts)
        )


def _ruler(sign: str) -> str:
    return "-+-".replace("-", sign).join(sign * width for width in (_FIRST, *([_WIDTH] * len(COLUMNS))))


def _wrapped(text: str, width: int) -> Iterator[str]:
    for line in text.split("\n"):
        rest = line
        while _columns(rest) > width:
            cut = _cut(rest, width)
            yield rest[:cut].rstrip()
            rest = "  " + rest[cut:].lstrip()
        yield rest


def _cut(text: str, width: int) -> int:
    """Where to break: after the last space that fits, else where the width ends."""
    fits = next(end for end in range(len(text), 0, -1) if _columns(text[:end]) <= width)
    space = text.rfind(" ", 3, fits)
    return space + 1 if space > 0 else fits


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WFA" else 1 for sign in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _columns(text))


def _holders(policy: Policy, words: Vocabulary) -> Iterator[str]:
    yield "## リンク・コードを持つ方(アカウントなし)  Holders of a code or link, for exactly one object"
    yield ""
    for rule in policy.rules:
        if rule.kind == "holder":
            known = words.groups if rule.act == READ else words.actions
            name = rule.object if rule.act == READ else f"{rule.object}.{rule.act}"
            label = titled(rule.object, known[name], words)
            yield f"- {label.ja}  {label.en} ({name})"
    yield ""


def _members_of_groups(policy: Policy, words: Vocabulary) -> Iterator[str]:
    yield "## 項目群の内訳  Which fields each group holds"
    yield ""
    held: defaultdict[str, list[str]] = defaultdict(list)
    for name, group in policy.groups.items():
        held[group].append(name)
    for group, names in held.items():
        yield f"{titled(group, words.groups[group], words).ja} ({group})"
        yield from (f"    {words.fields[name].ja}  {name}" for name in names)
    yield ""


def _facts() -> Iterator[str]:
    for title, facts in (("関係 Relations", RELATIONS), ("条件 Conditions", CONDITIONS)):
        yield f"## {title}"
        yield ""
        for name, fact in facts.items():
            yield f"{fact.short} ({name})"
            yield f"    {fact.ja}"
            yield f"    {fact.en}"
        yield ""


def _limits(policy: Policy) -> Iterator[str]:
    yield "## 自治体が広げられるもの  What a tenant may widen"
    yield ""
    yield from _listed(str(rule) for rule in policy.widenable)
    yield "## 自治体が狭められないもの  What a tenant may not tighten"
    yield ""
    yield from _listed(", ".join(cell) for cell in policy.fixed)


def _listed(items: Iterable[str]) -> Iterator[str]:
    yield from (f"- {item}" for item in sorted(items))
    yield ""
