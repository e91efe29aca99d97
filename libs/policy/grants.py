"""What someone of given kinds and roles may read and do: for each field and action the facts that open it.

Compiled from casbin's loaded rules in one pass; a lookup is two dictionary reads. The words are casbin's, the
form is a disjunction of conjunctions, which `predicates.where` turns into SQL.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeVar

from libs.policy.relations import Conjunction, with_implied

Cell = tuple[str, str]
"""(object, field) or (object, action)."""


_Key = TypeVar("_Key")


class UnnamedInPolicy(LookupError):
    """Code asks about an object, field or action that no line names: refused, and a fault of ours."""


class Rule(NamedTuple):
    """A `p` line: kind, role, field group or object, `read` or an action, and facts joined by `+`."""

    kind: str
    role: str
    object: str
    act: str
    relation: str

    def __str__(self) -> str:
        return ", ".join(self)

    @property
    def conjunction(self) -> Conjunction:
        return frozenset(self.relation.split("+"))


@dataclass(frozen=True, slots=True)
class Grant:
    """The ways to one field, action or row: any one of them, all facts of it. No way: never."""

    ways: frozenset[Conjunction] = frozenset()

    def holds(self, facts: frozenset[str]) -> bool:
        """For facts already known of one row (a row about to be created, a preview). Implied facts count."""
        known = with_implied(facts)
        return any(way <= known for way in self.ways)

    def within(self, wider: "Grant") -> bool:
        """Whether the other one is open wherever this one is."""
        return all(any(other <= way for other in wider.ways) for way in self.ways)


NEVER: Final = Grant()


@dataclass(frozen=True)
class Grants:
    """Every grant of one set of kinds and roles. Equal `fingerprint` = equal grants, whatever the policy."""

    fields: Mapping[Cell, Grant]
    actions: Mapping[Cell, Grant]
    rows: Mapping[str, Grant]
    fingerprint: str

    def read(self, object: str, field: str) -> Grant:
        return _named(self.fields, (object, field))

    def act(self, object: str, action: str) -> Grant:
        return _named(self.actions, (object, action))

    def row(self, object: str) -> Grant:
        """Which rows can be found at all: those of which some field may be read."""
        return _named(self.rows, object)


class Layered(Mapping[_Key, Grant]):
    """A few grants laid over many others, which are shared and not copied."""

    __slots__ = ("_base", "_changes")

    def __init__(self, base: Mapping[_Key, Grant], changes: Mapping[_Key, Grant]) -> None:
        self._base = base
        self._changes = changes

    def __getitem__(self, key: _Key) -> Grant:
        changed = self._changes.get(key)
        return self._base[key] if changed is None else changed

    def __iter__(self) -> Iterator[_Key]:
        return iter(self._base)

    def __len__(self) -> int:
        return len(self._base)


def layered(base: Mapping[_Key, Grant], changes: Mapping[_Key, Grant]) -> Mapping[_Key, Grant]:
    """`base` itself where nothing changes. Every key of `changes` is one of `base`."""
    return Layered(base, changes) if changes else base


def _named(grants: Mapping[_Key, Grant], key: _Key) -> Grant:
    try:
        return grants[key]
    except KeyError:
        raise UnnamedInPolicy(key) from None
