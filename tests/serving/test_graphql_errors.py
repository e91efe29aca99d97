"""How errors are shaped, and that no suggestion of graphql-core reaches who may not see the schema."""

import re
from pathlib import Path
from typing import Any

import graphql
import pytest
from graphql import GraphQLError, build_schema, execution, parse, validate

from libs.errors.problems import InProgress, InvalidInput, KeyReused, NotFound, StaleVersion, Unauthenticated
from libs.serving.errors import outcome_of, refusal, shape, shape_graphql, without_suggestions
from libs.serving.problems import BadRequest, RateLimited

EXECUTION: Any = execution  # graphql-core leaves its middleware untyped
SCHEMA = build_schema("""
  directive @quietly(ifSo: Boolean) on FIELD
  type Query { case: Case  cases(kind: Kind, filter: Filter): [Case]  node: Node }
  enum Kind { REFERRAL }
  input Filter { organisation: String  inner: Filter }
  interface Node { id: ID }
  type Case implements Node { id: ID  narrative: String }
""")

# One document per place where graphql-core suggests (some others are about the schema's own language).
SUGGESTING: dict[str, tuple[str, dict[str, Any]]] = {
    "field": ("{ cas { id } }", {}),
    "field on a subtype": ("{ node { narrative } }", {}),
    "selection": ("{ case }", {}),
    "argument": ("{ cases(kin: REFERRAL) { id } }", {}),
    "directive's argument": ("{ case @quietly(ifSoo: true) { id } }", {}),
    "type": ("query($f: Filte) { cases(filter: $f) { id } }", {}),
    "type of a fragment": ("{ case { ... on Cas { id } } }", {}),
    "enum": ("{ cases(kind: REFERAL) { id } }", {}),
    "enum as string": ('{ cases(kind: "REFERRAL") { id } }', {}),
    "input field": ('{ cases(filter: {organisatio: "x"}) { id } }', {}),
    "enum variable": ("query($k: Kind) { cases(kind: $k) { id } }", {"k": "REFERAL"}),
    "input field variable": ("query($f: Filter) { cases(filter: $f) { id } }", {"f": {"organisatio": "x"}}),
    "nested variable": ("query($f: Filter) { cases(filter: $f) { id } }", {"f": {"inner": {"inne": {}}}}),
    "a value that pretends": (
        "query($k: Kind) { cases(kind: $k) { id } }",
        {"k": "REFERAL? Did you mean nothing? did you mean"},
    ),
}


def complaints(document: str, variables: dict[str, Any]) -> list[GraphQLError]:
    parsed = parse(document)
    if errors := validate(SCHEMA, parsed):
        return errors
    return EXECUTION.execute_sync(SCHEMA, parsed, variable_values=variables).errors or []


@pytest.mark.parametrize("name", [name for name in SUGGESTING if name != "a value that pretends"])
def test_every_kind_of_suggestion_is_stripped_for_anonymous_callers(name: str) -> None:
    (error,) = complaints(*SUGGESTING[name])
    assert "did you mean" in error.message.lower()  # the control: graphql-core does suggest here
    stripped = str(shape_graphql(error, "en", anonymous=True))
    assert "did you mean" not in stripped.lower()
    known = shape_graphql(error, "en", anonymous=False)
    assert known["message"] == error.message


def test_a_value_cannot_smuggle_a_suggestion_through() -> None:
    (error,) = complaints(*SUGGESTING["a value that pretends"])
    assert "REFERRAL" not in without_suggestions(error.message)


def test_messages_without_suggestions_stay_as_they_are() -> None:
    for document in ("{ zzzzzz }", "query($a: Kind!, $a: Kind) { case { id } }", "{ case { id { x } } }"):
        for error in complaints(document, {}):
            assert without_suggestions(error.message) == error.message
            assert error.message


def test_no_place_that_suggests_in_graphql_core_is_unknown_here() -> None:
    """A new version that suggests elsewhere fails here: give it a document above, then raise the number."""
    package = Path(graphql.__file__).parent
    calls = re.compile(r"(?<!def )\bdid_you_mean\w*\(|[\"' ][Dd]id you mean[: ]")
    places = {
        f"{path.relative_to(package)}:{number}"
        for path in package.rglob("*.py")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if calls.search(line) and not line.strip().startswith(('"""', "#"))
    }
    by_file: dict[str, int] = {}
    for place in places:
        file = place.rpartition(":")[0]
        by_file[file] = by_file.get(file, 0) + 1
    assert by_file == {
        "language/lexer.py": 3,  # punctuation: says nothing of the schema
        "pyutils/did_you_mean.py": 1,
        "type/definition.py": 5,
        "type/validate.py": 1,  # when the schema itself is built
        "utilities/validate_input_value.py": 2,
        "validation/rules/fields_on_correct_type.py": 2,
        "validation/rules/known_argument_names.py": 3,
        "validation/rules/known_type_names.py": 1,
        "validation/rules/possible_type_extensions.py": 1,  # schema language only
        "validation/rules/scalar_leafs.py": 1,
    }


def test_a_problem_shows_its_texts_and_particulars_but_no_reason() -> None:
    assert shape(StaleVersion(7), "ja")["extensions"]["current"] == 7
    shown = shape(InvalidInput("kana", "かな", "kana", detail="NOT_KANA"), "en")
    assert shown == {
        "message": "kana",
        "extensions": {
            "code": "INVALID_INPUT",
            "ja": "かな",
            "en": "kana",
            "field": "kana",
            "detail": "NOT_KANA",
        },
    }
    assert "stolen" not in str(shape(Unauthenticated("stolen"), "ja"))


def test_outcomes_and_headers_of_refused_requests() -> None:
    refusals = [
        Unauthenticated("x"),
        NotFound(),
        InProgress(),
        KeyReused(),
        BadRequest("", ""),
        StaleVersion(1),
    ]
    assert [outcome_of(each) for each in refusals] == [
        "unauthenticated",
        "not_found",
        "in_progress",
        "key_reused",
        "bad_request",
        "request_error",
    ]
    assert refusal(RateLimited(30), "ja").headers == ((b"retry-after", b"30"),)
