"""The feature's mutations side by side."""

import strawberry

from services.platform.referrals.schema.cards import CardsMutation
from services.platform.referrals.schema.cases import CasesMutation
from services.platform.referrals.schema.loop import LoopMutation
from services.platform.referrals.schema.revealing import RevealMutation


@strawberry.type
class ReferralsMutation(CasesMutation, CardsMutation, LoopMutation, RevealMutation): ...
