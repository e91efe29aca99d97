"""GraphQL of the secretariat: the register of platforms, releases, and published figures."""

from functools import cache

import strawberry
from graphql import GraphQLSchema
from strawberry.schema.config import StrawberryConfig

from services.secretariat.schema.mutation import Mutation
from services.secretariat.schema.query import Query


def build_schema() -> strawberry.Schema:
    return strawberry.Schema(Query, Mutation, config=StrawberryConfig())


@cache
def core_schema() -> GraphQLSchema:
    """What graphql-core executes: the same for every app of the process."""
    return build_schema()._schema  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - strawberry offers no other way to its graphql-core schema
