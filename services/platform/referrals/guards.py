"""What must be true of a case, an offer or a referral beside its state, and what is said where it is not."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import sqlalchemy as sa

from libs.errors.problems import AlreadyExists, NotAllowed, NotFound, Problem, WrongState
from libs.persistence.sealing.key_store import KeyErased
from libs.persistence.statements import among
from libs.policy.predicates import Asker
from libs.policy.steps import Guard
from libs.reading.declare import Row
from libs.tenancy.models import organisation
from services.platform.referrals.models import case_file, machine, offer, question, referral, transfer_request

Bool = sa.ColumnElement[bool]


def _case_closed(row: Mapping[str, Any]) -> Problem:
    return WrongState(row["state"], "このケースは終結しています。", "This case is closed.")


def _erased(_: object) -> Problem:
    return KeyErased()


def _own_card(_: object) -> Problem:
    return NotAllowed("自団体のカードには申し出できません。", "This is your own organisation's card.")


def offered_already(_: object = None) -> Problem:
    return AlreadyExists(
        "このカードには、すでに申し出ています。", "You have offered help on this card already."
    )


def _not_now(state: str, ja: str, en: str) -> Callable[[object], Problem]:
    """The refusal of a row of which something beside its state does not admit the step."""
    return lambda _: WrongState(state, ja, en)


def no_open_offer(_: object = None) -> Problem:
    return NotFound("その申出は見つからないか、取り下げられました。", "There is no such open offer.")


def no_recipient(_: object = None) -> Problem:
    return NotFound(
        "打診先の団体が見つかりません。会員の団体を指定してください。",
        "The recipient is not found. Name an organisation that is a member.",
    )


def in_state_for(name: str) -> Guard:
    """The referral's state admits the machine's step of this name."""
    step = machine.STEPS[name]
    origins = [origin for origin in step.origins if origin is not None]
    return Guard(
        lambda row, _: among(row.c.state, origins), lambda row: machine.wrong_state(step, row["state"])
    )


def _offers(row: Row, asker: Asker, *conditions: Bool) -> Bool:
    return sa.exists(
        sa.select(offer.c.id).where(
            offer.c.tenant_id == asker.tenant,
            offer.c.referral_id == row.c.id,
            offer.c.state == sa.literal("open"),
            *conditions,
        )
    )


def _none_of_askers(row: Row, asker: Asker) -> Bool:
    return sa.not_(_offers(row, asker, offer.c.organisation_id == asker.organisation))


def _recipient_is_member(row: Row, asker: Asker) -> Bool:
    return sa.exists(
        sa.select(organisation.c.id).where(
            organisation.c.tenant_id == asker.tenant,
            organisation.c.id == row.c.recipient_id,
            organisation.c.status == sa.literal("active"),
        )
    )


def _hangs_on_what_is_not_erased(row: Row, asker: Asker) -> Bool:
    """A live referral's case is never an erased one: only for what has ended is the case looked up."""
    erased = sa.exists(
        sa.select(case_file.c.id).where(
            case_file.c.tenant_id == asker.tenant,
            case_file.c.id == row.c.case_id,
            case_file.c.state == sa.literal("erased"),
        )
    )
    return sa.or_(among(row.c.state, machine.LIVE), sa.not_(erased))


def _by_others(row: Row, asker: Asker) -> Bool:
    return row.c.sender_id != asker.organisation


def _is_live_card(row: Row, _: Asker) -> Bool:
    return sa.and_(row.c.posted_at.is_not(None), among(row.c.state, machine.LIVE))


def _waits(stamp: str) -> Callable[[Row, Asker], Bool]:
    return lambda row, _: row.c[stamp].is_not(None)


def _waits_not(stamp: str) -> Callable[[Row, Asker], Bool]:
    return lambda row, _: row.c[stamp].is_(None)


def _has_words(row: Row, _: Asker) -> Bool:
    return row.c.ask != sa.literal("")


