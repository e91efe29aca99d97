"""GraphQL of the rights of the person."""

from services.platform.rights.schema.mutations import RightsMutation
from services.platform.rights.schema.queries import RightsQuery

__all__ = ["RightsMutation", "RightsQuery"]
