"""The closed list of what people are told, with its words: none names a person or an organisation."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

GROUPS: Final = ("referrals", "deadlines", "protection", "board", "platform")
"""What a person chooses mail for: steps of referrals, the clock, lawful basis, cards, all else."""


@dataclass(frozen=True, slots=True)
class Kind:
    """`urgent`: mailed at once unless the person chose otherwise; else gathered into the day's digest."""

    name: str
    group: str
    urgent: bool
    ja: str
    en: str


def _now(group: str, name: str, ja: str, en: str) -> Kind:
    return Kind(name, group, urgent=True, ja=ja, en=en)


def _gathered(group: str, name: str, ja: str, en: str) -> Kind:
    return Kind(name, group, urgent=False, ja=ja, en=en)


_REFERRALS: Final = (
    _now("referrals", "referral_sent", "新しい打診が届きました。", "A referral waits for your answer."),
    _now("referrals", "referral_accepted", "打診が受諾されました。", "A referral was accepted."),
    _now("referrals", "referral_declined", "打診が辞退されました。", "A referral was declined."),
    _now(
        "referrals", "referral_returned", "受けた紹介が戻されました。", "An accepted referral was returned."
    ),
    _now("referrals", "referral_expired", "打診が期限切れになりました。", "A referral expired unanswered."),
    _now("referrals", "referral_withdrawn", "打診が取り下げられました。", "A referral was withdrawn."),
    _gathered("referrals", "support_started", "支援が始まりました。", "Support has begun."),
    _gathered("referrals", "put_on_hold", "支援が保留になりました。", "A referral was put on hold."),
    _gathered("referrals", "resumed", "支援が再開されました。", "A referral was resumed."),
    _now("referrals", "outcome_reported", "支援の結果が報告されました。", "An outcome was reported."),
    _gathered("referrals", "loop_confirmed", "紹介の完結が確認されました。", "A closed loop was confirmed."),
    _gathered(
        "referrals",
        "closed_unconfirmed",
        "確認のないまま期限が過ぎ、紹介が完結しました。",
        "A referral closed without confirmation.",
    ),
    _now(
        "referrals",
        "reopen_requested",
        "支援の再開を求められています。",
        "You are asked to reopen a referral.",
    ),
    _gathered("referrals", "reopened", "紹介が再開されました。", "A referral was reopened."),
    _now(
        "referrals", "question_asked", "紹介について質問が届きました。", "A question about a referral waits."
    ),
    _now("referrals", "question_answered", "質問に回答がありました。", "A question was answered."),
    _now("referrals", "handed_on", "紹介の引き継ぎを求められています。", "A referral is to be handed on."),
    _gathered("referrals", "hand_on_accepted", "引き継ぎが受諾されました。", "A hand-on was accepted."),
    _now("referrals", "transfer_requested", "担当の移管を求められています。", "A transfer is requested."),
    _gathered("referrals", "transfer_accepted", "担当の移管が承認されました。", "A transfer was accepted."),
    _now("referrals", "transfer_declined", "担当の移管は見送られました。", "A transfer was declined."),
    _gathered(
        "referrals",
        "transfer_withdrawn",
        "移管の求めが取り下げられました。",
        "A request for a transfer was withdrawn.",
    ),
    _now("referrals", "assigned", "紹介の担当になりました。", "A referral was assigned to you."),
    _now("referrals", "void_requested", "誤登録の取消しを求められています。", "A referral is to be voided."),
    _gathered("referrals", "voided", "紹介が誤登録として取り消されました。", "A referral was voided."),
    _gathered(
        "referrals", "link_used", "署名付きリンクから回答がありました。", "A signed link was answered."
    ),
    _now(
        "referrals",
        "link_ended",
        "確認コードの誤りが続いたため、回答リンクが無効になりました。",
        "A signed link ended after too many wrong codes.",
    ),
    _now(
        "referrals",
        "link_to_send",
        "打診先に回答できる人がいません。回答リンクを送り、電話で伝えてください。",
        "The recipient has nobody to answer: send it a link, and tell it by telephone.",
    ),
    _now(
        "referrals",
        "nobody_receives",
        "打診先に、打診を受け取れる人も業務用メールもありません。電話などで連絡してください。",
        "Nobody at the recipient can receive a referral: reach it by telephone.",
    ),
    _now(
        "referrals",
        "recipient_suspended",
        "打診先・受け手の団体の会員資格が停止されました。対応をご確認ください。",
        "The recipient of a referral was suspended. See whether somebody else has to be asked.",
    ),
    _now(
        "referrals",
        "sender_suspended",
        "送り手の団体の会員資格が停止されました。支援は続けられます。困ったときは事務局にご相談ください。",
        "The sender of a referral was suspended. Go on; ask the coordinator where you need an answer.",
    ),
    _now(
        "referrals",
        "recipient_left",
        "打診先・受け手の団体が退会しました。下書きからほかの団体に打診してください。",
        "The recipient of a referral left the platform. Ask another one from the draft.",
    ),
    _now(
        "referrals",
        "sender_left",
        "送り手の団体が退会したため、紹介が終わりました。",
        "A referral ended, as its sender left the platform.",
    ),
    _gathered(
        "referrals",
        "case_to_desk",
        "担当者が離れたケースがあります。窓口でお引き受けください。",
        "Who kept a case has left: it is the desk's now.",
    ),
    _now("referrals", "case_assigned", "ケースの担当になりました。", "You keep a case from now on."),
)
_BOARD: Final = (
    _gathered("board", "referral_posted", "掲示板に新しいカードがあります。", "A new card is on the board."),
    _now("board", "offer_made", "カードに協力の申し出がありました。", "Help was offered on a card."),
    _now("board", "offer_chosen", "協力の申し出が選ばれました。", "Your offer of help was chosen."),
    _gathered(
        "board",
        "offer_closed",
        "今回は別の団体にお願いすることになりました。申し出をありがとうございました。",
        "Another organisation was asked this time. Thank you for offering.",
    ),
    _gathered("board", "offer_withdrawn", "協力の申し出が取り下げられました。", "An offer was withdrawn."),
    _now("board", "card_awaits_approval", "カードが承認を待っています。", "A card awaits approval."),
    _gathered("board", "card_approved", "カードが承認されました。", "A card was approved."),
    _now("board", "card_refused", "カードは承認されませんでした。", "A card was not approved."),
    _gathered("board", "note_written", "カードに書込みがありました。", "A note was written on a card."),
)
_DEADLINES: Final = (
    _gathered("deadlines", "draft_waiting", "下書きのままの紹介があります。", "A draft is waiting."),
    _gathered(
        "deadlines", "draft_erased", "古い下書きの本人情報を消去しました。", "An old draft was erased."
    ),
    _now(
        "deadlines", "basis_overdue", "根拠の確認期限が過ぎました。", "The time to settle the basis is over."
    ),
    _gathered(
        "deadlines", "answer_due_half", "回答期限の半分が過ぎました。", "Half the time to answer is over."
    ),
    _now("deadlines", "answer_due_soon", "回答期限が近づいています。", "An answer is due soon."),
    _now("deadlines", "answer_overdue", "回答期限が過ぎました。", "An answer is overdue."),
    _now("deadlines", "contact_due_soon", "最初の連絡の期限が近づいています。", "First contact is due soon."),
    _now("deadlines", "contact_overdue", "最初の連絡の期限が過ぎました。", "First contact is overdue."),
    _gathered("deadlines", "progress_due", "経過の報告をお願いします。", "A report of progress is due."),
    _now("deadlines", "progress_overdue", "経過の報告期限が過ぎました。", "A report of progress is overdue."),
    _gathered("deadlines", "review_due", "保留の見直し日が近づいています。", "A hold is due for review."),
    _now("deadlines", "review_overdue", "保留の見直し日が過ぎました。", "The review of a hold is overdue."),
    _now("deadlines", "confirm_soon", "結果の確認期限が近づいています。", "The time to confirm ends soon."),
    _gathered("deadlines", "access_ends", "完結した紹介の閲覧期限が近づいています。", "Access ends soon."),
)
_PROTECTION: Final = (
    _now(
        "protection",
        "consent_revoked",
        "同意が撤回されました。以後、情報を利用しないでください。",
        "A consent was withdrawn. Stop using what you were told.",
    ),
    _now("protection", "basis_fell", "情報共有の根拠がなくなりました。", "The lawful basis has ended."),
    _now("protection", "consent_ends_soon", "同意の期限が近づいています。", "A consent ends soon."),
    _now("protection", "break_glass_opened", "緊急開示が行われました。", "Emergency access was opened."),
    _now(
        "protection",
        "break_glass_review_due",
        "緊急開示の事後確認をお願いします。",
        "Emergency access waits for review.",
    ),
    _now(
        "protection",
        "break_glass_no_reviewer",
        "緊急開示を確認できる事務局担当がいません。ほかの人を事務局担当に任命してください。",
        "Nobody may review an emergency access. Appoint another coordinator.",
    ),
    _gathered(
        "protection", "break_glass_reviewed", "緊急開示が確認されました。", "Emergency access was reviewed."
    ),
    _now(
        "protection", "council_assigned", "協議会の案件の担当になりました。", "A council item was assigned."
    ),
    _now(
        "protection",
        "coordinating_agency_announced",
        "協議会の調整機関が公示されました。以後、新しい案件の担当になります。",
        "A coordinating agency was announced. It is assigned to new items of the council.",
    ),
    _now(
        "protection", "sitting_picked", "支援会議への参加を求められています。", "You are called to a sitting."
    ),
    _now("protection", "erasure_asked", "消去の申請の確認をお願いします。", "An erasure waits for you."),
    _now(
        "protection",
        "erasure_waiting",
        "消去の申請が確認されないままです。",
        "An erasure still waits for a second person.",
    ),
    _now(
        "protection",
        "correction_told",
        "お伝えした情報に訂正がありました。",
        "Something that you were told was corrected.",
    ),
    _now("protection", "breach_opened", "漏えい等の調査が始まりました。", "A breach is being looked into."),
)
_PLATFORM: Final = (
    _gathered("platform", "application_received", "入会の申請が届きました。", "An application has arrived."),
    _now("platform", "application_approved", "入会が承認されました。", "Your application was approved."),
    _now(
        "platform",
        "application_declined",
        "入会の申請は承認されませんでした。理由をご確認ください。",
        "Your application was declined. Read why.",
    ),
    _now(
        "platform",
        "term_ends_soon",
        "代表者の任期がまもなく終わります。後任への引継ぎをお願いします。",
        "A representative's term ends soon. Hand over to a successor.",
    ),
    _gathered("platform", "seat_ends_soon", "部会の席の任期がまもなく終わります。", "A seat ends soon."),
    _gathered(
        "platform",
        "resource_stale",
        "登録されたサービス・場所の内容を、半年以上どなたも確認していません。",
        "Nobody has vouched for one of your services or places for half a year.",
    ),
    _gathered("platform", "meeting_called", "部会の会議が招集されました。", "A meeting was called."),
    _now("platform", "meeting_changed", "部会の会議の予定が変わりました。", "A meeting was changed."),
    _now("platform", "meeting_cancelled", "部会の会議が中止になりました。", "A meeting was cancelled."),
    _gathered("platform", "minutes_published", "議事録が公表されました。", "Minutes were published."),
    _gathered("platform", "minutes_due", "会議の議事録をお願いします。", "Minutes of a meeting are due."),
    _now("platform", "request_received", "相談が届きました。", "Somebody asks for help."),
    _now("platform", "request_message", "相談に返信が届きました。", "A request for help was replied to."),
    _now(
        "platform", "place_asked", "行事に申込みがあり、確認を待っています。", "A registration waits for you."
    ),
    _now("platform", "place_approved", "行事の申込みが承認されました。", "Your registration was admitted."),
    _now("platform", "place_refused", "行事の申込みは承認されませんでした。", "A registration was declined."),
    _now("platform", "place_offered", "お待ちの行事に空席が出ました。", "A place has become free for you."),
    _gathered("platform", "place_passed", "空席の案内の期限が過ぎました。", "An offered place passed on."),
    _gathered("platform", "event_reminder", "申し込んだ行事が近づいています。", "Your event is near."),
    _now(
        "platform", "event_changed", "申し込んだ行事の日時や場所が変わりました。", "Your event has changed."
    ),
    _now("platform", "event_cancelled", "申し込んだ行事が中止になりました。", "Your event is cancelled."),
    _gathered("platform", "named_co_host", "行事の共催団体に挙げられました。", "You are named as a co-host."),
    _gathered(
        "platform", "co_host_removed", "行事の共催団体から外れました。", "You co-host an event no more."
    ),
    _now("platform", "co_host_stepped_down", "共催団体が共催をやめました。", "A co-host stepped down."),
    _gathered("platform", "survey_opened", "アンケートにお答えください。", "A survey asks for your answers."),
    _now("platform", "dispatch_requested", "講座の講師派遣を頼まれています。", "A lecturer is asked for."),
    _now("platform", "dispatch_offered", "講座の講師を頼まれています。", "You are asked to give a course."),
    _now("platform", "dispatch_assigned", "講座の講師が決まりました。", "A lecturer was found for a course."),
    _now("platform", "dispatch_declined", "講座の講師が辞退しました。", "A lecturer declined a course."),
    _gathered(
        "platform", "dispatch_withdrawn", "講師派遣の依頼が取り下げられました。", "A dispatch was withdrawn."
    ),
    _now(
        "platform",
        "delivery_failed",
        "通知を届けられませんでした。",
        "A notification could not be delivered.",
    ),
)

KINDS: Final[Mapping[str, Kind]] = {
    kind.name: kind for kind in (*_REFERRALS, *_BOARD, *_DEADLINES, *_PROTECTION, *_PLATFORM)
}
