"""What a municipality changes of the baseline: lines tightened, and widenable lines added. Nothing else.

A tightening names one line of the baseline and puts a stricter conjunction in the place of its relation, or
nobody. A widening names one line that the baseline lists as widenable (`p2`). Every word comes from a closed
list, and a line is one that the baseline has, so that no value can smuggle in a rule of its own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from libs.policy.grants import Cell, Rule
from libs.policy.relations import EVERYONE, FACTS, NOBODY, OF_THE_ASKER, Relation, with_implied
from libs.policy.vocabulary import READ, Vocabulary, product
from libs.policy.wording import check_rule, refuse

TIGHTEN: Final = "tighten"
WIDEN: Final = "widen"
MOST_OVERRIDES: Final = 500

OWN: Final = frozenset({"own", "self", "case_holder", "sender", "host"})
"""Facts by which a row is the asker's own, or hangs on its own: such a view may not be tightened."""
ENDS: Final = frozenset({"party", "ever_party"})
"""Of a kind that refers, these lines are its own view of what it sent."""

Askable = frozenset[tuple[str, Relation]]
"""(object, fact) with SQL: a stricter conjunction may add no other fact."""


class Baseline(Protocol):
    """What overrides need to know of the policy that they change."""

    @property
    def rules_of(self) -> Mapping[Cell, tuple[Rule, ...]]: ...
    @property
    def groups(self) -> Mapping[str, str]: ...
    @property
    def widenable(self) -> frozenset[Rule]: ...
    @property
    def fixed(self) -> frozenset[Cell]: ...
    @property
    def senders(self) -> frozenset[str]: ...


@dataclass(frozen=True, slots=True, order=True)
class Override:
    """One change. `becomes`: the relation that stands in the line from now on; `nobody` takes it away."""

    change: str
    rule: Rule
    becomes: Relation

    def stored(self) -> dict[str, str]:
        """As an edition and a draft keep it."""
        return {"change": self.change, **self.rule._asdict(), "becomes": self.becomes}


Overrides = tuple[Override, ...]
"""Sorted, one for a line."""


def tightened(  # noqa: PLR0913 - the line, what it becomes, and the three lists that it is judged by
    baseline: Baseline,
    words: tuple[str, ...],
    becomes: Relation | None,
    askable: Askable,
    *,
    vocabulary: Vocabulary | None = None,
    number: int = 1,
) -> Overrides:
    """The line tightened; where it says what a reveal opens, the reveal's own line with it.

    `words` are kind, role, object or field group, act, relation; `becomes` None closes the line. Raises
    InvalidInput naming the line.
    """
    rule = _line(baseline, words, vocabulary, number)
    if rule not in baseline.rules_of.get((rule.object, rule.act), ()):
        _refuse_unknown_line(number, rule)
    lines = twins(baseline, rule)
    for each in lines:
        _refuse_fixed(baseline, each, number)
    stricter = _stricter(rule, becomes, askable, number)
    return tuple(Override(TIGHTEN, each, stricter) for each in lines)


def widened(
    baseline: Baseline,
    words: tuple[str, ...],
    *,
    vocabulary: Vocabulary | None = None,
    number: int = 1,
) -> Overrides:
    """The line added. Raises InvalidInput unless the baseline lists exactly this line as widenable."""
    rule = _line(baseline, words, vocabulary, number)
    if rule not in baseline.widenable:
        refuse(
            number,
            "not_widenable",
            f"「{rule}」は広げられる行ではありません。広げられる行は tsunagari policy table の末尾にあります",
            f"'{rule}' is no line that may be widened; those stand at the end of the access table",
        )
    return (Override(WIDEN, rule, rule.relation),)


def checked(baseline: Baseline, overrides: Iterable[Override], askable: Askable) -> Overrides:
    """The same judged once more, before a publication. Raises InvalidInput naming the line by its number."""
    found: set[Override] = set()
    for number, each in enumerate(overrides, start=1):
        closed = None if each.becomes == NOBODY else each.becomes
        if each.change == WIDEN:
            found.update(widened(baseline, tuple(each.rule), number=number))
        else:
            found.update(tightened(baseline, tuple(each.rule), closed, askable, number=number))
    return tuple(sorted(found))


def added(overrides: Overrides, more: Overrides) -> Overrides:
    """With these changes, each in the place of an earlier one of the same line."""
    lines = {each.rule for each in more}
    if len(overrides) + len(more) > MOST_OVERRIDES:
        refuse(
            0, "too_many", "変更が多すぎます。減らしてください", "there are too many changes; take some back"
        )
    return tuple(sorted([*(each for each in overrides if each.rule not in lines), *more]))


def without(
    baseline: Baseline, overrides: Overrides, words: tuple[str, ...], *, vocabulary: Vocabulary | None = None
) -> Overrides:
    """The changes less that of this line. Raises InvalidInput where there is none."""
    lines = set(twins(baseline, _line(baseline, words, vocabulary, 1)))
    kept = tuple(each for each in overrides if each.rule not in lines)
    if len(kept) == len(overrides):
        refuse(1, "not_changed", "この行は変更されていません", "this line is not changed; name one that is")
    return kept


