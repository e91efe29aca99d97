"""What a feature's GraphQL type says about itself: which table it shows, and how each field is read.

A declaration is data in `strawberry.field(metadata=…)`; nothing here runs at a request. `reads` names the
policy fields that an order or a filter lets the asker learn about.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

import sqlalchemy as sa
import strawberry

from libs.policy.predicates import Asker

METADATA = "reading"
STORED = "__stored__"

T = TypeVar("T")


class Row(Protocol):
    """A table's row inside a statement; `c` has its columns."""

    @property
    def c(self) -> Any: ...  # noqa: ANN401 - SQLAlchemy's column collection is as loose


Join = Callable[[Row, Row], "sa.ColumnElement[bool]"]
Condition = Callable[[Row, Asker], "sa.ColumnElement[bool]"]
Expression = Callable[[Row, Asker], "sa.ColumnElement[Any]"]


@dataclass(frozen=True, slots=True)
class Stored:
    """A GraphQL type over one table; `object` is its name in the policy, `prefix` that of its ids."""

    table: sa.Table
    object: str
    prefix: str


@dataclass(frozen=True, slots=True)
class Order:
    """Columns (never null) with their direction; the id always follows as the last."""

    columns: tuple[tuple[str, bool], ...] = ()
    reads: tuple[str, ...] = ()
    newest_first: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition over one argument's value, given to SQL as `type` after `convert`."""

    apply: Callable[[Row, "sa.ColumnElement[Any]"], "sa.ColumnElement[bool]"]
    reads: tuple[str, ...]
    type: Any = field(default_factory=sa.Text)
    convert: Callable[[Any], Any] | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """One column, or an expression over the row; `policy` is its field in the policy (default: its name).

    So it is for every field below: the policy decides row by row, and what it withholds is null.
    """

    column: str | None = None
    expression: Expression | None = None
    policy: str | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """The global id: prefix and UUID."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """Names the fields that policy withholds of this row, whether or not a value exists."""


@dataclass(frozen=True, slots=True)
class Can:
    """The steps that the asker may take on the row now; the field's enum names the registered steps."""

    policy: str | None = None


@dataclass(frozen=True, slots=True)
class One:
    """At most one row of another type; null where none, hidden or withheld."""

    target: str
    on: Join
    policy: str | None = None


@dataclass(frozen=True, slots=True)
class OneOf:
    """At most one row of one of several types, told apart by a column's value: an interface or union."""

    column: str
    targets: Mapping[str, tuple[str, Join]]
    policy: str | None = None


@dataclass(frozen=True, slots=True)
class Many:
    """A list, or with `paged` a connection, of the target's rows that the asker may find."""

    target: str
    on: Join | None
    orders: Mapping[str, Order]
    filters: Mapping[str, Filter]
    where: Condition | None
    paged: bool
    policy: str | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """One type of a feed: its rows, and the time column that merges them."""

    target: str
    on: Join
    at: str
    reads: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Feed:
    """The newest rows of several types as one list of a union."""

    members: tuple[Member, ...]
    policy: str | None = None


@dataclass(frozen=True, slots=True)
class ById:
    """A root field that takes an id; `target` None takes any type's."""

    target: str | None


@dataclass(frozen=True, slots=True)
class Current:
    """A root field whose one row follows from who asks."""

    target: str
    where: Condition


@dataclass(frozen=True, slots=True)
class Watch:
    """A subscription's root: the target's row named by argument `id`, read anew at each notice of `topic`."""

    target: str
    topic: str


Declaration = Watch | Column | Identity | Hidden | Can | One | OneOf | Many | Feed | ById | Current


def stored(
    table: sa.Table,
    *,
    object: str,
    prefix: str,
) -> Callable[[type[T]], type[T]]:
    """Marks a strawberry type as read from `table`."""

    def mark(cls: type[T]) -> type[T]:
        setattr(cls, STORED, Stored(table, object, prefix))
        return cls

    return mark


def column(name: str | None = None, *, policy: str | None = None, description: str | None = None) -> Any:  # noqa: ANN401
    return _field(Column(name, None, policy), description)


def computed(expression: Expression, *, policy: str | None = None, description: str | None = None) -> Any:  # noqa: ANN401
    """A total expression over the row: it must not be able to fail for any row."""
    return _field(Column(None, expression, policy), description)


def identity() -> Any:  # noqa: ANN401
    return _field(Identity(), "世界で一つのID / global id")


def hidden() -> Any:  # noqa: ANN401
    return _field(Hidden(), "権限により非表示の項目名 / fields of this row that the policy withholds")


def can(*, policy: str | None = None) -> Any:  # noqa: ANN401
    return _field(Can(policy), "いまこの人ができる操作 / what the viewer may do to this now")


def one(target: str, *, on: Join, policy: str | None = None, description: str | None = None) -> Any:  # noqa: ANN401
    return _field(One(target, on, policy), description)


def one_of(column: str, targets: Mapping[str, tuple[str, Join]], *, policy: str | None = None) -> Any:  # noqa: ANN401
    return _field(OneOf(column, targets, policy), None)


def listing(  # noqa: PLR0913 - a declaration is all of this
    target: str,
    *,
    on: Join | None = None,
    orders: Mapping[str, Order] | None = None,
    filters: Mapping[str, Filter] | None = None,
    where: Condition | None = None,
    policy: str | None = None,
) -> Callable[[Callable[..., Any]], Any]:
    """A list with a `first` argument; its default is the page."""
    return _method(Many(target, on, orders or NEWEST, filters or {}, where, paged=False, policy=policy))


def connection(  # noqa: PLR0913 - likewise
    target: str,
    *,
    on: Join | None = None,
    orders: Mapping[str, Order] | None = None,
    filters: Mapping[str, Filter] | None = None,
    where: Condition | None = None,
    policy: str | None = None,
) -> Callable[[Callable[..., Any]], Any]:
    """A Relay connection: first/after, last/before, totalCount."""
    return _method(Many(target, on, orders or NEWEST, filters or {}, where, paged=True, policy=policy))


def feed(*members: Member, policy: str | None = None) -> Callable[[Callable[..., Any]], Any]:
    """A list of a union, newest first, with a `first` argument; its default is the page."""
    return _method(Feed(members, policy))


def by_id(target: str | None) -> Callable[[Callable[..., Any]], Any]:
    return _method(ById(target))


def watch(target: str, *, topic: str) -> Callable[[Callable[..., Any]], Any]:
    """A subscription with an `id` argument; features tell `topic` with that row's id."""

    def mark(signature: Callable[..., Any]) -> Any:  # noqa: ANN401
        return strawberry.subscription(
            resolver=signature, metadata={METADATA: Watch(target, topic)}, description=signature.__doc__
        )

    return mark


def current(target: str, *, where: Condition, description: str | None = None) -> Any:  # noqa: ANN401
    return _field(Current(target, where), description)


# ids are UUIDv7: their order is the order of making, and the id is visible wherever the row is
NEWEST: Mapping[str, Order] = {"NEWEST": Order(newest_first=True)}


def _field(declaration: Declaration, description: str | None) -> Any:  # noqa: ANN401
    return strawberry.field(metadata={METADATA: declaration}, description=description, default=None)


def _method(declaration: Declaration) -> Callable[[Callable[..., Any]], Any]:
    def mark(signature: Callable[..., Any]) -> Any:  # noqa: ANN401
        return strawberry.field(
            resolver=signature, metadata={METADATA: declaration}, description=signature.__doc__
        )

    return mark
