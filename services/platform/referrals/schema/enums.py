"""The closed vocabularies as GraphQL enums: each name is its code in upper case (a test compares them)."""

from enum import Enum

from libs.reading.enums import described
from services.platform.referrals.models import words


@described("紹介の状態 / state of a referral", words.STATES)
class ReferralState(Enum):
    DRAFT = "draft"
    AWAITING_BASIS = "awaiting_basis"
    POSTED = "posted"
    SENT = "sent"
    ACCEPTED = "accepted"
    ON_HOLD = "on_hold"
    IN_PROGRESS = "in_progress"
    REPORTED = "reported"
    CLOSED = "closed"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    VOID = "void"


@described("打診(一団体)か掲示(部会の掲示板)か / asked of one, or posted", words.MODES)
class ReferralMode(Enum):
    DIRECTED = "directed"
    BOARD = "board"


@described("緊急度 / urgency", words.URGENCIES)
class Urgency(Enum):
    URGENT = "urgent"
    NORMAL = "normal"


@described("ニーズの区分 / category of need", words.NEEDS)
class Need(Enum):
    BELONGING = "belonging"
    LISTENING = "listening"
    DAILY_LIFE = "daily_life"
    HOUSING = "housing"
    FOOD = "food"
    MONEY = "money"
    WORK = "work"
    HEALTH = "health"
    MENTAL_HEALTH = "mental_health"
    CHILDCARE = "childcare"
    SCHOOLING = "schooling"
    ELDER_CARE = "elder_care"
    DISABILITY = "disability"
    VIOLENCE = "violence"
    LEGAL = "legal"
    LANGUAGE = "language"
    OTHER = "other"


@described("年代 / age band", words.AGE_BANDS)
class AgeBand(Enum):
    PRESCHOOL = "preschool"
    SCHOOL_AGE = "school_age"
    YOUTH = "youth"
    ADULT = "adult"
    SENIOR = "senior"
    OLDEST = "oldest"
    HOUSEHOLD = "household"
    UNKNOWN = "unknown"


@described("訂正の理由 / why it was corrected", words.CORRECTIONS)
class CorrectionReason(Enum):
    PERSON_ASKED = "person_asked"
    ERROR_FOUND = "error_found"
    CHANGED = "changed"


@described("個人か世帯か / a person or a household", words.CASE_KINDS)
class CaseKind(Enum):
    PERSON = "person"
    HOUSEHOLD = "household"


@described("ケースの状態 / state of a case", words.CASE_STATES)
class CaseState(Enum):
    OPEN = "open"
    CLOSED = "closed"
    ERASED = "erased"


@described("情報を提供する根拠 / lawful basis of a disclosure", words.BASES)
class LegalBasis(Enum):
    CONSENT = "consent"
    COUNCIL_EXCHANGE = "council_exchange"
    SUPPORT_MEETING = "support_meeting"
    VITAL_INTEREST = "vital_interest"
    NONE_DEIDENTIFIED = "none_deidentified"


@described("提供の方法 / by what the items are given", words.MEDIA)
class Medium(Enum):
    PLATFORM = "platform"
    PAPER = "paper"
    ELECTRONIC_FILE = "electronic_file"
    ORAL = "oral"


@described("支援会議の状態 / state of a sitting", words.SITTING_STATES)
class SittingState(Enum):
    CALLED = "called"
    HELD = "held"
    CANCELLED = "cancelled"


@described("緊急開示の確認結果 / what the second person found", words.FINDINGS)
class Finding(Enum):
    JUSTIFIED = "justified"
    TOO_WIDE = "too_wide"
    NOT_JUSTIFIED = "not_justified"


@described("同意の取得方法 / how a consent was obtained", words.OBTAINED)
class HowObtained(Enum):
    WRITTEN = "written"
    ORAL = "oral"
    ELECTRONIC = "electronic"
    BY_REPRESENTATIVE = "by_representative"


@described("申出の状態 / state of an offer of help", words.OFFER_STATES)
class OfferState(Enum):
    OPEN = "open"
    CHOSEN = "chosen"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


@described("辞退した側 / who declined", words.DECLINED_BY)
class DeclinedBy(Enum):
    PROVIDER = "provider"
    PERSON = "person"
    NOT_REACHED = "not_reached"


