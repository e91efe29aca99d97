"""GraphQL of services and places offered."""

from services.platform.resources.schema.mutation import ResourcesMutation
from services.platform.resources.schema.query import ResourcesQuery

__all__ = ["ResourcesMutation", "ResourcesQuery"]
