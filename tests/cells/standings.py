"""In what an asker can stand to a row of each object: nothing, each registered relation, each conjunction of
the policy's lines. Found from the registered relations and the policy, so that a new one needs no mention."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from libs.policy.predicates import Relations
from libs.policy.relations import FACTS, NOBODY, OF_THE_ASKER, Relation, with_implied
from libs.policy.rules import Policy
from libs.policy.vocabulary import READ

NONE: Final = "none"

Facts = frozenset[Relation]

COMES_WITH: Final[Mapping[tuple[str, Relation], Facts]] = {
    # the sender is the organisation of the case: party from the first day, and to the end
    ("referral", "own"): frozenset({"party"}),
    # who is party without being sender is the recipient, or was and it is closed (see 'accepted')
    ("referral", "party"): frozenset({"recipient"}),
    # no referral is taken on or closed without having been opened
    ("referral", "accepted"): frozenset({"opened"}),
    # one predicate: a case is held by its organisation
    ("case", "own"): frozenset({"case_holder"}),
    ("case", "case_holder"): frozenset({"own"}),
    # a sender never loses ever_party
    ("referral_event", "sender"): frozenset({"ever_party"}),
    # only what was announced is published
    ("event", "published"): frozenset({"announced"}),
    ("occurrence", "published"): frozenset({"announced"}),
    # only what is offered is published
    ("resource", "published"): frozenset({"offered"}),
    ("event_report", "published"): frozenset({"announced"}),
    ("course", "published"): frozenset({"announced"}),
    # a draft is the chair's as theirs who were there
    ("minutes", "chair"): frozenset({"attended"}),
}
"""What a relation brings along by the rows' own nature, beside what `relations.FACTS` says it implies."""

ALWAYS: Final[Mapping[str, tuple[Facts, Relation]]] = {
    # every post is addressed to somebody; where a column does not say, to the fewest
    "post": (frozenset({"audience_all", "audience_npo", "audience_public"}), "audience_public"),
    # what is asked of who would join is public
    "membership_condition": (frozenset({"published"}), "published"),
    "member_class": (frozenset({"published"}), "published"),
    # whatever is said in a group is addressed to somebody; where a column does not say, to the fewest
    **{
        said: (frozenset({"audience_all", "audience_npo", "audience_public"}), "audience_public")
        for said in ("post", "comment", "file", "minutes")
    },
    # the register of platforms is public
    "tenant": (frozenset({"published"}), "published"),
}
"""Facts of which each row of the object has one, and the one it has where a standing names none."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One column of an object's table: `facts` are all that hold there, `names` what comes to them."""

    names: tuple[str, ...]
    facts: Facts

    @property
    def title(self) -> str:
        return " = ".join(self.names)


def standings(object: str, policy: Policy, relations: Relations) -> list[Standing]:
    """Nothing, each relation, each conjunction; those that come to the same facts are one column."""
    registered = {relation for owner, relation in relations.registered() if owner == object}
    names: dict[Facts, list[str]] = {}
    for parts in [frozenset[str](), *_singles(registered), *_conjunctions(object, policy, registered)]:
        names.setdefault(closed(object, parts), []).append("+".join(_ordered(parts)) or NONE)
    return [Standing(tuple(called), facts) for facts, called in names.items()]


def closed(object: str, parts: Iterable[Relation]) -> Facts:
    """The parts with all that comes with them, without what is known before any row is looked at."""
    facts = frozenset[str]().union(
        *(with_implied(COMES_WITH.get((object, part), frozenset()) | {part}) for part in parts)
    )
    choices, otherwise = ALWAYS.get(object, (frozenset[str](), NONE))
    if choices and not facts & choices:
        facts |= {otherwise}
    return facts - OF_THE_ASKER


def _singles(registered: set[Relation]) -> list[Facts]:
    return [frozenset({relation}) for relation in _ordered(registered)]


def _conjunctions(object: str, policy: Policy, registered: set[Relation]) -> list[Facts]:
    """Of every line that opens a field of the object, and of those that a tenant may add."""
    ways = {
        rule.conjunction - OF_THE_ASKER - {NOBODY}
        for rule in (*policy.rules, *policy.widenable)
        if rule.act == READ and rule.object.partition(".")[0] == object
    }
    return sorted((way for way in ways if len(way) > 1 and way <= registered), key=_ordered)


def _ordered(parts: Iterable[Relation]) -> list[Relation]:
    """As the list of facts has them: what a reader of the access table is used to."""
    return sorted(parts, key=list(FACTS).index)
