"""One asker's grants made ready for SQL: what is decided before any row is looked at, and what is left."""

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from libs.policy.grants import Grant, Grants
from libs.policy.predicates import Above, Asker, Relations, settle, where

Cell = tuple[str, str, str]
"""Which grant was looked up: `rows`, `field`, `action` or `may`, of an object, by a name."""
Noted = dict[Cell, bool | Grant]


@dataclass(frozen=True, slots=True)
class Access:
    """What somebody of these kinds, roles and facts may read and do, and the SQL of every relation in it."""

    grants: Grants
    facts: frozenset[str]
    relations: Relations
    asker: Asker

    def rows(self, object: str) -> bool | Grant:
        """Which rows of the object can be found."""
        return settle(self.grants.row(object), self.facts)

    def field(self, object: str, name: str) -> bool | Grant:
        """Where the field is open, of the rows that can be found at all."""
        grant = settle(self.grants.read(object, name), self.facts)
        return True if covers(grant, self.rows(object)) else grant

    def action(self, object: str, action: str) -> bool | Grant:
        """On which rows the action is the asker's."""
        return settle(self.grants.act(object, action), self.facts)

    def may(self, object: str, action: str, facts: Iterable[str] = ()) -> bool:
        """Whether the action is allowed on something that is no row yet, of which `facts` hold."""
        return self.grants.act(object, action).holds(self.facts | frozenset(facts))

    def of(self, cell: Cell) -> bool | Grant:
        """What was looked up under that cell, looked up anew."""
        match cell:
            case ("may", of, words):
                action, *facts = words.split("+")
                return self.may(of, action, facts)
            case ("rows", of, _):
                return self.rows(of)
            case ("field", of, name):
                return self.field(of, name)
            case (_, of, name):
                return self.action(of, name)

    def condition(
        self, grant: bool | Grant, object: str, row: sa.FromClause, above: Above | None = None
    ) -> sa.ColumnElement[bool]:
        return where(grant, object, row, self.relations, self.asker, above)


@dataclass(frozen=True, slots=True)
class NotingAccess(Access):
    """Notes every grant that is looked up, so that what was made of them serves others who have the same."""

    noted: Noted = dataclasses.field(default_factory=Noted)

    @classmethod
    def of_access(cls, access: Access) -> "NotingAccess":
        return cls(access.grants, access.facts, access.relations, access.asker)

    def rows(self, object: str) -> bool | Grant:
        return self._note(("rows", object, ""), Access.rows(self, object))

    def field(self, object: str, name: str) -> bool | Grant:
        return self._note(("field", object, name), Access.field(self, object, name))

    def action(self, object: str, action: str) -> bool | Grant:
        return self._note(("action", object, action), Access.action(self, object, action))

    def may(self, object: str, action: str, facts: Iterable[str] = ()) -> bool:
        held = Access.may(self, object, action, facts := tuple(facts))
        self.noted["may", object, "+".join((action, *facts))] = held
        return held

    def _note(self, cell: Cell, grant: bool | Grant) -> bool | Grant:
        self.noted[cell] = grant
        return grant


def covers(field: bool | Grant, row: bool | Grant) -> bool:
    """Whether every row that can be found shows the field: each way to the row opens the field too."""
    if isinstance(field, bool) or isinstance(row, bool):
        return field is True or row is False
    return all(any(way <= path for way in field.ways) for path in row.ways)
