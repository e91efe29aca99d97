"""GraphQL of the policy."""

from services.platform.policies.schema.mutation import PoliciesMutation
from services.platform.policies.schema.query import PoliciesQuery

__all__ = ["PoliciesMutation", "PoliciesQuery"]
