"""GraphQL of working groups."""

from services.platform.groups.schema.mutation import GroupsMutation
from services.platform.groups.schema.query import GroupsQuery
from services.platform.groups.schema.types import (
    Audience,
    File,
    GroupState,
    Post,
    Quorum,
    Seat,
    SeatRequest,
    WorkingGroup,
)

__all__ = [
    "Audience",
    "File",
    "GroupState",
    "GroupsMutation",
    "GroupsQuery",
    "Post",
    "Quorum",
    "Seat",
    "SeatRequest",
    "WorkingGroup",
]
