"""The platform's GraphQL schema: the features' roots side by side."""

import strawberry
from strawberry.schema.config import StrawberryConfig

from libs.reading.declare import by_id
from libs.reading.node import Node
import services.platform.groups.models  # noqa: F401 - registers its relations until its schema does
from services.platform.members.schema import MembersMutation, MembersQuery


@strawberry.type
class Query(MembersQuery):
    @by_id(None)
    def node(self, id: strawberry.ID) -> Node | None:
        """IDで何でも / anything by its global id."""
        ...


@strawberry.type
class Mutation(MembersMutation): ...


def build_schema() -> strawberry.Schema:
    return strawberry.Schema(Query, Mutation, config=StrawberryConfig())
