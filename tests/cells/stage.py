"""What the builder of one scene gets."""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from tests.cells.rows import Rows
from tests.cells.standings import Facts

ALL_ITEMS: Final = ["narrative", "constraints", "person_name", "address", "contact", "safety_notes"]


@dataclass(slots=True)
class Stage:
    """What one builder gets. `me` is a new organisation of this scene alone, `other` everybody else's."""

    rows: Rows
    facts: Facts
    me: uuid.UUID
    person: uuid.UUID

    def holds(self, fact: str) -> bool:
        return fact in self.facts

    def mine(self, fact: str) -> dict[str, uuid.UUID]:
        """The row's organisation, where the fact makes it the asker's."""
        return {"organisation_id": self.me} if self.holds(fact) else {}

    async def group(self, **given: Any) -> uuid.UUID:
        """A working group with a chair; the asker sits in it (or in the chair) where the facts say so, and
        elsewise sat there once and will again."""
        made = await self.rows.add("working_group", **given)
        chairs = self.holds("chair")
        if not chairs:
            await self.rows.add("seat", working_group_id=made, is_chair=True)
        if self.holds("observer"):
            await self.rows.add("seat", working_group_id=made, organisation_id=self.me, is_observer=True)
        if chairs or self.holds("group"):
            await self.rows.add("seat", working_group_id=made, organisation_id=self.me, is_chair=chairs)
            return made
        for term in ({"until_on": self.rows.today}, {"from_on": self.rows.today + timedelta(days=1)}):
            await self.rows.add("seat", working_group_id=made, organisation_id=self.me, is_chair=True, **term)
        return made

    async def case(self, *, held: bool) -> uuid.UUID:
        return await self.rows.add("case_file", **({"organisation_id": self.me} if held else {}))
