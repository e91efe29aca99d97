"""Every way from a list that somebody can ask for to a referral or a case, as the schema has it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from graphql import GraphQLField, GraphQLObjectType, GraphQLSchema, is_required_argument

from libs.reading.fields import named_type, type_of

ENDS: Final = ("Referral", "Case")
DEEPEST: Final = 4
CASE: Final = "__typename id number consents(first: 1) { purpose }"
REFERRAL: Final = f"""__typename id state ask urgency needCategory ageBand area
  sender {{ name }} recipient {{ name }} hiddenFields
  notes(first: 1) {{ body }} offers(first: 1) {{ message }}
  case {{ {CASE} }} previousAttempt {{ ask area }} basedOn {{ ask area }}"""
CONNECTED: Final = "nodes"


@dataclass(frozen=True, slots=True)
class Hop:
    """One field on the way. `connected`: a connection leads on from it. `listed`: a list does."""

    field: str
    connected: bool
    listed: bool


@dataclass(frozen=True, slots=True)
class Path:
    """`arguments`: what the root needs to be asked at all."""

    hops: tuple[Hop, ...]
    end: str
    arguments: str = ""

    @property
    def root(self) -> Hop:
        return self.hops[0]

    @property
    def page(self) -> int:
        """A request may read so many rows and no more: where lists stand in lists, a few at a time."""
        return 10 if any(hop.listed for hop in self.hops) else 100

    @property
    def title(self) -> str:
        return " → ".join(hop.field for hop in self.hops)

    @property
    def document(self) -> str:
        """Asks for one page of it, after a cursor."""
        declared = "$group: ID!, " if self.arguments else ""
        return f"query ({declared}$after: String) {{ {self._selection()} }}"

    def _selection(self) -> str:
        selected = REFERRAL if self.end == "Referral" else CASE
        for hop in reversed(self.hops[1:]):
            selected = f"{hop.field}{'(first: 25)' if hop.listed else ''} {{ {selected} }}"
        asked = f"{self.root.field}({self.arguments}first: {self.page}, after: $after)"
        return f"{asked} {{ totalCount pageInfo {{ hasNextPage endCursor }} nodes {{ id {selected} }} }}"


def paths(schema: GraphQLSchema, given: dict[str, str]) -> list[Path]:
    """From every root that needs nothing but what is `given`, by its name, to every end."""
    assert schema.query_type is not None
    found: list[Path] = []
    for name, field in schema.query_type.fields.items():
        if name in given or not any(map(is_required_argument, field.args.values())):
            found += _from(name, field, given.get(name, ""))
    return found


def _from(name: str, field: GraphQLField, arguments: str) -> Iterator[Path]:
    yield from (Path(hops, end, arguments) for hops, end in _ways((), name, field, frozenset()))


def _ways(
    before: tuple[Hop, ...], name: str, field: GraphQLField, seen: frozenset[str]
) -> Iterator[tuple[tuple[Hop, ...], str]]:
    led = named_type(field)
    if not isinstance(led, GraphQLObjectType):
        return
    connected = CONNECTED in led.fields and led.name.endswith("Connection")
    if connected:
        led = named_type(led.fields[CONNECTED])
    hops = (*before, Hop(name, connected, str(type_of(field)).startswith("[")))
    if not isinstance(led, GraphQLObjectType) or led.name in seen or len(hops) > DEEPEST:
        return
    if led.name in ENDS:
        yield hops, led.name
    if led.name == "Referral":
        return  # its case, and the attempts before it, are asked for with it
    for each, inner in led.fields.items():
        if not any(map(is_required_argument, inner.args.values())):
            yield from _ways(hops, each, inner, seen | {led.name})
