"""All that a type holds, asked for at once: its plain fields, and those of what hangs on it."""

from collections.abc import Iterator

from graphql import GraphQLField, GraphQLObjectType, is_leaf_type, is_required_argument

from libs.reading.fields import named_type

ITEMS = "nodes"


def selection(of: GraphQLObjectType, depth: int) -> str:
    """Its fields that need no argument, and theirs so many levels down."""
    return " ".join(("__typename", *_fields(of, depth)))


def _fields(of: GraphQLObjectType, depth: int) -> Iterator[str]:
    for name, field in of.fields.items():
        if not any(map(is_required_argument, field.args.values())):
            yield from _field(name, field, depth)


def _field(name: str, field: GraphQLField, depth: int) -> Iterator[str]:
    led = named_type(field)
    if is_leaf_type(led):
        yield name
    elif isinstance(led, GraphQLObjectType) and depth:
        items = led.fields.get(ITEMS)
        first = "(first: 3)" if "first" in field.args else ""
        if items is None:
            yield f"{name}{first} {{ {selection(led, depth - 1)} }}"
            return
        inner = named_type(items)
        assert isinstance(inner, GraphQLObjectType)
        yield f"{name}{first} {{ totalCount {ITEMS} {{ {selection(inner, depth - 1)} }} }}"
