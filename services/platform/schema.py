"""The platform's GraphQL schema: the features' roots side by side."""

import strawberry
from strawberry.schema.config import StrawberryConfig

from libs.reading.declare import by_id
from libs.reading.node import Node
from libs.serving.account import AccountQuery
from services.platform.events.mutations import EventsMutation
from services.platform.events.schema import EventsQuery
from services.platform.groups.schema import GroupsMutation, GroupsQuery
from services.platform.members.schema import MembersMutation, MembersQuery


@strawberry.type
class Query(AccountQuery, EventsQuery, GroupsQuery, MembersQuery):
    @by_id(None)
    def node(self, id: strawberry.ID) -> Node | None:
        """IDで何でも / anything by its global id."""


@strawberry.type
class Mutation(EventsMutation, GroupsMutation, MembersMutation): ...


def build_schema() -> strawberry.Schema:
    return strawberry.Schema(Query, Mutation, config=StrawberryConfig())
