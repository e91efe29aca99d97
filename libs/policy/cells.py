"""The cells of the access table in words, and the cells in which two policies differ."""

import csv
import io
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from libs.policy.grants import Cell, Rule
from libs.policy.relations import FACTS, NOBODY
from libs.policy.rules import Policy
from libs.policy.vocabulary import ANY, KINDS, READ, ROLES, Label, Vocabulary, product

COLUMNS: Final = ("government", "npo", "company", "coordinator", "anyone", "secretariat")
NOTHING: Final = "∅"

Wording = Callable[[Sequence[Rule]], str]


@dataclass(frozen=True, slots=True)
class CellRow:
    """One cell. `name` is a field group (`act` read) or an object."""

    object: str
    name: str
    act: str
    kind: str
    label: Label
    cell: Label


def rows(policy: Policy, vocabulary: Vocabulary | None = None) -> list[CellRow]:
    """Every cell of the table: first fields, then actions, each for all columns."""
    words = vocabulary or product()
    rules = by_cell(policy.rules)
    return [
        CellRow(cell[0].partition(".")[0], *cell, kind, label, in_words(rules.get((kind, cell), [])))
        for cell, label in (*field_rows(policy, words), *action_rows(policy, words))
        for kind in COLUMNS
    ]


def as_csv(policy: Policy, vocabulary: Vocabulary | None = None) -> str:
    """The table for a spreadsheet: one line a field group or action, one column a kind."""
    words = vocabulary or product()
    rules = by_cell(policy.rules)
    written = io.StringIO()
    lines = csv.writer(written, lineterminator="\n")
    lines.writerow(["name", "act", "項目・操作", "field or action", *COLUMNS])
    for cell, label in (*field_rows(policy, words), *action_rows(policy, words)):
        cells = [in_words(rules.get((kind, cell), [])).ja for kind in COLUMNS]
        lines.writerow([*cell, label.ja, label.en, *cells])
    return written.getvalue()


def difference(before: Policy, after: Policy, vocabulary: Vocabulary | None = None) -> list[Label]:
    """Each cell that says something else, as a line in both languages: what stood there, and what stands."""
    words = vocabulary or product()
    old, new = by_cell(before.rules), by_cell(after.rules)
    labels = dict((*field_rows(before, words), *action_rows(before, words)))
    return [
        _changed_line(kind, cell, labels[cell], in_words(old[kind, cell]), in_words(new[kind, cell]))
        for kind, cell in sorted(old.keys() | new.keys())
        if set(old[kind, cell]) != set(new[kind, cell])
    ]


@cache
def titles() -> dict[Cell, Label]:
    """What each field group and action of the product is called."""
    policy, words = Policy.baseline(), product()
    return dict((*field_rows(policy, words), *action_rows(policy, words)))


def by_cell(rules: Iterable[Rule]) -> defaultdict[tuple[str, Cell], list[Rule]]:
    cells: defaultdict[tuple[str, Cell], list[Rule]] = defaultdict(list)
    for rule in rules:
        cells[rule.kind, (rule.object, rule.act)].append(rule)
    return cells


def field_rows(policy: Policy, words: Vocabulary) -> list[tuple[Cell, Label]]:
    groups = dict.fromkeys(policy.groups.values())
    return [((group, READ), titled(group, words.groups[group], words)) for group in groups]


def action_rows(policy: Policy, words: Vocabulary) -> list[tuple[Cell, Label]]:
    acts = dict.fromkeys((rule.object, rule.act) for rule in policy.rules if rule.act != READ)
    return [(key, titled(key[0], words.actions[".".join(key)], words)) for key in acts]


def titled(name: str, label: Label, words: Vocabulary) -> Label:
    owner = words.objects[name.partition(".")[0]]
    return Label(f"{owner.ja}：{label.ja}", f"{owner.en}: {label.en}")


def ways(rules: Sequence[Rule]) -> dict[str, list[str]]:
    """The roles of each relation; an explicit refusal says nothing beside another line."""
    roles: defaultdict[str, list[str]] = defaultdict(list)
    for rule in rules:
        roles[rule.relation].append(rule.role)
    if len(roles) > 1:
        roles.pop(NOBODY, None)
    return roles


def in_words(rules: Sequence[Rule]) -> Label:
    """A cell in one line."""
    if not rules:
        return Label(NOTHING, NOTHING)
    ja = " 又は ".join(" かつ ".join(parts_of(relation, of)) for relation, of in ways(rules).items())
    en = " or ".join(" and ".join(_english(relation, of)) for relation, of in ways(rules).items())
    return Label(ja, en)


def parts_of(relation: str, roles: Sequence[str]) -> list[str]:
    said = [FACTS[part].short for part in relation.split("+")]
    return said if ANY in roles else [*said, "・".join(ROLES[role].ja for role in roles)]


def _english(relation: str, roles: Sequence[str]) -> list[str]:
    said = [NOTHING if part == NOBODY else part for part in relation.split("+")]
    return said if ANY in roles else [*said, "/".join(roles)]


def _changed_line(kind: str, cell: Cell, label: Label, old: Label, new: Label) -> Label:
    name = cell[0] if cell[1] == READ else ".".join(cell)
    return Label(
        f"{label.ja}（{name}） {KINDS[kind].ja}： {old.ja} → {new.ja}",
        f"{label.en} ({name}), {KINDS[kind].en}: {old.en} → {new.en}",
    )
