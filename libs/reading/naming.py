"""Whether the policy names every field that is read, and every relation that it asks for can be asked."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from libs.policy.grants import Grants, UnnamedInPolicy
from libs.policy.predicates import ASKER, Relations
from libs.policy.relations import OF_THE_ASKER, Relation
from libs.policy.rules import Policy
from libs.policy.steps import UnregisteredStep
from libs.policy.vocabulary import KINDS, ROLES
from libs.reading.declare import Can, Feed, Many
from libs.reading.fields import UnfitDeclaration, codes_of
from libs.reading.registry import Registry
from libs.tenancy.viewer import Viewer

# neither the secretariat nor the holder of a link ever asks by GraphQL
ASKING: Final = frozenset(KINDS) - {"secretariat", "holder"}
_NOBODY = Viewer(UUID(int=0), 0, 0)
PLACES: Final = frozenset(_NOBODY.places(datetime.fromtimestamp(0, UTC)))
"""What a viewer fills in a statement."""


def check_policy(registry: Registry, policy: Policy, relations: Relations) -> None:
    """Called at start. Raises UnfitDeclaration with all that is unnamed or unregistered."""
    grants = policy.grants(ASKING, frozenset(ROLES))
    faults = sorted({*_unnamed(registry, grants), *_unknown_steps(registry, grants, relations)})
    if not faults:
        faults = sorted({*_unasked(registry, grants, relations)})
    if faults:
        raise UnfitDeclaration("; ".join(faults))


def _unnamed(registry: Registry, grants: Grants) -> Iterator[str]:
    for cell in _cells(registry):
        try:
            grants.read(*cell)
        except UnnamedInPolicy:
            yield f"no line of the policy names {'.'.join(cell)}"


def _unknown_steps(registry: Registry, grants: Grants, relations: Relations) -> Iterator[str]:
    for owner, name in _steps(registry):
        try:
            grants.act(*relations.steps.of(owner, name).cell)
        except UnregisteredStep:
            yield f"{name} of {owner} is no registered step"
        except UnnamedInPolicy:
            yield f"no line of the policy names the action of {owner}.{name}"


def _steps(registry: Registry) -> Iterator[tuple[str, str]]:
    """Every (object, step) that a `viewerCan` offers."""
    for type_name, field in registry.fields():
        if isinstance(field.declaration, Can) and field.enum is not None:
            yield from ((registry.stored[type_name].object, code) for code in codes_of(field.enum).values())


def _cells(registry: Registry) -> Iterator[tuple[str, str]]:
    """Every field that is shown, and every one that an order, filter or feed lets the asker learn about."""
    for type_name, field in registry.fields():
        if type_name in registry.stored and field.is_masked:
            yield registry.stored[type_name].object, field.policy_name
        match field.declaration:
            case Many() as many:
                learnt = [order.reads for order in many.orders.values()]
                learnt += [each.reads for each in many.filters.values()]
                for name in {name for names in learnt for name in names}:
                    yield registry.stored[many.target].object, name
            case Feed(members=members):
                for member in members:
                    yield from ((registry.stored[member.target].object, name) for name in member.reads)
            case _:
                pass


def _unasked(registry: Registry, grants: Grants, relations: Relations) -> Iterator[str]:
    registered = relations.registered()
    for owner, relation in _needed(registry, grants, relations):
        if (owner, relation) not in registered:
            yield f"{relation} of {owner} has no SQL"
            continue
        table = next(stored.table for stored in registry.stored.values() if stored.object == owner)
        missing = _places(relations.predicate(owner, relation, table, ASKER)) - PLACES
        if missing:
            yield f"{relation} of {owner} asks for {sorted(missing)}, which no viewer has"
    yield from _unfilled(registry, relations)


def _unfilled(registry: Registry, relations: Relations) -> Iterator[str]:
    tables = {stored.object: stored.table for stored in registry.stored.values()}
    for owner, name in _steps(registry):
        for guard in relations.steps.of(owner, name).guards:
            missing = _places(guard.holds(tables[owner], ASKER)) - PLACES
            if missing:
                yield f"a guard of {owner}.{name} asks for {sorted(missing)}, which no viewer has"


def _needed(registry: Registry, grants: Grants, relations: Relations) -> set[tuple[str, Relation]]:
    """The relations of all rows, fields and steps that are read, for every kind that may ask."""
    ways = {
        (stored.object, way) for stored in registry.stored.values() for way in grants.row(stored.object).ways
    }
    ways |= {(cell[0], way) for cell in _cells(registry) for way in grants.read(*cell).ways}
    taken = [relations.steps.of(*each).cell for each in _steps(registry)]
    ways |= {(cell[0], way) for cell in taken for way in grants.act(*cell).ways}
    return {(owner, part) for owner, way in ways for part in way if part not in OF_THE_ASKER}


def _places(clause: "sa.ColumnElement[Any]") -> set[str]:
    """The places without a value of their own."""
    return {name for name, value in clause.compile().params.items() if value is None}
