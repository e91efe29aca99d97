"""GraphQL of members: the directory, one's own person, applications and people, the platform itself."""

from services.platform.members.schema.mutation import MembersMutation
from services.platform.members.schema.query import MembersQuery
from services.platform.members.schema.types import (
    Organisation,
    OrganisationKind,
    OrganisationStatus,
    Person,
    Platform,
    Role,
)

__all__ = [
    "MembersMutation",
    "MembersQuery",
    "Organisation",
    "OrganisationKind",
    "OrganisationStatus",
    "Person",
    "Platform",
    "Role",
]
