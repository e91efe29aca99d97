"""What can be done to cases, consents and referrals, as GraphQL names it: each name is a registered step."""

from enum import Enum

import strawberry


@strawberry.enum(
    description="ケースについて行える操作。REVEAL_はrevealCaseの段階 / REVEAL_ are the levels of revealCase"
)
class CaseAction(Enum):
    KEEP_CASE = "keep_case"
    RECORD_CONSENT = "record_consent"
    CREATE_REFERRAL = "create_referral"
    REVEAL_NARRATIVE = "reveal_narrative"
    REVEAL_IDENTITY = "reveal_identity"
    REVEAL_SAFETY = "reveal_safety"
    EXPORT_PERSON = "export_person"
    CORRECT_CASE = "correct_case"
    ERASE_CASE = "erase_case"
    EXPORT_ACCESS_LOG = "export_access_log"


@strawberry.enum(description="同意について行える操作 / what can be done to a consent")
class ConsentAction(Enum):
    WITHDRAW_CONSENT = "withdraw_consent"


@strawberry.enum(
    description="紹介について行える操作。REVEAL_はrevealReferralの段階 / REVEAL_: levels of revealReferral"
)
class ReferralAction(Enum):
    EDIT_REFERRAL = "edit_referral"
    REQUEST_BASIS = "request_basis"
    SEND_REFERRAL = "send_referral"
    POST_TO_BOARD = "post_to_board"
    OFFER_HELP = "offer_help"
    CHOOSE_OFFER = "choose_offer"
    ACCEPT_REFERRAL = "accept_referral"
    DECLINE_REFERRAL = "decline_referral"
    START_SUPPORT = "start_support"
    REPORT_OUTCOME = "report_outcome"
    CONFIRM_LOOP = "confirm_loop"
    WITHDRAW_REFERRAL = "withdraw_referral"
    WRITE_NOTE = "write_note"
    REVEAL_NARRATIVE = "reveal_narrative"
    REVEAL_IDENTITY = "reveal_identity"
    REVEAL_SAFETY = "reveal_safety"
    REVEAL_TEXTS = "reveal_texts"
    EXPORT_ACCESS_LOG = "export_access_log"
