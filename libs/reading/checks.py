"""What the service refuses to start with: declarations whose reads could fail, leak, or answer wrongly."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import strawberry
from graphql import (
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    Undefined,
    is_abstract_type,
    specified_directives,
)
from strawberry.types.field import StrawberryField

from libs.reading import cursors, ids
from libs.reading.declare import (
    ById,
    Can,
    Column,
    Current,
    Feed,
    Hidden,
    Identity,
    Many,
    One,
    OneOf,
    Order,
    Stored,
    Watch,
)
from libs.reading.fields import Field, UnfitDeclaration, are_upper_case, codes_of, named_type, type_of

PAGE_ARGUMENTS: Final = frozenset({"first"})
CONNECTION_ARGUMENTS: Final = PAGE_ARGUMENTS | {"after", "last", "before"}
CONNECTION_FIELDS: Final = {"edges", "nodes", "pageInfo", "totalCount"}


def check_schema(schema: strawberry.Schema) -> None:
    """Nothing may hook into execution: compiled reads would pass it by."""
    if schema.extensions:
        raise UnfitDeclaration("schema extensions do not run in compiled reads")
    known = {directive.name for directive in specified_directives}
    unknown = [each.name for each in schema._schema.directives if each.name not in known]  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - as in the registry
    if unknown:
        raise UnfitDeclaration(f"compiled reads know the directives {sorted(known)} alone, not {unknown}")


def check_prefix(name: str, prefix: str) -> None:
    if not ids.is_prefix(prefix):
        raise UnfitDeclaration(f"{name}: ids with the prefix {prefix!r} could not be read back")


def check_extras(name: str, field: StrawberryField) -> None:
    extras: list[Any] = [*field.permission_classes, *field.extensions]
    if extras:
        raise UnfitDeclaration(
            f"{name}.{field.python_name}: permission classes and extensions do not run in compiled reads; "
            "say it in the policy"
        )


def check_plain(stored: Mapping[str, Stored], plain: Iterable[tuple[str, StrawberryField]]) -> None:
    for name, field in plain:
        if name in stored:
            raise UnfitDeclaration(
                f"{name}.{field.python_name}: a compiled type has no plain resolvers; "
                "declare how the field is read"
            )


def check_field(schema: GraphQLSchema, stored: Mapping[str, Stored], name: str, field: Field) -> None:
    """Raises UnfitDeclaration with the type, the field and what to mend."""
    check = _Check(schema, stored, name, field)
    check.targets()
    check.nullability()
    match field.declaration:
        case Many() as many:
            check.many(many)
        case Feed() as feed:
            check.feed(feed)
        case Column() as column:
            check.column(column)
        case OneOf(column=column):
            check.has_column(stored[name], column)
        case Can():
            check.can()
        case _:
            pass


class _Check:
    def __init__(self, schema: GraphQLSchema, stored: Mapping[str, Stored], name: str, field: Field) -> None:
        self._schema = schema
        self._stored = stored
        self._name = name
        self._field = field

    def targets(self) -> None:
        shown: Any = named_type(self._field.graphql)
        if isinstance(self._field.declaration, Many) and self._field.declaration.paged:
            shown = self._of_connection(shown)
        for target in _targets(self._field):
            if target not in self._stored:
                raise self._unfit(f"{target} is no compiled type")
            concrete = self._schema.type_map[target]
            fits = is_abstract_type(shown) and self._schema.is_sub_type(shown, concrete)
            if shown.name != target and not fits:
                raise self._unfit(f"{target} is not what the field shows ({shown.name})")

    def nullability(self) -> None:
        """A field that the policy may withhold is nullable, so that withholding is never an error."""
        non_null = isinstance(type_of(self._field.graphql), GraphQLNonNull)
        if self._name in self._stored and self._field.is_masked and non_null:
            raise self._unfit("the policy may withhold it, so it must be nullable")
        if isinstance(self._field.declaration, Identity | Hidden) and not non_null:
            raise self._unfit("never withheld, so it must not be nullable")
        if isinstance(self._field.declaration, ById | Current) and non_null:
            raise self._unfit("there may be no such row, so it must be nullable")

    def many(self, many: Many) -> None:
        page = CONNECTION_ARGUMENTS if many.paged else PAGE_ARGUMENTS
        ordered = {"order"} if len(many.orders) > 1 else set[str]()
        self._arguments(page | ordered | set(many.filters))
        if ordered and set(codes_of(self._order_enum()).values()) != set(many.orders):
            raise self._unfit("the names of `order` must be those of the orders declared")
        for order in many.orders.values():
            self._order(self._stored[many.target], order)

    def feed(self, feed: Feed) -> None:
        self._arguments(PAGE_ARGUMENTS)
        for member in feed.members:
            stored = self._stored[member.target]
            self.has_column(stored, member.at)
            if stored.table.c[member.at].nullable:
                raise self._unfit(f"order column {member.at} may be null")
            if not member.reads:
                raise self._unfit(f"say in `reads` what the order by {member.at} tells")

    def column(self, column: Column) -> None:
        if column.expression is None:
            self.has_column(self._stored[self._name], column.column or self._field.python_name)
        enum, is_list = self._field.enum, isinstance(type_of(self._field.graphql), GraphQLList)
        if enum is not None and is_list and not are_upper_case(codes_of(enum)):
            raise self._unfit("a list of this enum needs names that are its codes in upper case")

    def can(self) -> None:
        enum, is_list = self._field.enum, isinstance(type_of(self._field.graphql), GraphQLList)
        if enum is None or not is_list or not are_upper_case(codes_of(enum)):
            raise self._unfit("a list of an enum whose names are its steps in upper case")

    def has_column(self, stored: Stored, name: str) -> None:
        if name not in stored.table.c:
            raise self._unfit(f"{stored.table.name} has no column {name}")

    def _order(self, stored: Stored, order: Order) -> None:
        for name, _ in order.columns:
            self.has_column(stored, name)
            if not cursors.can_hold(stored.table.c[name]):
                raise self._unfit(f"order column {name} may be null, or is of a type that no cursor can hold")
        if order.columns and not order.reads:
            raise self._unfit("say in `reads` what the order tells")

    def _arguments(self, expected: Iterable[str]) -> None:
        """Exactly these: one that nothing reads would be ignored in silence."""
        given = self._field.graphql.args
        if set(given) != set(expected):
            raise self._unfit(f"its arguments are {sorted(given)}, its declaration reads {sorted(expected)}")
        default: Any = given["first"].default_value
        if default is Undefined or default is None:
            raise self._unfit("`first` needs a default: the page")

    def _order_enum(self) -> Any:  # noqa: ANN401
        return named_type(self._field.graphql.args["order"])

    def _of_connection(self, connection: Any) -> Any:  # noqa: ANN401
        if not isinstance(connection, GraphQLObjectType) or set(connection.fields) != CONNECTION_FIELDS:
            raise self._unfit("a connection is libs.reading.node.Connection")
        return named_type(connection.fields["nodes"])

    def _unfit(self, mend: str) -> UnfitDeclaration:
        return UnfitDeclaration(f"{self._name}.{self._field.name}: {mend}")


def _targets(field: Field) -> list[str]:
    match field.declaration:
        case One(target=target) | Many(target=target) | Current(target=target) | Watch(target=target):
            return [target]
        case OneOf(targets=targets):
            return [target for target, _ in targets.values()]
        case Feed(members=members):
            return [member.target for member in members]
        case ById(target=target):
            return [target] if target else []
        case _:
            return []
