"""GraphQL of cases and referrals."""

from services.platform.referrals.schema.mutations import ReferralsMutation
from services.platform.referrals.schema.queries import ReferralsQuery

__all__ = ["ReferralsMutation", "ReferralsQuery"]
