"""GraphQL of the platform's own terms for referrals."""

import datetime as dt
from typing import Annotated

import strawberry

from libs.reading.declare import column, current, hidden, identity, stored
from libs.reading.node import Node
from libs.serving.session import Payload, perform, written
from libs.serving.user_errors import Refusal
from libs.tenancy.models import REFERRAL_TERMS, platform_settings
from services.platform.members.models import is_askers_platform
from services.platform.members.schema import OrganisationKind
from services.platform.referrals.actions import changing_terms


@stored(platform_settings, object="referral_terms", prefix="referral_terms")
@strawberry.type(
    description="紹介の期限と決まり / how long a referral may wait, and the platform's own rules"
)
class ReferralTerms(Node):
    id: strawberry.ID = identity()
    draft_days: int | None = column(description="下書きの期限(日) / days for a draft")
    draft_urgent_days: int | None = column(description="同・緊急 / likewise, urgent")
    draft_erase_days: int | None = column(
        description="動きのない下書きの文章を消すまで / days until an idle draft's words are erased",
    )
    basis_days: int | None = column(description="同意・根拠確認の期限(日) / days to find the basis")
    basis_urgent_working_days: int | None = column(
        description="同・緊急(開庁日) / likewise, urgent, working days"
    )
    post_days: int | None = column(description="掲示の期限(日) / days on the board")
    post_urgent_working_days: int | None = column(
        description="同・緊急(開庁日) / likewise, urgent, working days"
    )
    answer_urgent_working_days: int | None = column(
        description="緊急の打診への回答期限(開庁日) / working days to answer an urgent one"
    )
    question_working_days: int | None = column(
        description="質問で期限が止まる上限(開庁日) / working days that a question may stop the clock",
    )
    contact_working_days: int | None = column(
        description="受諾後の初回連絡(開庁日) / working days to the first contact"
    )
    contact_urgent_working_days: int | None = column(description="同・緊急 / likewise, urgent")
    progress_days: int | None = column(description="支援中の経過確認(日) / days between looks at progress")
    progress_urgent_days: int | None = column(description="同・緊急 / likewise, urgent")
    progress_grace_days: int | None = column(description="経過確認の猶予(日) / days of grace after that")
    review_days: int | None = column(description="保留の上限(日) / days that a hold may last")
    review_urgent_days: int | None = column(description="同・緊急 / likewise, urgent")
    review_notice_days: int | None = column(
        description="見直しの予告(日前) / days before a review at which it is told"
    )
    confirm_urgent_days: int | None = column(
        description="緊急の紹介の完結確認(日) / days to confirm an urgent one"
    )
    consent_notice_days: int | None = column(
        description="同意満了の予告(日前) / days before a consent's end at which it is told",
    )
    sitting_access_days: int | None = column(
        description="支援会議のあと閲覧できる日数 / days after a sitting for which its bodies read on",
    )
    closed_days: list[dt.date] | None = column(
        description="独自の閉庁日 / closed days beside weekends, holidays and year's end"
    )
    cards_need_approval: bool | None = column(
        description="掲示に事務局の承認がいる / cards wait for the coordinator"
    )
    recipient_kinds: list[OrganisationKind] | None = column(
        description="打診できる団体の種別 / kinds of organisation that may be asked"
    )
    version: int | None = column()
    hidden_fields: list[str] = hidden()


@strawberry.input(description="変える項目だけ渡す / only what is given changes")
class ChangeReferralTermsInput:
    version: int
    draft_days: int | None = None
    draft_urgent_days: int | None = None
    draft_erase_days: int | None = None
    basis_days: int | None = None
    basis_urgent_working_days: int | None = None
    post_days: int | None = None
    post_urgent_working_days: int | None = None
    answer_urgent_working_days: int | None = None
    question_working_days: int | None = None
    contact_working_days: int | None = None
    contact_urgent_working_days: int | None = None
    progress_days: int | None = None
    progress_urgent_days: int | None = None
    progress_grace_days: int | None = None
    review_days: int | None = None
    review_urgent_days: int | None = None
    review_notice_days: int | None = None
    confirm_urgent_days: int | None = None
    consent_notice_days: int | None = None
    sitting_access_days: int | None = None
    closed_days: list[dt.date] | None = None
    cards_need_approval: bool | None = None
    recipient_kinds: list[OrganisationKind] | None = None

    def terms(self) -> changing_terms.NewTerms:
        kinds = self.recipient_kinds
        return changing_terms.NewTerms(
            days={name: getattr(self, name) for name in REFERRAL_TERMS},
            closed_days=self.closed_days,
            cards_need_approval=self.cards_need_approval,
            recipient_kinds=None if kinds is None else [kind.value for kind in kinds],
        )


@strawberry.type
class ReferralTermsPayload(Payload):
    @strawberry.field
    async def terms(self, info: strawberry.Info) -> ReferralTerms | None:
        return await written(info, "ReferralTerms", self)


ReferralTermsResult = Annotated[ReferralTermsPayload | Refusal, strawberry.union("ReferralTermsResult")]


@strawberry.type
class TermsQuery:
    referral_terms: ReferralTerms | None = current(
        "ReferralTerms", where=is_askers_platform, description="紹介の期限と決まり / terms of referrals"
    )


@strawberry.type
class TermsMutation:
    @strawberry.mutation(description="紹介の期限と決まりを変える / change the terms of referrals")
    async def change_referral_terms(
        self, info: strawberry.Info, input: ChangeReferralTermsInput
    ) -> ReferralTermsResult:
        said = input.terms()
        return await perform(
            info,
            ReferralTermsPayload,
            lambda acting: changing_terms.change_terms(acting, input.version, said),
        )
