"""Who asks: each kind, with no role and with each; members, and organisations that are none."""

from dataclasses import dataclass
from typing import Final

from libs.policy.relations import EVERYONE, TENANT, with_implied
from libs.policy.vocabulary import ROLES
from tests.cells.standings import Facts

NO_ROLE: Final = "no role"
ROLE_SETS: Final[dict[str, frozenset[str]]] = {
    NO_ROLE: frozenset(),
    **{role: frozenset({role}) for role in ROLES},
}


WITHOUT_ORGANISATION: Final = ("anyone", "holder")


@dataclass(frozen=True, slots=True)
class Asker:
    """`letter` stands for the kind in a cell; outsiders stand behind the stroke with the same letter."""

    letter: str
    kind: str
    is_member: bool

    @property
    def name(self) -> str:
        return self.kind if self.is_member or self.kind in WITHOUT_ORGANISATION else f"{self.kind} outside"

    def known(self, facts: Facts) -> Facts:
        """What holds for this asker of a row in that standing. A seat is a member's: who is none has no use
        of it, nor of anything else that only a member can stand in."""
        if self.is_member:
            return facts | {TENANT, EVERYONE}
        return frozenset(fact for fact in facts if TENANT not in with_implied(frozenset({fact}))) | {EVERYONE}


ASKERS: Final = (
    Asker("G", "government", is_member=True),
    Asker("N", "npo", is_member=True),
    Asker("C", "company", is_member=True),
    Asker("K", "coordinator", is_member=True),
    Asker("A", "anyone", is_member=False),
    Asker("H", "holder", is_member=False),
)
OUTSIDERS: Final = (
    Asker("G", "government", is_member=False),
    Asker("N", "npo", is_member=False),
    Asker("C", "company", is_member=False),
)
"""Organisations that applied or were declined. Suspended or gone, one is anyone: test_over_http holds it."""
ALL: Final = (*ASKERS, *OUTSIDERS)
