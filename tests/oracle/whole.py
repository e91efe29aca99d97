"""Documents that ask for everything of one type: each field, link and list, of several rows at once."""

from collections.abc import Iterable

from graphql import GraphQLObjectType, GraphQLSchema

from libs.reading.fields import named_type
from tests.oracle import oddities
from tests.oracle.seeing import PREFIX_OF, TABLE_OF
from tests.reading.world import World

AT_ONCE = 10


def document(schema: GraphQLSchema, type_name: str, rows: int = AT_ONCE) -> str:
    """Takes ids as `$i0`, `$i1` …; each row answers under `r0`, `r1` …"""
    declared = ", ".join(f"$i{number}: ID!" for number in range(rows))
    asked = " ".join(f"r{number}: node(id: $i{number}) {{ ...Whole }}" for number in range(rows))
    of = schema.type_map[type_name]
    assert isinstance(of, GraphQLObjectType)
    fields = " ".join(_field(of, name) for name in of.fields if not oddities.is_left_out(type_name, name))
    return f"query ({declared}) {{ {asked} }} fragment Whole on {type_name} {{ {fields} }}"


def _field(of: GraphQLObjectType, name: str) -> str:
    named = named_type(of.fields[name])
    if not isinstance(named, GraphQLObjectType):
        return name
    if named.name.endswith("Connection"):
        return (
            f"{name} {{ totalCount edges {{ cursor node {{ id }} }} pageInfo {{ hasNextPage endCursor }} }}"
        )
    return f"{name} {{ id }}"


def ids_of(type_name: str, world: World) -> list[str]:
    return [f"{PREFIX_OF[type_name]}_{row['id']}" for row in world.all(TABLE_OF[type_name])]


def in_parts(ids: list[str], size: int = AT_ONCE) -> Iterable[dict[str, str]]:
    """Variables for as many rows as a document takes; the last part is filled up with the first ids."""
    for start in range(0, len(ids), size):
        part = [*ids[start : start + size], *ids][:size] if len(ids) >= size else (ids * size)[:size]
        yield {f"i{number}": each for number, each in enumerate(part)}
