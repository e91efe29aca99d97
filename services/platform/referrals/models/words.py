"""What the codes of cases and referrals mean, in Japanese and English: for the schema and for pages."""

from collections.abc import Mapping
from typing import Final

Words = Mapping[str, tuple[str, str]]

STATES: Final[Words] = {
    "draft": ("下書き", "being written"),
    "awaiting_basis": ("同意・根拠確認待ち", "waits for a lawful basis"),
    "posted": ("掲示中", "a card on a board"),
    "sent": ("打診中", "the recipient is asked"),
    "accepted": ("受諾", "the recipient took it on"),
    "on_hold": ("保留・待機", "on hold until a day of review"),
    "in_progress": ("支援中", "support has begun"),
    "reported": ("結果報告済", "the outcome waits to be confirmed"),
    "closed": ("完結", "closed: confirmed, or reported only"),
    "declined": ("辞退", "declined or returned"),
    "expired": ("期限切れ", "nobody answered in time"),
    "withdrawn": ("取下げ・同意撤回", "withdrawn, or its consent revoked"),
    "void": ("誤登録", "entered by mistake; hidden, kept"),
}
MODES: Final[Words] = {"directed": ("一団体への打診", "asked of one"), "board": ("掲示", "posted on a board")}
URGENCIES: Final[Words] = {"urgent": ("急ぎ", "urgent"), "normal": ("通常", "normal")}
NEEDS: Final[Words] = {
    "belonging": ("居場所・つながり", "a place to belong"),
    "listening": ("話し相手・傾聴", "somebody to listen"),
    "daily_life": ("日々の暮らし", "daily life"),
    "housing": ("住まい", "housing"),
    "food": ("食べるもの", "food"),
    "money": ("お金", "money"),
    "work": ("仕事", "work"),
    "health": ("からだの健康", "health"),
    "mental_health": ("こころの健康", "mental health"),
    "childcare": ("子育て", "childcare"),
    "schooling": ("学び・学校", "schooling"),
    "elder_care": ("介護", "care of the elderly"),
    "disability": ("障害", "disability"),
    "violence": ("暴力からの安全", "safety from violence"),
    "legal": ("法律の困りごと", "legal trouble"),
    "language": ("ことば", "language"),
    "other": ("その他", "other"),
}
AGE_BANDS: Final[Words] = {
    "preschool": ("就学前", "before school age"),
    "school_age": ("学齢期", "school age"),
    "youth": ("若者", "youth"),
    "adult": ("成人", "adult"),
    "senior": ("高齢", "senior"),
    "oldest": ("後期高齢", "oldest"),
    "household": ("世帯", "household"),
    "unknown": ("不明", "unknown"),
}
CASE_KINDS: Final[Words] = {"person": ("個人", "one person"), "household": ("世帯", "a household")}
CASE_STATES: Final[Words] = {
    "open": ("継続中", "open"),
    "closed": ("終結", "closed"),
    "erased": ("消去済", "erased: its key is gone, or about to go"),
}
BASES: Final[Words] = {
    "consent": ("本人の同意", "the person's consent"),
    "council_exchange": ("協議会での情報交換(孤独・孤立対策推進法16条)", "exchange in the statutory council"),
    "support_meeting": ("支援会議(社会福祉法106条の6)", "a sitting for which bodies were picked"),
    "vital_interest": ("生命・身体・財産の保護(緊急開示)", "danger to life, body or property"),
    "none_deidentified": ("個人情報なし", "nothing that identifies anybody"),
}
ACCESS_BASES: Final[Words] = BASES | {
    "case_holder": ("ケースを持つ団体", "their organisation keeps the case"),
    "party": ("紹介の当事者", "their organisation is an end of the referral"),
}
OBTAINED: Final[Words] = {
    "written": ("書面", "in writing"),
    "oral": ("口頭", "by word of mouth"),
    "electronic": ("電子的方法", "electronically"),
    "by_representative": ("代理人", "by a representative"),
}
OFFER_STATES: Final[Words] = {
    "open": ("申出中", "open"),
    "chosen": ("選ばれた", "chosen"),
    "closed": ("ほかの団体に決まった", "another was chosen, or the card ended"),
    "withdrawn": ("取下げ", "withdrawn"),
}
DECLINED_BY: Final[Words] = {
    "provider": ("打診先の団体", "the organisation asked"),
    "person": ("本人", "the person"),
    "not_reached": ("本人と連絡がつかない", "the person was not reached"),
}
DECLINES: Final[Words] = {
    "no_capacity": ("受け入れの余力がない", "no capacity"),
    "waitlist_only": ("順番待ちになる", "only a waiting list"),
    "not_eligible": ("対象に当てはまらない", "not eligible"),
    "out_of_area": ("活動する地域の外である", "outside our area"),
    "missing_information": ("判断できる情報が足りない", "not enough information"),
    "conflict_of_interest": ("利害の関係がある", "a conflict of interest"),
    "safety": ("安全を確保できない", "safety"),
    "duplicate": ("同じ依頼をすでに受けている", "the same request came before"),
    "already_supported": ("すでに支援している", "we support the person already"),
    "other": ("その他(内容を書いてください)", "other (please write what)"),
}
HOLDS: Final[Words] = {
    "waitlist": ("順番待ち", "on a waiting list"),
    "person_asked": ("本人の希望", "the person asked for it"),
    "waiting_document": ("書類待ち", "waits for a document"),
    "staffing": ("人手不足", "no staff at present"),
    "other": ("その他(内容を書いてください)", "other (please write what)"),
}
WITHDRAWALS: Final[Words] = {
    "consent_revoked": ("同意の撤回", "the consent was revoked"),
    "need_met_elsewhere": ("ほかで解決した", "the need was met elsewhere"),
    "moved": ("転居", "the person moved"),
    "person_declined": ("本人の辞退", "the person does not want it"),
    "mistaken_or_duplicate": ("誤りか重複", "mistaken or a duplicate"),
    "deceased": ("死亡", "the person died"),
    "other": ("その他", "other"),
    "recipient_left": ("受け手の退会(自動)", "the recipient left the platform; not given by people"),
    "sender_left": ("送り手の退会(自動)", "the sender left the platform; not given by people"),
}
OUTCOMES: Final[Words] = {
    "got_help": ("支援を受けた", "got help"),
    "got_part": ("一部の支援を受けた", "got help in part"),
    "connected_ongoing": ("つながり、支援が続いている", "connected; help goes on"),
    "referred_elsewhere": ("ほかに引き継いだ", "referred elsewhere"),
    "not_reached": ("連絡がつかなかった", "not reached"),
    "person_declined": ("本人の辞退", "the person declined"),
    "not_eligible": ("対象に当てはまらなかった", "not eligible"),
    "no_capacity_after_all": ("受け入れの余力がなかった", "no capacity after all"),
    "moved": ("転居", "moved"),
    "deceased": ("死亡", "died"),
    "other": ("その他", "other"),
}
PERSON_ANSWERS: Final[Words] = {
    "helped": ("助けになった", "it helped"),
    "helped_in_part": ("一部は助けになった", "it helped in part"),
    "not_helped": ("助けにならなかった", "it did not help"),
    "no_answer": ("答えなかった", "no answer"),
}
CARD_REFUSALS: Final[Words] = {
    "identifies_person": ("本人がわかる", "it identifies the person"),
    "unclear": ("わかりにくい", "unclear"),
    "wrong_group": ("部会が違う", "the wrong group"),
    "other": ("その他", "other"),
}
CONTACT_RULES: Final[Words] = {
    "normal": ("制限なし", "no limits"),
    "safe_times": ("安全な時間だけ", "at safe times only"),
    "via_sender_only": ("紹介元を通して", "through the sender only"),
    "prohibited": ("本人には連絡しない", "do not contact the person"),
}
ITEMS: Final[Words] = {
    "narrative": ("L2 経緯", "L2 the story"),
    "constraints": ("L2 制約", "L2 what must be minded"),
    "person_name": ("L3 氏名", "L3 name"),
    "person_kana": ("L3 氏名(カナ)", "L3 name in kana"),
    "birth_date": ("L3 生年月日", "L3 day of birth"),
    "address": ("L3 住所", "L3 address"),
    "contact": ("L3 連絡先", "L3 how to reach them"),
    "contact_rule": ("L3 連絡の決まり", "L3 rule of contact"),
    "safety_notes": ("L4 安全上の注意", "L4 notes of safety"),
}
LEVELS: Final[Words] = {
    "L2": ("経緯・制約", "story and what must be minded"),
    "L3": ("氏名・連絡先", "identity and contact"),
    "L4": ("安全上の注意", "notes of safety"),
}
ACCESS_LEVELS: Final[Words] = LEVELS | {"TEXTS": ("やりとりの文章", "texts of the exchange")}
PURPOSES: Final[Words] = {
    "support": ("支援", "to support"),
    "contact": ("連絡", "to get in touch"),
    "handover": ("引き継ぎ", "to hand over"),
    "safety": ("安全の確保", "for safety"),
    "review": ("確認", "to review"),
    "other": ("その他", "other"),
}
MEDIA: Final[Words] = {
    "platform": ("プラットフォームでの閲覧", "on the platform"),
    "paper": ("紙の書類", "on paper"),
    "electronic_file": ("電子ファイル", "as a file"),
    "oral": ("口頭", "by word of mouth"),
}
SITTING_STATES: Final[Words] = {
    "called": ("招集済", "called"),
    "held": ("開催済", "held"),
    "cancelled": ("取消し", "cancelled: nothing opens by it"),
}
FINDINGS: Final[Words] = {
    "justified": ("妥当", "justified"),
    "too_wide": ("範囲が広すぎた", "too wide; it ends at once"),
    "not_justified": ("妥当でない", "not justified; it ends at once"),
}
CORRECTIONS: Final[Words] = {
    "person_asked": ("本人の請求", "the person asked for it"),
    "error_found": ("誤りの発見", "an error was found"),
    "changed": ("事情の変化", "things have changed"),
}
