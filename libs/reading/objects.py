"""The JSON of one object: each selected field as SQL, masked by the policy's grants."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from graphql import FieldNode, GraphQLEnumType
from sqlalchemy.dialects.postgresql import ARRAY, array
from sqlalchemy.sql.expression import ColumnElement

from libs.policy.grants import Grant
from libs.reading.blocks import Block
from libs.reading.declare import Can, Column, Feed, Hidden, Identity, Many, One, OneOf
from libs.reading.fields import Field, UnfitDeclaration, are_upper_case, codes_of
from libs.reading.selection import Fields
from libs.reading.sqljson import NULL, JsonId, JsonObject, Literal, text_literal
from libs.reading.viewer_can import relations_needed, steps_json

if TYPE_CHECKING:
    from libs.reading.compiler import Compiler

Json = ColumnElement[Any]
MOST_OUTCOMES = 5
"""Grants of one object that `hiddenFields` tells apart by cases: 2^5 lists of names at the most."""


class Objects:
    """Compiles the fields of one row; rows themselves come from the compiler's blocks."""

    def __init__(self, compiler: "Compiler") -> None:
        self._compiler = compiler
        self._access = compiler.blocks.access
        self._registry = compiler.registry

    def relations(self, type_name: str, fields: Fields) -> set[str]:
        """The relations that a block must compute a row so that these fields can be masked."""
        stored = self._registry.stored[type_name]
        needed: set[str] = set()
        for field in self._policy_fields(type_name, fields):
            grant = self._access.field(stored.object, field.policy_name)
            if isinstance(grant, Grant):
                needed.update(*grant.ways)
        for field in self._can_fields(type_name, fields):
            needed |= relations_needed(self._access, stored.object, field)
        return needed

    def json(self, type_name: str, block: Block, fields: Fields) -> Json:
        pairs = [(key, self._field(type_name, block, nodes)) for key, nodes in fields.items()]
        return JsonObject(pairs)

    def _field(self, type_name: str, block: Block, nodes: Sequence[FieldNode]) -> Json:
        name = nodes[0].name.value
        if name == "__typename":
            return Literal(json.dumps(type_name))
        field = self._registry.field(type_name, name)
        if isinstance(field.declaration, Identity):
            return JsonId(block.stored.prefix, block.c.id)
        if isinstance(field.declaration, Hidden):
            return self._hidden(type_name, block)
        return self._masked(block, field, lambda: self._read(block, field, nodes))

    def _read(self, block: Block, field: Field, nodes: Sequence[FieldNode]) -> Json:
        match field.declaration:
            case Column() as column:
                return self._value(block, field, column)
            case One() as one:
                return self._compiler.one(block, one, nodes)
            case OneOf() as several:
                return self._compiler.one_of(block, several, nodes)
            case Many() as many:
                return self._compiler.many(block, field, many, nodes)
            case Feed() as feed:
                return self._compiler.feed(block, field, feed, nodes)
            case Can():
                return steps_json(self._access, block, field)
            case _:
                raise UnfitDeclaration(f"{field.name}: only a root field can be read so")

    def _value(self, block: Block, field: Field, column: Column) -> Json:
        if column.expression is not None:
            value = column.expression(block, self._access.asker)
        else:
            value = block.c[column.column or field.python_name]
        return value if field.enum is None else enum_names(field.enum, value)

    def _masked(self, block: Block, field: Field, value: Callable[[], Json]) -> Json:
        grant = self._access.field(block.stored.object, field.policy_name)
        if grant is False:
            return NULL
        if grant is True:
            return value()
        return sa.case((block.opens(grant), value()))

    def _hidden(self, type_name: str, block: Block) -> Json:
        """By policy alone: whether or not there is a value, so that nobody learns of one."""
        decided: list[tuple[str, bool | Grant]] = [
            (field.name, self._access.field(block.stored.object, field.policy_name))
            for field in self._registry.masked_fields_of(type_name)
        ]
        open_ = {grant: block.opens(grant) for _, grant in decided if isinstance(grant, Grant)}
        names = [(name, grant) for name, grant in decided if grant is not True]
        return hidden_names(names, list(open_.items()))

    def _can_fields(self, type_name: str, fields: Fields) -> list[Field]:
        names = {nodes[0].name.value for nodes in fields.values()} - {"__typename"}
        found = [self._registry.field(type_name, name) for name in sorted(names)]
        return [field for field in found if isinstance(field.declaration, Can)]

    def _policy_fields(self, type_name: str, fields: Fields) -> list[Field]:
        found: list[Field] = []
        for nodes in fields.values():
            name = nodes[0].name.value
            if name == "__typename":
                continue
            field = self._registry.field(type_name, name)
            if isinstance(field.declaration, Hidden):
                return self._registry.masked_fields_of(type_name)
            if field.is_masked:
                found.append(field)
        return found


def hidden_names(
    names: Sequence[tuple[str, bool | Grant]], undecided: Sequence[tuple[Grant, ColumnElement[bool]]]
) -> Json:
    """The closed fields' names as JSON. Fields share few grants: each is asked once a row, and every
    outcome's list stands in the text; null (nobody is addressed) counts as closed."""
    if len(undecided) > MOST_OUTCOMES:
        return _listed(names, dict(undecided))
    if not undecided:
        return Literal(json.dumps([name for name, grant in names if grant is False]))
    (grant, is_open), *rest = undecided
    opened = [entry for entry in names if entry[1] != grant]
    closed = [(name, False if other == grant else other) for name, other in names]
    return sa.case((is_open, hidden_names(opened, rest)), else_=hidden_names(closed, rest))


def _listed(names: Sequence[tuple[str, bool | Grant]], open_: Mapping[Grant, ColumnElement[bool]]) -> Json:
    """The same where the outcomes are too many to spell out."""
    parts = [
        sa.case((sa.not_(sa.func.coalesce(open_[grant], sa.false())), text_literal(name)))
        if isinstance(grant, Grant)
        else text_literal(name)
        for name, grant in names
    ]
    return sa.func.to_json(sa.func.array_remove(array(parts), sa.null()))


def enum_names(enum: GraphQLEnumType, value: ColumnElement[Any]) -> ColumnElement[Any]:
    """Stored codes as the enum's names: upper case where that is all the difference."""
    codes = codes_of(enum)
    is_list = isinstance(value.type, ARRAY | sa.ARRAY)
    if not are_upper_case(codes):
        return sa.case({code: text_literal(name) for name, code in codes.items()}, value=value)
    if is_list:
        return sa.cast(sa.func.upper(sa.cast(value, sa.Text())), ARRAY(sa.Text()))
    return sa.func.upper(value)
