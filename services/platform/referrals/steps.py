"""What can be done to cases, consents and referrals, and in which state: the machine's table as steps."""

from collections.abc import Mapping
from typing import Final

from libs.policy.steps import Guard, Step
from services.platform.referrals.guards import (
    ASKED_BY_OTHERS,
    ASKED_FOR,
    ASKED_FOR_BY_ASKER,
    ASKED_TO_REOPEN,
    AWAITS_APPROVAL,
    CARD_OF_OTHERS,
    CASE_CLOSED,
    CASE_OPEN,
    HAS_WORDS,
    KEEPS_NO_CASES,
    LIVE_CARD,
    NO_QUESTION_YET,
    NOT_ASKED_FOR_YET,
    NOT_ASKED_TO_REOPEN,
    NOT_ASKED_TO_VOID,
    NOT_ERASED,
    NOT_HANDED_ON,
    NOT_OFFERED_YET,
    NOTE_OF_LIVE_CARD,
    NOTHING_UNDER_WAY,
    OF_CASE_NOT_ERASED,
    OFFER_OPEN,
    RECIPIENT_IS_MEMBER,
    SENT_BY_OTHERS,
    SOMEBODY_OFFERS,
    in_state_for,
)
from services.platform.referrals.models import codes
from services.platform.relations import RELATIONS

REVEALS: Final[Mapping[str, str]] = {
    "L2": "reveal_narrative",
    "L3": "reveal_identity",
    "L4": "reveal_safety",
    codes.TEXTS: "reveal_texts",
}
"""The step that opens each level."""


def _plain(name: str, *more: Guard) -> Step:
    return Step("referral", name, (in_state_for(name), *more))


RELATIONS.steps.register(
    Step("case", "keep_case", (CASE_OPEN,)),
    Step("case", "assign_case", (CASE_OPEN,)),
    Step("case", "record_consent", (CASE_OPEN,)),
    Step(
        "case",
        "create_referral",
        (CASE_OPEN,),
        policy="keep_case",
        also=(("referral", "create_referral", ("own",)),),
    ),
    Step("case", "close_case", (CASE_OPEN, NOTHING_UNDER_WAY), policy="keep_case"),
    Step("case", "reopen_case", (CASE_CLOSED,), policy="keep_case"),
    *(Step("case", REVEALS[level], (NOT_ERASED,)) for level in codes.LEVELS),
    # as the earlier attempt that a new one names
    Step("referral", "create_referral"),
    Step("referral", "edit_referral", (in_state_for("request_basis"),)),
    _plain("request_basis", HAS_WORDS),
    _plain("take_back_basis"),
    _plain("send_referral", RECIPIENT_IS_MEMBER),
    _plain("post_to_board", HAS_WORDS),
    _plain("approve_card", AWAITS_APPROVAL, HAS_WORDS),
    Step("referral", "refuse_card", (in_state_for("refuse_card"), AWAITS_APPROVAL), policy="approve_card"),
    _plain("offer_help", CARD_OF_OTHERS, NOT_OFFERED_YET),
    _plain("choose_offer", SOMEBODY_OFFERS),
    _plain("accept_referral"),
    _plain("decline_referral"),
    _plain("ask_question", NO_QUESTION_YET),
    _plain("answer_question", ASKED_BY_OTHERS),
    _plain("start_support"),
    _plain("hold"),
    _plain("resume"),
    _plain("return_referral"),
    _plain("report_outcome"),
    _plain("confirm_loop"),
    _plain("request_reopen", NOT_ASKED_TO_REOPEN),
    _plain("reopen", ASKED_TO_REOPEN),
    _plain("withdraw_referral"),
    _plain("hand_on", NOT_HANDED_ON),
    _plain("request_transfer", SENT_BY_OTHERS, NOT_ASKED_FOR_YET),
    _plain("accept_transfer", ASKED_FOR),
    _plain("decline_transfer", ASKED_FOR),
    _plain("withdraw_transfer_request", ASKED_FOR_BY_ASKER),
    _plain("assign"),
    _plain("request_void", NOT_ASKED_TO_VOID),
    _plain("mark_void"),
    Step("referral", "write_note", (LIVE_CARD,)),
    *(Step("referral", name, (OF_CASE_NOT_ERASED,), item=level) for level, name in REVEALS.items()),
    Step("offer", "withdraw_offer", (OFFER_OPEN,)),
    Step("card_note", "edit_note", (NOTE_OF_LIVE_CARD,)),
    Step("card_note", "remove_note"),
)
RELATIONS.steps.guard("organisation", "leave", KEEPS_NO_CASES)
