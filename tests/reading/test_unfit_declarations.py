"""What the service refuses to start with, each beside the declaration that it takes."""

from collections.abc import Callable
from enum import Enum
from typing import Annotated, Any

import pytest
import sqlalchemy as sa
import strawberry
from strawberry.directive import DirectiveLocation, directive
from strawberry.extensions import FieldExtension, SchemaExtension
from strawberry.permission import BasePermission

from libs.errors.problems import NotFound
from libs.policy.predicates import Relations
from libs.policy.rules import Policy
from libs.policy.steps import Guard, Step
from libs.policy.vocabulary import Vocabulary
from libs.reading.declare import (
    METADATA,
    Column,
    Filter,
    Member,
    Order,
    by_id,
    can,
    column,
    connection,
    feed,
    hidden,
    identity,
    listing,
    one,
    one_of,
    stored,
)
from libs.reading.naming import check_policy
from libs.reading.node import Connection
from libs.reading.registry import Registry, UnfitDeclaration

# a table of its own, that no migration knows
NOTE = sa.Table(
    "note_shown",
    sa.MetaData(),
    sa.Column("tenant_id", sa.Uuid(), primary_key=True),
    sa.Column("id", sa.Uuid(), primary_key=True),
    sa.Column("title", sa.Text(), nullable=False),
    sa.Column("kind", sa.Text(), nullable=False),
    sa.Column("score", sa.Float(), nullable=False),
    sa.Column("ended_at", sa.DateTime(timezone=True)),
    sa.Column("parent_id", sa.Uuid()),
)
BY_TITLE = {"TITLE": Order((("title", False),), reads=("title",))}


def never(*_: Any) -> "sa.ColumnElement[bool]":
    return sa.false()


@strawberry.enum
class Kind(Enum):
    ONE = "first kind"


@strawberry.enum
class Sorting(Enum):
    TITLE = "TITLE"
    OTHER = "OTHER"


@strawberry.enum
class Deed(Enum):
    FLY = "fly"


class Nobody(BasePermission):
    message = "no"

    def has_permission(self, *_: Any, **__: Any) -> bool:
        return False


@stored(NOTE, object="note", prefix="other")
@strawberry.type
class Other:
    id: strawberry.ID = identity()
    title: str | None = column()


def registry_with(**fields: Any) -> Registry:
    """Of a type Note with these fields beside its id; a field is (annotation, declaration)."""
    annotations: dict[str, Any] = {"id": strawberry.ID}
    members: dict[str, Any] = {"id": identity()}
    for name, (annotation, declaration) in fields.items():
        members[name] = declaration
        if annotation is not None:
            annotations[name] = annotation
    bare = type("Note", (), {"__annotations__": annotations, "__module__": __name__, **members})
    note: Any = stored(NOTE, object="note", prefix="note")(strawberry.type(bare))
    return registry_of(note)


def registry_of(note: Any, **settings: Any) -> Registry:
    def found(self: Any, id: strawberry.ID) -> None: ...

    found.__annotations__["return"] = note | None
    query = strawberry.type(type("Query", (), {"__module__": __name__, "found": by_id("Note")(found)}))
    return Registry(strawberry.Schema(query, types=[note, Other], **settings))


@stored(NOTE, object="note", prefix="note")
@strawberry.type
class Note:
    id: strawberry.ID = identity()
    title: str | None = column()


def listed(declare: Any, signature: Callable[..., Any]) -> tuple[None, Any]:
    return None, declare(signature)


def hooked(**hooks: Any) -> Any:
    return strawberry.field(metadata={METADATA: Column("title")}, default=None, **hooks)


def plain() -> str:
    return "x"


def page(self: Any, first: int | None = 3) -> list[Other] | None: ...
def endless(self: Any, first: int | None = None) -> list[Other] | None: ...
def wanting(self: Any) -> list[Other] | None: ...
def strict(self: Any, first: int | None = 3) -> list[Other]: ...
def sorted_page(self: Any, first: int | None = 3, order: Sorting | None = None) -> list[Other] | None: ...
def searched(self: Any, first: int | None = 3, search: str | None = None) -> list[Other] | None: ...
def forward(self: Any, first: int | None = 3) -> Connection[Other] | None: ...
def whole(
    self: Any,
    first: int | None = 3,
    after: str | None = None,
    last: int | None = None,
    before: str | None = None,
) -> Connection[Other] | None: ...
def mixed(
    self: Any, first: int | None = 3
) -> list[Annotated[Other | Connection[Other], strawberry.union("Mixed")]] | None: ...


SEARCH = {"search": Filter(lambda row, value: row.c.title == value, reads=("title",))}
TAKEN: dict[str, dict[str, Any]] = {
    "columns": {"title": (str | None, column()), "name": (str | None, column("title"))},
    "links": {"parent": (Other | None, one("Other", on=never)), "hidden_fields": (list[str], hidden())},
    "a list": {"notes": listed(listing("Other"), page)},
    "a list in an order": {"notes": listed(listing("Other", orders=BY_TITLE), page)},
    "a list with a filter": {"notes": listed(listing("Other", filters=SEARCH), searched)},
    "a connection": {"notes": listed(connection("Other"), whole)},
}