def _asked_by_others(row: Row, asker: Asker) -> Bool:
    """The open question is the other side's: nobody answers their own."""
    return sa.exists(
        sa.select(question.c.id).where(
            question.c.tenant_id == asker.tenant,
            question.c.referral_id == row.c.id,
            question.c.open,
            question.c.asked_by_id != asker.organisation,
        )
    )


def _handed_on_already(row: Row, asker: Asker) -> Bool:
    child = referral.alias("child")
    return sa.exists(
        sa.select(child.c.id).where(
            child.c.tenant_id == asker.tenant,
            child.c.based_on_id == row.c.id,
            among(child.c.state, machine.LIVE),
        )
    )


def _asked_for_by_asker(row: Row, asker: Asker) -> Bool:
    return _asked_for(row, asker, transfer_request.c.organisation_id == asker.organisation)


def _asked_for(row: Row, asker: Asker, *conditions: Bool) -> Bool:
    return sa.exists(
        sa.select(transfer_request.c.id).where(
            transfer_request.c.tenant_id == asker.tenant,
            transfer_request.c.referral_id == row.c.id,
            transfer_request.c.state == sa.literal("open"),
            *conditions,
        )
    )


def _is_live_note(row: Row, asker: Asker) -> Bool:
    card = referral.alias("of_note")
    return sa.exists(
        sa.select(card.c.id).where(
            card.c.tenant_id == asker.tenant,
            card.c.id == row.c.referral_id,
            among(card.c.state, machine.LIVE),
        )
    )


def _has_live_referral(row: Row, asker: Asker) -> Bool:
    of_case = referral.alias("of_case")
    return sa.exists(
        sa.select(of_case.c.id).where(
            of_case.c.tenant_id == asker.tenant,
            of_case.c.case_id == row.c.id,
            among(of_case.c.state, machine.LIVE),
        )
    )


def _open_cases(row: Row, asker: Asker) -> "sa.ScalarSelect[Any]":
    """How many the organisation keeps."""
    return (
        sa.select(sa.func.count())
        .select_from(case_file)
        .where(
            case_file.c.tenant_id == asker.tenant,
            case_file.c.organisation_id == row.c.id,
            case_file.c.state == sa.literal("open"),
        )
        .scalar_subquery()
    )


def _live_referrals(row: Row, asker: Asker) -> "sa.ScalarSelect[Any]":
    """Likewise, of those that it sent or is about to."""
    kept = referral.alias("of_keeper")
    return (
        sa.select(sa.func.count())
        .select_from(kept)
        .where(
            kept.c.tenant_id == asker.tenant,
            kept.c.sender_id == row.c.id,
            among(kept.c.state, machine.LIVE),
        )
        .scalar_subquery()
    )


def _keeps_cases(row: Mapping[str, Any]) -> Problem:
    cases, referrals = row["open_cases"], row["live_referrals"]
    return WrongState(
        "keeps_cases",
        f"継続中のケースが{cases}件、進行中の紹介が{referrals}件あるため、退会できません。"
        "ケースをほかの団体に引き継ぐか、終結してください。できない場合は事務局にご相談ください。",
        f"It keeps {cases} open cases and {referrals} referrals under way. Transfer the cases or close them "
        "first; where nobody can, the coordinator ends the membership.",
    )


def _not(fact: Callable[[Row, Asker], Bool]) -> Callable[[Row, Asker], Bool]:
    return lambda row, asker: sa.not_(fact(row, asker))