def restored(kept: Iterable[Mapping[str, Any]]) -> Overrides:
    """From what `stored` wrote. Words are judged where they are used: see `lines_in_force`."""
    return tuple(
        sorted(
            Override(
                str(each["change"]),
                Rule(*(str(each[name]) for name in Rule._fields)),
                str(each["becomes"]),
            )
            for each in kept
        )
    )


def lines_in_force(baseline: Baseline, overrides: Overrides) -> dict[Cell, tuple[Rule, ...]]:
    """The rules of every cell that the overrides touch, as they are in force.

    What does not fit the baseline (any more) closes and never opens: an unknown widening is passed over, a
    tightening whose line is gone takes away every line of that kind and role in the cell.
    """
    cells = dict.fromkeys(
        (each.rule.object, each.rule.act)
        for each in overrides
        if (each.rule.object, each.rule.act) in baseline.rules_of
    )
    return {cell: _in_force(baseline, cell, overrides) for cell in cells}


def twins(baseline: Baseline, rule: Rule) -> tuple[Rule, ...]:
    """The line, and its other half: what a reveal opens is said by the field's line and by the action's."""
    owner, _, level = rule.object.partition(".")
    if rule.act == READ:
        other = rule._replace(object=owner, act=f"reveal_{level}")
    else:
        opened = rule.act.removeprefix("reveal_")
        other = rule._replace(object=f"{owner}.{opened}", act=READ)
    is_line = other in baseline.rules_of.get((other.object, other.act), ())
    return (rule, other) if is_line else (rule,)


def _in_force(baseline: Baseline, cell: Cell, overrides: Overrides) -> tuple[Rule, ...]:
    here = [each for each in overrides if (each.rule.object, each.rule.act) == cell]
    wider = [each.rule for each in here if each.change == WIDEN and each.rule in baseline.widenable]
    stricter = {each.rule: each.becomes for each in here if each.change != WIDEN}
    lines = dict.fromkeys((*baseline.rules_of[cell], *wider))
    gone = {rule[:4] for rule in stricter if rule not in lines}
    return tuple(
        dict.fromkeys(
            line if _is_fixed(baseline, line) else _as_tightened(line, stricter.get(line), line[:4] in gone)
            for line in lines
        )
    )


def _as_tightened(line: Rule, becomes: Relation | None, is_unclear: bool) -> Rule:
    if is_unclear:
        return line._replace(relation=NOBODY)
    if becomes is None:
        return line
    parts = frozenset(becomes.split("+"))
    # not the relation as it is stored: whatever stands there, the line opens no more than it did
    known = parts <= FACTS.keys() and NOBODY not in parts
    return line._replace(relation=_joined(line.conjunction | parts) if known else NOBODY)


def _line(baseline: Baseline, words: tuple[str, ...], vocabulary: Vocabulary | None, number: int) -> Rule:
    check_rule(number, words, vocabulary or product(), dict(baseline.groups))
    return Rule(*words)


def _refuse_unknown_line(number: int, rule: Rule) -> None:
    refuse(
        number,
        "no_such_line",
        f"「{rule}」は標準の規程にない行です。accessTable か tsunagari policy table の行を指定してください",
        f"'{rule}' is no line of the baseline; name a line of accessTable or of `tsunagari policy table`",
    )


def _refuse_fixed(baseline: Baseline, rule: Rule, number: int) -> None:
    if _is_fixed(baseline, rule):
        refuse(
            number,
            "fixed",
            f"「{rule}」は狭められません。自団体のもの、閲覧記録、結果の区分、規程そのものの権限は固定です",
            f"'{rule}' may not be tightened: views of one's own rows, access logs, outcomes and the rights "
            "to the policy itself stand",
        )


def _is_fixed(baseline: Baseline, rule: Rule) -> bool:
    own = rule.act == READ and bool(
        rule.conjunction & OWN or (rule.conjunction & ENDS and rule.kind in baseline.senders)
    )
    return own or (rule.object, rule.act) in baseline.fixed


def _stricter(rule: Rule, becomes: Relation | None, askable: Askable, number: int) -> Relation:
    """The line's own facts with those that are added. Facts without SQL for the object could not be asked."""
    if becomes is None and rule.relation != NOBODY:
        return NOBODY
    parts = frozenset((becomes or NOBODY).split("+"))
    if not parts <= FACTS.keys() or parts & {NOBODY, EVERYONE}:
        refuse(
            number,
            "unknown_relation",
            "知らない関係です。一覧にある語を「+」でつないでください",
            "unknown relation; join words of the list by '+'",
        )
    both = rule.conjunction | parts
    if both <= with_implied(rule.conjunction) or NOBODY in both:
        refuse(
            number,
            "not_stricter",
            f"「{rule}」より狭くなりません。関係を足すか、空にして行を閉じてください",
            f"this is no stricter than '{rule}'; add a relation, or leave it out to close the line",
        )
    owner = rule.object.partition(".")[0]
    if any((owner, part) not in askable and part not in OF_THE_ASKER for part in both - rule.conjunction):
        refuse(
            number,
            "unaskable",
            "この対象では使えない関係です。同じ対象の行にある関係を使ってください",
            "this relation cannot be asked of this object; use those of the object's own lines",
        )
    return _joined(both - {EVERYONE})


def _joined(parts: frozenset[Relation]) -> Relation:
    return "+".join(sorted(parts))