@pytest.mark.parametrize("what", TAKEN)
def test_what_is_fit_is_taken(what: str) -> None:
    assert registry_with(**TAKEN[what]).stored.keys() == {"Note", "Other"}


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "a plain resolver": ({"x": (str | None, strawberry.field(resolver=plain))}, "no plain resolvers"),
    "a plain attribute": ({"x": (str | None, None)}, "no plain resolvers"),
    "a permission class": (
        {
            "x": (
                str | None,
                strawberry.field(
                    metadata={METADATA: Column("title")}, permission_classes=[Nobody], default=None
                ),
            )
        },
        "permission classes",
    ),
    "an extension": (
        {
            "x": (
                str | None,
                strawberry.field(
                    metadata={METADATA: Column("title")}, extensions=[FieldExtension()], default=None
                ),
            )
        },
        "permission classes and extensions",
    ),
    "an unknown column": ({"x": (str | None, column())}, "has no column x"),
    "an unknown target": ({"x": (Other | None, one("Nothing", on=never))}, "Nothing is no compiled type"),
    "a target of another type": (
        {"x": (Other | None, one("Note", on=never))},
        "Note is not what the field shows",
    ),
    "a column that may be withheld and is non-null": ({"title": (str, column())}, "must be nullable"),
    "a link that may be hidden and is non-null": ({"x": (Other, one("Other", on=never))}, "must be nullable"),
    "a list that may be withheld and is non-null": (
        {"x": listed(listing("Other"), strict)},
        "must be nullable",
    ),
    "nullable hiddenFields": ({"x": (list[str] | None, hidden())}, "must not be nullable"),
    "an order by a nullable column": (
        {"x": listed(listing("Other", orders={"E": Order((("ended_at", False),), reads=("title",))}), page)},
        "may be null",
    ),
    "an order that no cursor can hold": (
        {"x": listed(listing("Other", orders={"S": Order((("score", False),), reads=("title",))}), page)},
        "no cursor can hold",
    ),
    "an order by an unknown column": (
        {"x": listed(listing("Other", orders={"S": Order((("rank", False),), reads=("title",))}), page)},
        "has no column rank",
    ),
    "an order that does not say what it tells": (
        {"x": listed(listing("Other", orders={"T": Order((("title", False),))}), page)},
        "say in `reads`",
    ),
    "orders without an argument": (
        {"x": listed(listing("Other", orders=BY_TITLE | {"NEWEST": Order(newest_first=True)}), page)},
        "its declaration reads ['first', 'order']",
    ),
    "orders of other names": (
        {"x": listed(listing("Other", orders=BY_TITLE | {"NEWEST": Order(newest_first=True)}), sorted_page)},
        "names of `order`",
    ),
    "a filter without an argument": ({"x": listed(listing("Other", filters=SEARCH), page)}, "'search'"),
    "an argument that nothing reads": ({"x": listed(listing("Other"), searched)}, "'search'"),
    "a list without a page": ({"x": listed(listing("Other"), endless)}, "needs a default"),
    "a list without `first`": ({"x": listed(listing("Other"), wanting)}, "its declaration reads ['first']"),
    "a connection that goes one way": ({"x": listed(connection("Other"), forward)}, "'before'"),
    "a connection that is a list": ({"x": listed(connection("Other"), page)}, "libs.reading.node.Connection"),
    "an unknown column that tells types apart": (
        {"x": (Other | None, one_of("sort", {"a": ("Other", never)}))},
        "has no column sort",
    ),
    "a list of an enum whose names are not its codes": (
        {"x": (list[Kind] | None, column("kind"))},
        "its codes in upper case",
    ),
    "steps that may be withheld and are non-null": ({"x": (list[Deed], can())}, "must be nullable"),
    "steps of no enum": ({"x": (list[str] | None, can())}, "an enum whose names are its steps"),
    "steps that are no list": ({"x": (Deed | None, can())}, "a list of an enum"),
    "steps under other names": ({"x": (list[Kind] | None, can())}, "its steps in upper case"),
    "a feed by a nullable column": (
        {"x": listed(feed(Member("Other", never, "ended_at", ("title",))), page)},
        "may be null",
    ),
    "a feed that does not say what it tells": (
        {"x": listed(feed(Member("Other", never, "title", ())), page)},
        "say in `reads`",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_unfit_is_refused_at_start(what: str) -> None:
    fields, told = REFUSED[what]
    with pytest.raises(UnfitDeclaration) as refusal:
        registry_with(**fields)
    assert told in str(refusal.value)
    assert "Note." in str(refusal.value), "it names the type and the field"


def test_what_hooks_into_execution_is_refused() -> None:
    with pytest.raises(UnfitDeclaration, match="extensions"):
        registry_of(Note, extensions=[SchemaExtension])

    @directive(locations=[DirectiveLocation.FIELD])
    def shout(value: str) -> str:
        return value.upper()

    with pytest.raises(UnfitDeclaration, match="shout"):
        registry_of(Note, directives=[shout])
    assert registry_of(Note).stored


@pytest.mark.parametrize(
    ("prefix", "told"), [("other", "another type"), ("Note", "read back"), ("n1", "read back")]
)
def test_ids_that_could_not_be_told_apart_are_refused(prefix: str, told: str) -> None:
    @stored(NOTE, object="note", prefix=prefix)
    @strawberry.type(name="Note")
    class Ambiguous:
        id: strawberry.ID = identity()

    with pytest.raises(UnfitDeclaration, match=told):
        registry_of(Ambiguous)


WORDS = Vocabulary.of(
    groups={"note.id": "note.card", "note.title": "note.card"}, actions=("note.fly", "note.swim")
)
NAMED = "g, note.id, note.card\ng, note.title, note.card\n"
BY_OWN = Policy.parse(f"{NAMED}p, npo, any, note.card, read, own\n", WORDS)


def own() -> Relations:
    relations = Relations()
    relations.register("note", "own", lambda row, asker: row.c.parent_id == asker.organisation)
    return relations


def test_a_policy_that_names_everything_is_taken() -> None:
    check_policy(registry_with(title=(str | None, column())), BY_OWN, own())


@pytest.mark.parametrize(
    "field",
    [
        (str | None, column("kind")),
        (str | None, column("title", policy="x")),
        (Other | None, one("Other", on=never)),
        listed(listing("Other"), page),
    ],
)
def test_a_field_that_the_policy_does_not_name_is_refused(field: Any) -> None:
    with pytest.raises(UnfitDeclaration, match=r"names note\.x"):
        check_policy(registry_with(x=field), BY_OWN, own())


def test_an_order_or_filter_by_what_the_policy_does_not_name_is_refused() -> None:
    orders = {"T": Order((("title", False),), reads=("heading",))}
    with pytest.raises(UnfitDeclaration, match=r"names note\.heading"):
        check_policy(registry_with(title=listed(listing("Other", orders=orders), page)), BY_OWN, own())
    filters = {"search": Filter(lambda row, value: row.c.title == value, reads=("words",))}
    with pytest.raises(UnfitDeclaration, match=r"names note\.words"):
        check_policy(registry_with(title=listed(listing("Other", filters=filters), searched)), BY_OWN, own())


def test_a_relation_without_sql_is_refused() -> None:
    with pytest.raises(UnfitDeclaration, match="own of note has no SQL"):
        check_policy(registry_with(title=(str | None, column())), BY_OWN, Relations())


def test_a_relation_that_asks_for_what_no_viewer_has_is_refused() -> None:
    relations = Relations()
    unknown = sa.bindparam("viewer_shoe_size", type_=sa.Text())
    relations.register("note", "own", lambda row, _: row.c.kind == unknown)
    with pytest.raises(UnfitDeclaration, match="viewer_shoe_size"):
        check_policy(registry_with(title=(str | None, column())), BY_OWN, relations)


FLYING = Policy.parse(f"{NAMED}p, npo, any, note.card, read, own\np, npo, any, note, fly, own\n", WORDS)


def grounded(_: object) -> NotFound:
    return NotFound()


def flying(*steps: Step) -> None:
    """Of a note that shows what can be done to it by its title's line."""
    relations = own()
    relations.steps.register(*steps)
    fields = {"x": (list[Deed] | None, can(policy="title"))}
    check_policy(registry_with(**fields), FLYING, relations)


def test_a_registered_step_that_the_policy_names_is_taken() -> None:
    flying(Step("note", "fly", (Guard(lambda row, asker: row.c.ended_at > asker.now, grounded),)))


def test_a_step_that_nobody_registered_is_refused() -> None:
    with pytest.raises(UnfitDeclaration, match="fly of note is no registered step"):
        flying(Step("note", "swim"))


def test_a_step_whose_action_the_policy_does_not_name_is_refused() -> None:
    with pytest.raises(UnfitDeclaration, match=r"names the action of note\.fly"):
        flying(Step("note", "fly", policy="swim"))


def test_a_guard_that_asks_for_what_no_viewer_has_is_refused() -> None:
    unknown = sa.bindparam("viewer_shoe_size", type_=sa.Text())
    with pytest.raises(UnfitDeclaration, match="viewer_shoe_size"):
        flying(Step("note", "fly", (Guard(lambda row, _: row.c.kind == unknown, grounded),)))


def test_a_step_is_registered_once() -> None:
    with pytest.raises(ValueError, match="registered already"):
        flying(Step("note", "fly"), Step("note", "fly"))
