"""What README.md lets its reader say can still be said: each query fits the schema of whom it is said to."""

import re
from pathlib import Path

import pytest
from graphql import GraphQLSchema, build_schema, parse, validate

from services.operator.demo.people import CAST

ROOT = Path(__file__).parents[2]
SAID = re.compile(r"""^say (\d+) (?:'([^']*)'|"((?:\\.|[^"\\])*)")""", re.MULTILINE)
SCHEMAS = {
    name: build_schema((ROOT / "services" / name / "schema.graphql").read_text(encoding="utf-8"))
    for name in ("platform", "secretariat")
}


def said_in(text: str) -> list[tuple[int, str]]:
    """(whose number, GraphQL) as the shell passes it on; in the place of a variable stands a 1."""
    return [
        (int(number), plain or re.sub(r"\$[A-Z]+", "1", quoted.replace('\\"', '"')))
        for number, plain, quoted in SAID.findall(text)
    ]


def schema_of(number: int) -> GraphQLSchema:
    return SCHEMAS["platform" if CAST[number].tenant else "secretariat"]


def test_every_query_of_the_readme_fits() -> None:
    queries = said_in((ROOT / "README.md").read_text(encoding="utf-8"))
    assert len(queries) > 25
    wrong = {query: validate(schema_of(number), parse(query)) for number, query in queries}
    assert {query: errors for query, errors in wrong.items() if errors} == {}


@pytest.mark.parametrize("query", ["say 2 '{ library { name } }'", "say 10 '{ library { title } }'"])
def test_one_that_does_not_fit_is_found(query: str) -> None:
    ((number, text),) = said_in(query)
    assert validate(schema_of(number), parse(text))
