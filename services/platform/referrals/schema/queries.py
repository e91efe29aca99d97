"""Where people find cards, referrals and cases."""

import sqlalchemy as sa
import strawberry

from libs.reading import ids
from libs.reading.declare import Filter, by_id, connection
from libs.reading.node import Connection
from services.platform.referrals.models import relations
from services.platform.referrals.schema.enums import CaseState, Need, ReferralState, Urgency
from services.platform.referrals.schema.ledger import LedgerQuery
from services.platform.referrals.schema.terms import TermsQuery
from services.platform.referrals.schema.types import Case, Consent, Referral

GROUP_PREFIX = "working_group"

STATE = Filter(lambda row, value: row.c.state == value, reads=("state",))
BOARD_FILTERS = {
    "workingGroupId": Filter(
        lambda row, value: row.c.working_group_id == value,
        reads=("working_group",),
        type=sa.Uuid(),
        convert=lambda text: ids.of_type(GROUP_PREFIX, text, "workingGroupId"),
    ),
    "state": STATE,
    "need": Filter(lambda row, value: row.c.need_category == value, reads=("need_category",)),
    "urgency": Filter(lambda row, value: row.c.urgency == value, reads=("urgency",)),
}


@strawberry.type
class ReferralsQuery(TermsQuery, LedgerQuery):
    @by_id("Referral")
    def referral(self, id: strawberry.ID) -> Referral | None:
        """紹介またはカードをIDで / one referral or card by id"""

    @by_id("Case")
    def case(self, id: strawberry.ID) -> Case | None:
        """ケースをIDで / one case by id, of one's own organisation"""

    @by_id("Consent")
    def consent(self, id: strawberry.ID) -> Consent | None:
        """同意をIDで / one consent by id, of one's own organisation's case"""

    @connection("Referral", filters=BOARD_FILTERS, where=relations.is_posted)
    def board(  # noqa: PLR0913 - GraphQL arguments
        self,
        working_group_id: strawberry.ID,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        state: ReferralState | None = None,
        need: Need | None = None,
        urgency: Urgency | None = None,
    ) -> Connection[Referral] | None:
        """部会の掲示板(新しい順) / the cards of one working group, newest first"""

    @connection("Referral", filters={"state": STATE}, where=relations.is_sender)
    def referrals_sent(
        self,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        state: ReferralState | None = None,
    ) -> Connection[Referral] | None:
        """自団体が送った紹介 / those that one's own organisation keeps or sent"""

    @connection("Referral", filters={"state": STATE}, where=relations.was_addressed)
    def referrals_received(
        self,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        state: ReferralState | None = None,
    ) -> Connection[Referral] | None:
        """自団体が受けた打診 / those that one's own organisation was asked to take on"""

    @connection("Referral", filters={"state": STATE}, where=lambda row, _: row.c.past_due)
    def referrals_past_due(
        self,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        state: ReferralState | None = None,
    ) -> Connection[Referral] | None:
        """期限を過ぎた紹介 / those whose time is over: the coordinator's list, and each party's own"""

    @connection("Case", filters={"state": STATE}, where=relations.holds_case)
    def my_cases(
        self,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        state: CaseState | None = None,
    ) -> Connection[Case] | None:
        """自団体のケース / the cases of one's own organisation"""
