"""A feed: the newest rows of several types as one list. Keys are merged first, JSON made for survivors only."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from graphql import FieldNode
from sqlalchemy.sql.expression import ColumnElement

from libs.reading.declare import Feed, Member, Row
from libs.reading.lists import EMPTY
from libs.reading.plan import Size
from libs.reading.registry import Field
from libs.reading.sqljson import text_literal

if TYPE_CHECKING:
    from libs.reading.compiler import Compiler

Json = ColumnElement[Any]


class Feeds:
    def __init__(self, compiler: "Compiler") -> None:
        self._compiler = compiler

    def json(self, parent: Row, field: Field, feed: Feed, nodes: Sequence[FieldNode]) -> Json:
        compiler = self._compiler
        given = compiler.arguments(field.graphql, nodes[0])
        asked = given.given("first") or given.default("first")
        if asked is None:
            raise LookupError("a feed declares a default for `first`")
        size = Size(asked.name, asked.get)
        limit = compiler.bind(size.value, sa.BigInteger())
        alias = compiler.blocks.alias("k")
        keys = self._merged(parent, feed, limit, alias)
        with compiler.costing(size):
            item = sa.case(
                *(
                    (
                        sa.literal_column(f"{alias}.tag") == text_literal(member.target),
                        self._item(member, alias, nodes),
                    )
                    for member in feed.members
                )
            )
        listed = sa.func.json_agg(item)
        return sa.select(sa.func.coalesce(listed, EMPTY)).select_from(keys).scalar_subquery()

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
            lambda row: [
                member.on(parent, row),
                *(
                    blocks.is_open(stored, blocks.access.field(stored.object, name), row)
                    for name in member.reads
                ),
            ],
            lambda row: [
                text_literal(member.target).label("tag"),
                row.c.id.label("id"),
                row.c[member.at].label("at"),
            ],
        )
        ordered = keys.order_by(sa.desc(sa.literal_column("at")), sa.desc(sa.literal_column("id"))).limit(
            limit
        )
        inner = ordered.subquery(blocks.alias("u"))
        return sa.select(inner)