@described("辞退の理由 / why it was declined or returned", words.DECLINES)
class DeclineCode(Enum):
    NO_CAPACITY = "no_capacity"
    WAITLIST_ONLY = "waitlist_only"
    NOT_ELIGIBLE = "not_eligible"
    OUT_OF_AREA = "out_of_area"
    MISSING_INFORMATION = "missing_information"
    CONFLICT_OF_INTEREST = "conflict_of_interest"
    SAFETY = "safety"
    DUPLICATE = "duplicate"
    ALREADY_SUPPORTED = "already_supported"
    OTHER = "other"


@described("保留の理由 / why it is on hold", words.HOLDS)
class HoldCode(Enum):
    WAITLIST = "waitlist"
    PERSON_ASKED = "person_asked"
    WAITING_DOCUMENT = "waiting_document"
    STAFFING = "staffing"
    OTHER = "other"


@described("本人が述べた結果 / what the person themselves said of the outcome", words.PERSON_ANSWERS)
class PersonAnswer(Enum):
    HELPED = "helped"
    HELPED_IN_PART = "helped_in_part"
    NOT_HELPED = "not_helped"
    NO_ANSWER = "no_answer"


@described("掲示を承認しない理由 / why a card is not approved", words.CARD_REFUSALS)
class CardRefusal(Enum):
    IDENTIFIES_PERSON = "identifies_person"
    UNCLEAR = "unclear"
    WRONG_GROUP = "wrong_group"
    OTHER = "other"


@described("取下げの理由 / why it was withdrawn", words.WITHDRAWALS)
class WithdrawCode(Enum):
    CONSENT_REVOKED = "consent_revoked"
    NEED_MET_ELSEWHERE = "need_met_elsewhere"
    MOVED = "moved"
    PERSON_DECLINED = "person_declined"
    MISTAKEN_OR_DUPLICATE = "mistaken_or_duplicate"
    DECEASED = "deceased"
    OTHER = "other"
    RECIPIENT_LEFT = "recipient_left"
    SENDER_LEFT = "sender_left"


@described("結果 / outcome", words.OUTCOMES)
class OutcomeCode(Enum):
    GOT_HELP = "got_help"
    GOT_PART = "got_part"
    CONNECTED_ONGOING = "connected_ongoing"
    REFERRED_ELSEWHERE = "referred_elsewhere"
    NOT_REACHED = "not_reached"
    PERSON_DECLINED = "person_declined"
    NOT_ELIGIBLE = "not_eligible"
    NO_CAPACITY_AFTER_ALL = "no_capacity_after_all"
    MOVED = "moved"
    DECEASED = "deceased"
    OTHER = "other"


@described("本人への連絡の決まり / rule of contact with the person", words.CONTACT_RULES)
class ContactRule(Enum):
    NORMAL = "normal"
    SAFE_TIMES = "safe_times"
    VIA_SENDER_ONLY = "via_sender_only"
    PROHIBITED = "prohibited"


@described("本人についての項目 / what is written of the person, with its level", words.ITEMS)
class Item(Enum):
    NARRATIVE = "narrative"
    CONSTRAINTS = "constraints"
    PERSON_NAME = "person_name"
    PERSON_KANA = "person_kana"
    BIRTH_DATE = "birth_date"
    ADDRESS = "address"
    CONTACT = "contact"
    CONTACT_RULE = "contact_rule"
    SAFETY_NOTES = "safety_notes"


@described("閲覧の目的 / purpose of an opening", words.PURPOSES)
class AccessPurpose(Enum):
    SUPPORT = "support"
    CONTACT = "contact"
    HANDOVER = "handover"
    SAFETY = "safety"
    REVIEW = "review"
    OTHER = "other"


@described("開く段階 / what is opened", words.ACCESS_LEVELS)
class AccessLevel(Enum):
    L2 = "L2"
    L3 = "L3"
    L4 = "L4"
    TEXTS = "TEXTS"


@described("開く段階 / level of a case", words.LEVELS)
class CaseLevel(Enum):
    L2 = "L2"
    L3 = "L3"
    L4 = "L4"


@described("閲覧できた根拠 / by what it was opened", words.ACCESS_BASES)
class AccessBasis(Enum):
    CASE_HOLDER = "case_holder"
    PARTY = "party"
    CONSENT = "consent"
    COUNCIL_EXCHANGE = "council_exchange"
    SUPPORT_MEETING = "support_meeting"
    VITAL_INTEREST = "vital_interest"
    NONE_DEIDENTIFIED = "none_deidentified"
