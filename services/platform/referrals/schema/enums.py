"""The closed vocabularies as GraphQL enums: each name is its code in upper case (a test compares them)."""

from enum import Enum

import strawberry


@strawberry.enum(description="紹介の状態")
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


@strawberry.enum(description="打診(一団体)か掲示(部会の掲示板)か")
class ReferralMode(Enum):
    DIRECTED = "directed"
    BOARD = "board"


@strawberry.enum(description="緊急度")
class Urgency(Enum):
    URGENT = "urgent"
    NORMAL = "normal"


@strawberry.enum(description="ニーズの区分")
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


@strawberry.enum(description="年代")
class AgeBand(Enum):
    PRESCHOOL = "preschool"
    SCHOOL_AGE = "school_age"
    YOUTH = "youth"
    ADULT = "adult"
    SENIOR = "senior"
    OLDEST = "oldest"
    HOUSEHOLD = "household"
    UNKNOWN = "unknown"


@strawberry.enum(description="訂正の理由 / why it was corrected")
class CorrectionReason(Enum):
    PERSON_ASKED = "person_asked"
    ERROR_FOUND = "error_found"
    CHANGED = "changed"


@strawberry.enum(description="個人か世帯か")
class CaseKind(Enum):
    PERSON = "person"
    HOUSEHOLD = "household"


@strawberry.enum(description="ケースの状態")
class CaseState(Enum):
    OPEN = "open"
    CLOSED = "closed"
    ERASED = "erased"


@strawberry.enum(description="情報を提供する根拠")
class LegalBasis(Enum):
    CONSENT = "consent"
    COUNCIL_EXCHANGE = "council_exchange"
    SUPPORT_MEETING = "support_meeting"
    VITAL_INTEREST = "vital_interest"
    NONE_DEIDENTIFIED = "none_deidentified"


@strawberry.enum(description="提供の方法 / by what the items are given")
class Medium(Enum):
    PLATFORM = "platform"
    PAPER = "paper"
    ELECTRONIC_FILE = "electronic_file"
    ORAL = "oral"


@strawberry.enum(description="支援会議の状態 / state of a sitting")
class SittingState(Enum):
    CALLED = "called"
    HELD = "held"
    CANCELLED = "cancelled"


@strawberry.enum(description="緊急開示の確認結果 / what the second person found")
class Finding(Enum):
    JUSTIFIED = "justified"
    TOO_WIDE = "too_wide"
    NOT_JUSTIFIED = "not_justified"


@strawberry.enum(description="同意の取得方法")
class HowObtained(Enum):
    WRITTEN = "written"
    ORAL = "oral"
    ELECTRONIC = "electronic"
    BY_REPRESENTATIVE = "by_representative"


@strawberry.enum(description="申出の状態")
class OfferState(Enum):
    OPEN = "open"
    CHOSEN = "chosen"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


@strawberry.enum(description="辞退した側: 団体、本人、連絡がつかない")
class DeclinedBy(Enum):
    PROVIDER = "provider"
    PERSON = "person"
    NOT_REACHED = "not_reached"


@strawberry.enum(description="辞退の理由")
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


@strawberry.enum(description="保留の理由")
class HoldCode(Enum):
    WAITLIST = "waitlist"
    PERSON_ASKED = "person_asked"
    WAITING_DOCUMENT = "waiting_document"
    STAFFING = "staffing"
    OTHER = "other"


@strawberry.enum(description="本人が述べた結果 / what the person themselves said of the outcome")
class PersonAnswer(Enum):
    HELPED = "helped"
    HELPED_IN_PART = "helped_in_part"
    NOT_HELPED = "not_helped"
    NO_ANSWER = "no_answer"


@strawberry.enum(description="掲示を承認しない理由")
class CardRefusal(Enum):
    IDENTIFIES_PERSON = "identifies_person"
    UNCLEAR = "unclear"
    WRONG_GROUP = "wrong_group"
    OTHER = "other"


@strawberry.enum(description="取下げの理由")
class WithdrawCode(Enum):
    CONSENT_REVOKED = "consent_revoked"
    NEED_MET_ELSEWHERE = "need_met_elsewhere"
    MOVED = "moved"
    PERSON_DECLINED = "person_declined"
    MISTAKEN_OR_DUPLICATE = "mistaken_or_duplicate"
    DECEASED = "deceased"
    OTHER = "other"


@strawberry.enum(description="結果")
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


@strawberry.enum(description="本人への連絡の決まり")
class ContactRule(Enum):
    NORMAL = "normal"
    SAFE_TIMES = "safe_times"
    VIA_SENDER_ONLY = "via_sender_only"
    PROHIBITED = "prohibited"


@strawberry.enum(description="本人についての項目")
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


@strawberry.enum(description="閲覧の目的")
class AccessPurpose(Enum):
    SUPPORT = "support"
    CONTACT = "contact"
    HANDOVER = "handover"
    SAFETY = "safety"
    REVIEW = "review"
    OTHER = "other"


@strawberry.enum(description="開く段階: L2 経緯、L3 氏名・連絡先、L4 安全、TEXTS やりとりの文章")
class AccessLevel(Enum):
    L2 = "L2"
    L3 = "L3"
    L4 = "L4"
    TEXTS = "TEXTS"


@strawberry.enum(description="開く段階")
class CaseLevel(Enum):
    L2 = "L2"
    L3 = "L3"
    L4 = "L4"


@strawberry.enum(description="閲覧できた根拠")
class AccessBasis(Enum):
    CASE_HOLDER = "case_holder"
    PARTY = "party"
    CONSENT = "consent"
    COUNCIL_EXCHANGE = "council_exchange"
    SUPPORT_MEETING = "support_meeting"
    VITAL_INTEREST = "vital_interest"
    NONE_DEIDENTIFIED = "none_deidentified"
