"""The feature's mutations side by side."""

import strawberry

from services.platform.referrals.schema.cards import CardsMutation
from services.platform.referrals.schema.cases import CasesMutation
from services.platform.referrals.schema.changes import ChangesMutation
from services.platform.referrals.schema.exchange import ExchangeMutation
from services.platform.referrals.schema.loop import LoopMutation
from services.platform.referrals.schema.ownership import OwnershipMutation
from services.platform.referrals.schema.revealing import RevealMutation
from services.platform.referrals.schema.terms import TermsMutation


@strawberry.type
class ReferralsMutation(
    CasesMutation,
    CardsMutation,
    ChangesMutation,
    LoopMutation,
    ExchangeMutation,
    OwnershipMutation,
    RevealMutation,
    TermsMutation,
): ...
