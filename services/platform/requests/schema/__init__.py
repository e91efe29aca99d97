"""GraphQL of requests for help: what the desk sees and does, and what the coordinator sets."""

from services.platform.requests.schema.mutation import RequestsMutation
from services.platform.requests.schema.types import RequestsQuery

__all__ = ["RequestsMutation", "RequestsQuery"]
