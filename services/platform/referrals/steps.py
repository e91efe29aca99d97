"""What can be done to cases, consents and referrals, and in which state: the machine's table as SQL."""

from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa

from libs.errors.problems import AlreadyExists, NotAllowed, NotFound, Problem, WrongState
from libs.persistence.sealing.key_store import KeyErased
from libs.persistence.statements import among
from libs.policy.predicates import Asker
from libs.policy.steps import Guard, Step, Through
from libs.reading.declare import Row
from libs.tenancy.models import organisation
from services.platform.referrals.models import case_file, codes, machine, offer
from services.platform.relations import RELATIONS

Bool = sa.ColumnElement[bool]

REVEALS: Final[Mapping[str, str]] = {
    "L2": "reveal_narrative",
    "L3": "reveal_identity",
    "L4": "reveal_safety",
    codes.TEXTS: "reveal_texts",
}
"""The step that opens each level."""


def _case_closed(row: Mapping[str, Any]) -> Problem:
    return WrongState(row["state"], "このケースは終結しています。", "This case is closed.")


def _erased(_: object) -> Problem:
    return KeyErased()


def _withdrawn(_: object) -> Problem:
    return WrongState(
        "withdrawn", "この同意はすでに撤回されています。", "This consent was withdrawn already."
    )


def _own_card(_: object) -> Problem:
    return NotAllowed("自団体のカードには申し出できません。", "This is your own organisation's card.")


def offered_already(_: object = None) -> Problem:
    return AlreadyExists(
        "このカードには、すでに申し出ています。", "You have offered help on this card already."
    )


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


def _plain(name: str, *more: Guard) -> Step:
    return Step("referral", name, (in_state_for(name), *more))


# an erased case's key may outlive the erasure's commit by a moment, in which nothing is opened any more
NOT_ERASED: Final = Guard(lambda row, _: row.c.state != sa.literal("erased"), _erased)
OF_CASE_NOT_ERASED: Final = Guard(_hangs_on_what_is_not_erased, _erased, beyond=True)
CASE_OPEN: Final = Guard(lambda row, _: row.c.state == sa.literal("open"), _case_closed)
_OFFER_STEP: Final = machine.STEPS["offer_help"]

RELATIONS.steps.register(
    Step("case", "keep_case", (CASE_OPEN,)),
    Step("case", "record_consent", (CASE_OPEN,)),
    Step(
        "case",
        "create_referral",
        (CASE_OPEN,),
        policy="keep_case",
        also=(("referral", "create_referral", ("own",)),),
    ),
    *(Step("case", REVEALS[level], (NOT_ERASED,)) for level in codes.LEVELS),
    Step(
        "consent",
        "withdraw_consent",
        (Guard(lambda row, _: row.c.withdrawn_at.is_(None), _withdrawn),),
        through=Through("case", case_file, lambda row, case, _: case.c.id == row.c.case_id),
    ),
    # as the earlier attempt that a new one names
    Step("referral", "create_referral"),
    Step("referral", "edit_referral", (in_state_for("request_basis"),)),
    _plain("request_basis"),
    _plain("send_referral", Guard(_recipient_is_member, no_recipient, beyond=True)),
    _plain("post_to_board"),
    _plain(
        "offer_help",
        Guard(_by_others, _own_card),
        Guard(_none_of_askers, offered_already, beyond=True),
    ),
    _plain("choose_offer", Guard(_offers, no_open_offer, beyond=True)),
    _plain("accept_referral"),
    _plain("decline_referral"),
    _plain("start_support"),
    _plain("report_outcome"),
    _plain("confirm_loop"),
    _plain("withdraw_referral"),
    Step(
        "referral",
        "write_note",
        (Guard(_is_live_card, lambda row: machine.wrong_state(_OFFER_STEP, row["state"])),),
    ),
    *(Step("referral", name, (OF_CASE_NOT_ERASED,), item=level) for level, name in REVEALS.items()),
)
