"""Documents that are refused before anything of them runs, beside the largest that are not."""

import pytest
from graphql import (
    GraphQLSyntaxError,
    OperationDefinitionNode,
    build_schema,
    get_introspection_query,
    validate,
)

from libs.errors.problems import TooMuch
from libs.reading.bounds import Limits, check, parse_document

LIMITS = Limits()
SCHEMA = build_schema("type Query { a: Query  b(x: Int): Int }")


def bounded(text: str, limits: Limits = LIMITS) -> None:
    document = parse_document(text, limits)
    operation = next(node for node in document.definitions if isinstance(node, OperationDefinitionNode))
    check(document, operation, limits)


def refused_for(text: str, limits: Limits = LIMITS) -> str:
    with pytest.raises(TooMuch) as refused:
        bounded(text, limits)
    assert str(getattr(limits, refused.value.limit)) in refused.value.en
    assert str(getattr(limits, refused.value.limit)) in refused.value.ja
    return refused.value.limit


def nested(depth: int) -> str:
    return "{a" * (depth - 1) + "{b}" + "}" * (depth - 1)


def doubling(levels: int, leaf: str) -> str:
    spreads = "".join(f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(levels))
    return f"{{ a {{ ...F0 }} }} {spreads} fragment F{levels} on Query {{ {leaf} }}"


AT_THE_BOUND: list[tuple[str, str, str]] = [
    ("depth", nested(15), nested(16)),
    ("depth", "{a{...F}} fragment F on Query " + nested(14), "{a{...F}} fragment F on Query " + nested(15)),
    ("depth", "{" + "...{a{" * 7 + "b" + "}}" * 7 + "}", "{" + "...{a{" * 15 + "b" + "}}" * 15 + "}"),
    (
        "aliases",
        "{a{" + " ".join(f"x{n}:b" for n in range(100)) + "}}",
        "{a{" + " ".join(f"x{n}:b" for n in range(101)) + "}}",
    ),
    (
        "aliases",
        "{a{" + "...F " * 10 + "}} fragment F on Query {" + " ".join(f"x{n}:b" for n in range(10)) + "}",
        "{a{" + "...F " * 10 + "}} fragment F on Query {" + " ".join(f"x{n}:b" for n in range(11)) + "}",
    ),
    ("root_fields", "{" + "b " * 20 + "}", "{" + "b " * 21 + "}"),
    (
        "root_fields",
        "{b ...F} fragment F on Query {" + "b " * 19 + "}",
        "{b ...F} fragment F on Query {" + "b " * 20 + "}",
    ),
    ("directives", "{a{" + "b @x " * 50 + "}}", "{a{" + "b @x " * 51 + "}}"),
    ("directives", "query " + "@x " * 50 + "{b}", "query " + "@x " * 51 + "{b}"),
    (
        "fragments",
        "{b}" + "".join(f"fragment F{n} on Query {{b}}" for n in range(50)),
        "{b}" + "".join(f"fragment F{n} on Query {{b}}" for n in range(51)),
    ),
    (
        "selections",
        "{a{" + " ".join(f"b{n}" for n in range(999)) + "}}",
        "{a{" + " ".join(f"b{n}" for n in range(1_000)) + "}}",
    ),
    ("overlaps", "{a{" + "b " * 77 + "}}", "{a{" + "b " * 79 + "}}"),
    ("tokens", "{a{" + " ".join(f"b{n}" for n in range(5)) + "}}" + "# x\n" * 1_000, "{b}" + "# x\n" * 2_000),
    (
        "introspection_depth",
        get_introspection_query(),
        "{__schema{types{" + "ofType{" * 13 + "name" + "}" * 16,
    ),
]


@pytest.mark.parametrize(("limit", "within", "beyond"), AT_THE_BOUND)
def test_each_limit_admits_its_own_number_and_refuses_the_next(limit: str, within: str, beyond: str) -> None:
    bounded(within)
    assert refused_for(beyond) == limit


def test_a_large_fragment_below_a_field_is_no_root_fields() -> None:
    bounded("{a{...F}} fragment F on Query {" + " ".join(f"b{n}" for n in range(60)) + "}")


def test_a_query_plus_introspection_is_measured_apart() -> None:
    bounded(get_introspection_query().replace("__schema {", "a { b } __schema {", 1))
    assert (
        refused_for("{...F} fragment F on Query{__schema{" + "a{" * 14 + "b" + "}" * 16)
        == "introspection_depth"
    )


@pytest.mark.parametrize("leaf", ["b", "x: b", "...Missing", "a { ...F0 }"])
def test_fragments_that_double_are_costed_once_each(leaf: str) -> None:
    """2^45 fields when written out: a count that visits them does not come back."""
    assert refused_for(doubling(45, leaf)) in ("aliases", "selections")


def test_what_is_wrong_otherwise_is_left_to_validation() -> None:
    for text, complaint in {
        "{...Missing}": "Unknown fragment",
        "{a{...A}} fragment A on Query{a{...B}} fragment B on Query{a{...A}}": "Cannot spread fragment",
        "{...A} fragment A on Query{...A}": "Cannot spread fragment",
    }.items():
        bounded(text)
        errors = validate(SCHEMA, parse_document(text, LIMITS))
        assert complaint in errors[0].message


def test_other_operations_and_unused_fragments_are_held_to_the_limits_too() -> None:
    heavy = "{a{" + "b " * 900 + "}}"
    assert refused_for("query A {b} query B " + heavy) == "overlaps"
    assert refused_for("query A {b} fragment F on Query " + heavy) == "overlaps"


@pytest.mark.parametrize("text", ["{a" * 600, "{b(x:" + "[" * 600, "query($x:" + "[" * 600])
def test_nesting_that_would_exhaust_the_parser_is_refused(text: str) -> None:
    assert refused_for(text) == "depth"


def test_syntax_errors_stay_syntax_errors() -> None:
    with pytest.raises(GraphQLSyntaxError):
        parse_document("{", LIMITS)
