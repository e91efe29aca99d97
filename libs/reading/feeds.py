"""A feed: the newest rows of several types as one list. Keys are merged first, JSON made of the survivors."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from graphql import FieldNode
from sqlalchemy.sql.expression import ColumnElement

from libs.reading.declare import Feed, Member, Row
from libs.reading.fields import Field
from libs.reading.pages import Pages, size_of
from libs.reading.sqljson import json_list, text_literal

if TYPE_CHECKING:
    from libs.reading.compiler import Compiler

Json = ColumnElement[Any]


class Feeds:
    """Compiles `Feed`; each member's rows are filtered by its own row policy."""

    def __init__(self, compiler: "Compiler") -> None:
        self._compiler = compiler

    def json(self, parent: Row, field: Field, feed: Feed, nodes: Sequence[FieldNode]) -> Json:
        compiler = self._compiler
        arguments = compiler.arguments(field.graphql, nodes[0])
        size = size_of(arguments.given("first"), arguments)
        alias = compiler.blocks.alias("k")
        keys = self._merged(parent, feed, Pages(compiler).limit(size), alias)
        compiler.cost.own += len(feed.members)
        with compiler.costing(size):
            tag = sa.literal_column(f"{alias}.tag", sa.Text())
            item = sa.case(
                *(
                    (tag == text_literal(member.target), self._item(member, alias, nodes))
                    for member in feed.members
                )
            )
        return sa.select(json_list(item)).select_from(keys).scalar_subquery()

    def _item(self, member: Member, alias: str, nodes: Sequence[FieldNode]) -> Json:
        identity = sa.literal_column(f"{alias}.id", sa.Uuid())
        return self._compiler.single(member.target, nodes, lambda row: [row.c.id == identity])

    def _merged(self, parent: Row, feed: Feed, limit: Json, alias: str) -> Any:  # noqa: ANN401
        arms = [self._arm(parent, member, limit) for member in feed.members]
        union = sa.union_all(*arms).subquery(self._compiler.blocks.alias("u"))
        return (
            sa.select(union.c.tag, union.c.id)
            .order_by(union.c.at.desc(), union.c.id.desc())
            .limit(limit)
            .subquery(alias)
        )

    def _arm(self, parent: Row, member: Member, limit: Json) -> Any:  # noqa: ANN401
        blocks = self._compiler.blocks
        stored = self._compiler.registry.stored[member.target]
        keys = blocks.keys(
            stored,
            lambda row: [member.on(parent, row), *self._readable(member, row)],
            lambda row: [
                text_literal(member.target).label("tag"),
                row.c.id.label("id"),
                row.c[member.at].label("at"),
            ],
            parent,
        )
        newest = [sa.desc(sa.literal_column(name, sa.Text())) for name in ("at", "id")]
        return sa.select(keys.order_by(*newest).limit(limit).subquery(blocks.alias("u")))

    def _readable(self, member: Member, row: Row) -> list[ColumnElement[bool]]:
        """A row whose place in the feed is withheld is not in it."""
        blocks = self._compiler.blocks
        stored = self._compiler.registry.stored[member.target]
        grants = [blocks.access.field(stored.object, name) for name in member.reads]
        return [blocks.is_open(stored, grant, row) for grant in grants]