# an erased case's key may outlive the erasure's commit by a moment, in which nothing is opened any more
NOT_ERASED: Final = Guard(lambda row, _: row.c.state != sa.literal("erased"), _erased)
OF_CASE_NOT_ERASED: Final = Guard(_hangs_on_what_is_not_erased, _erased, beyond=True)
CASE_OPEN: Final = Guard(lambda row, _: row.c.state == sa.literal("open"), _case_closed)
CASE_CLOSED: Final = Guard(
    lambda row, _: row.c.state == sa.literal("closed"),
    lambda row: WrongState(row["state"], "このケースは終結していません。", "This case is open."),
)
NOTHING_UNDER_WAY: Final = Guard(
    _not(_has_live_referral),
    _not_now(
        "live_referral",
        "進行中の紹介があるため、終結できません。先に取り下げるか、完結させてください。",
        "A referral of it is under way. Withdraw or finish that first.",
    ),
    beyond=True,
)
HAS_WORDS: Final = Guard(
    _has_words,
    _not_now(
        "erased",
        "長く動きがなかったため、依頼の文章は消去されました。書き直してください。",
        "The ask was erased since nothing happened for so long. Write it anew.",
    ),
)
AWAITS_APPROVAL: Final = Guard(
    _waits(machine.APPROVAL),
    _not_now("no_request", "承認待ちのカードではありません。", "This card does not wait for approval."),
)
RECIPIENT_IS_MEMBER: Final = Guard(_recipient_is_member, no_recipient, beyond=True)
CARD_OF_OTHERS: Final = Guard(_by_others, _own_card)
NOT_OFFERED_YET: Final = Guard(_none_of_askers, offered_already, beyond=True)
SOMEBODY_OFFERS: Final = Guard(_offers, no_open_offer, beyond=True)
OFFER_OPEN: Final = Guard(lambda row, _: row.c.state == sa.literal("open"), no_open_offer)
NO_QUESTION_YET: Final = Guard(
    _waits_not(machine.QUESTION),
    _not_now(
        "question_open",
        "回答を待っている質問があります。その回答のあとに質問してください。",
        "A question waits for its answer. Ask after that.",
    ),
)
ASKED_BY_OTHERS: Final = Guard(
    _asked_by_others,
    _not_now("no_question", "回答する質問はありません。", "There is no question for you to answer."),
    beyond=True,
)
NOT_ASKED_TO_REOPEN: Final = Guard(
    _waits_not(machine.REOPENING),
    _not_now("asked", "再開はすでに求められています。", "It was asked already to reopen it."),
)
ASKED_TO_REOPEN: Final = Guard(
    _waits(machine.REOPENING),
    _not_now("no_request", "送り手は再開を求めていません。", "The sender has not asked to reopen it."),
)
NOT_HANDED_ON: Final = Guard(
    _not(_handed_on_already),
    _not_now(
        "handed_on",
        "すでに引き継ぎを求めています。送り手の対応をお待ちください。",
        "It was handed on already. Wait for its sender.",
    ),
    beyond=True,
)
SENT_BY_OTHERS: Final = Guard(
    _by_others, lambda _: NotAllowed("自団体が送り手です。", "Your own organisation is the sender.")
)
NOT_ASKED_FOR_YET: Final = Guard(
    _not(_asked_for_by_asker),
    lambda _: AlreadyExists("すでに申し出ています。", "You have asked for it already."),
    beyond=True,
)
ASKED_FOR: Final = Guard(
    _asked_for,
    _not_now("no_request", "引き継ぎの申出はありません。", "Nobody has asked for it."),
    beyond=True,
)
ASKED_FOR_BY_ASKER: Final = Guard(
    _asked_for_by_asker,
    _not_now("no_request", "自団体からの申出はありません。", "You have not asked for it."),
    beyond=True,
)
NOT_ASKED_TO_VOID: Final = Guard(
    _waits_not(machine.VOIDING),
    _not_now("asked", "すでに申し出ています。", "It was asked already to void it."),
)
LIVE_CARD: Final = Guard(
    _is_live_card, lambda row: machine.wrong_state(machine.STEPS["offer_help"], row["state"])
)
NOTE_OF_LIVE_CARD: Final = Guard(
    _is_live_note,
    _not_now("ended", "このカードは終わっています。", "This card has ended."),
    beyond=True,
)
KEEPS_NO_CASES: Final = Guard(
    lambda row, asker: _open_cases(row, asker) == sa.literal(0),
    _keeps_cases,
    beyond=True,
    told=(("open_cases", _open_cases), ("live_referrals", _live_referrals)),
)
"""Of an organisation that is to leave."""
