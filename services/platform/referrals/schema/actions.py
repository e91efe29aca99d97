"""What can be done to cases, consents and referrals, as GraphQL names it: each name is a registered step."""

from enum import Enum

import strawberry


@strawberry.enum(
    description="ケースについて行える操作。REVEAL_はrevealCaseの段階 / REVEAL_ are the levels of revealCase"
)
class CaseAction(Enum):
    KEEP_CASE = "keep_case"
    ASSIGN_CASE = "assign_case"
    RECORD_CONSENT = "record_consent"
    CREATE_REFERRAL = "create_referral"
    CLOSE_CASE = "close_case"
    REOPEN_CASE = "reopen_case"
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
    TAKE_BACK_BASIS = "take_back_basis"
    SEND_REFERRAL = "send_referral"
    POST_TO_BOARD = "post_to_board"
    APPROVE_CARD = "approve_card"
    REFUSE_CARD = "refuse_card"
    OFFER_HELP = "offer_help"
    CHOOSE_OFFER = "choose_offer"
    ACCEPT_REFERRAL = "accept_referral"
    DECLINE_REFERRAL = "decline_referral"
    ASK_QUESTION = "ask_question"
    ANSWER_QUESTION = "answer_question"
    START_SUPPORT = "start_support"
    HOLD = "hold"
    RESUME = "resume"
    RETURN_REFERRAL = "return_referral"
    REPORT_OUTCOME = "report_outcome"
    CONFIRM_LOOP = "confirm_loop"
    REQUEST_REOPEN = "request_reopen"
    REOPEN = "reopen"
    WITHDRAW_REFERRAL = "withdraw_referral"
    SEND_ANSWER_LINK = "send_answer_link"
    REVOKE_ANSWER_LINK = "revoke_answer_link"
    HAND_ON = "hand_on"
    REQUEST_TRANSFER = "request_transfer"
    ACCEPT_TRANSFER = "accept_transfer"
    DECLINE_TRANSFER = "decline_transfer"
    WITHDRAW_TRANSFER_REQUEST = "withdraw_transfer_request"
    ASSIGN = "assign"
    REQUEST_VOID = "request_void"
    MARK_VOID = "mark_void"
    WRITE_NOTE = "write_note"
    BRING_TO_COUNCIL = "bring_to_council"
    BRING_TO_SITTING = "bring_to_sitting"
    OPEN_BREAK_GLASS = "open_break_glass"
    REBASE_REFERRAL = "rebase_referral"
    REVOKE_CONSENT = "revoke_consent"
    PRINT_CONSENT_SHEET = "print_consent_sheet"
    REVEAL_NARRATIVE = "reveal_narrative"
    REVEAL_IDENTITY = "reveal_identity"
    REVEAL_SAFETY = "reveal_safety"
    REVEAL_TEXTS = "reveal_texts"
    EXPORT_ACCESS_LOG = "export_access_log"


@strawberry.enum(description="協議会の案件について行える操作 / what can be done to an item of the council")
class CouncilItemAction(Enum):
    ASSIGN_ITEM = "assign_item"
    UNASSIGN_ITEM = "unassign_item"


@strawberry.enum(description="支援会議について行える操作 / what can be done to a sitting")
class SittingAction(Enum):
    PICK_BODY = "pick_body"
    RECORD_SITTING = "record_sitting"
    CANCEL_SITTING = "cancel_sitting"
    END_SITTING = "end_sitting"


@strawberry.enum(description="緊急開示について行える操作 / what can be done to a break-glass")
class BreakGlassAction(Enum):
    REVIEW_BREAK_GLASS = "review_break_glass"


@strawberry.enum(description="申出について行える操作 / what can be done to an offer")
class OfferAction(Enum):
    WITHDRAW_OFFER = "withdraw_offer"


@strawberry.enum(description="メモについて行える操作 / what can be done to a note")
class NoteAction(Enum):
    EDIT_NOTE = "edit_note"
    REMOVE_NOTE = "remove_note"
