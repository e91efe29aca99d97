"""What of referrals can be taken as a table: what the compiled read shows, so nothing of L2–L4."""

from typing import Final

from libs.serving.exports.declared import Column, Export
from services.platform.referrals.models import words

PAST_DUE: Final = Export(
    "referrals-past-due",
    "期限を過ぎた紹介",
    "Referrals past due",
    """query ReferralsPastDue($first: Int!, $after: String, $state: ReferralState) {
  rows: referralsPastDue(first: $first, after: $after, state: $state) {
    pageInfo { hasNextPage endCursor }
    nodes {
      id state mode ask urgency needCategory ageBand area sender { name } recipient { name }
      workingGroup { name } dueAt sentAt hiddenFields
    }
  }
}""",
    (
        Column("state", "状態", "State", words=words.STATES),
        Column("dueAt", "期限", "Due", "moment"),
        Column("urgency", "緊急度", "Urgency", words=words.URGENCIES),
        Column("ask", "依頼", "Ask"),
        Column("needCategory", "ニーズ", "Need", words=words.NEEDS),
        Column("ageBand", "年代", "Age band", words=words.AGE_BANDS),
        Column("area", "地域", "Area"),
        Column("sender.name", "送り手", "Sender"),
        Column("recipient.name", "受け手", "Recipient"),
        Column("mode", "方法", "Mode", words=words.MODES),
        Column("workingGroup.name", "部会", "Working group"),
        Column("sentAt", "送付日時", "Sent", "moment"),
        Column("id", "ID", "ID"),
    ),
)
UNMET: Final = Export(
    "unmet-needs",
    "応えられなかったニーズ",
    "Unmet needs",
    """query UnmetNeeds($since: Date, $until: Date) {
  rows: unmetNeeds(since: $since, until: $until) { need area month count }
}""",
    (
        Column("month", "月", "Month", "day"),
        Column("need", "ニーズ", "Need", words=words.NEEDS),
        Column("area", "地域", "Area"),
        Column("count", "件数", "Count", "number"),
    ),
)
EXPORTS: Final = (PAST_DUE, UNMET)
