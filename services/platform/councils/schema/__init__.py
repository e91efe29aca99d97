"""GraphQL of the statutory council."""

from services.platform.councils.schema.mutation import CouncilsMutation
from services.platform.councils.schema.query import CouncilsQuery
from services.platform.councils.schema.types import Council, CouncilMember

__all__ = ["Council", "CouncilMember", "CouncilsMutation", "CouncilsQuery"]
