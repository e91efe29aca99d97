"""When a referral's sender can send a link to answer it, and take it back."""

from typing import Final

import sqlalchemy as sa

from libs.errors.problems import NotFound, Problem, WrongState
from libs.policy.predicates import Asker, Hanging
from libs.policy.steps import Guard, Step
from libs.reading.declare import Row
from libs.tenancy.models import organisation
from services.platform.links.models import answer_link
from services.platform.referrals.guards import in_state_for
from services.platform.referrals.models import referral
from services.platform.referrals.models.relations import is_sender
from services.platform.relations import RELATIONS

Bool = sa.ColumnElement[bool]
MOST_LINKS: Final = 6


def no_address(_: object = None) -> Problem:
    return WrongState(
        "no_work_email",
        "打診先の団体に業務用メールアドレスの登録がないため、リンクを送れません。電話などで連絡し、"
        "登録を依頼してください。",
        "The recipient has registered no work e-mail, so no link can be sent. Ask it, by telephone for "
        "example, to register one.",
    )


def _too_many(_: object) -> Problem:
    return WrongState(
        "too_many_links",
        "この打診には、これ以上回答リンクを送れません。電話などでご連絡ください。",
        "No more links can be sent for this referral. Reach the recipient by telephone.",
    )


def _for_named_people(_: object) -> Problem:
    return WrongState(
        "vital_interest",
        "緊急開示は名指しした職員だけに開かれるため、リンクでは回答できません。",
        "What was opened in an emergency is for the people named, so nobody can answer it by a link.",
    )


def no_link(_: object = None) -> Problem:
    return NotFound("有効な回答リンクはありません。", "There is no link that still works.")


def _has_address(row: Row, asker: Asker) -> Bool:
    return sa.exists(
        sa.select(organisation.c.id).where(
            organisation.c.tenant_id == asker.tenant,
            organisation.c.id == row.c.recipient_id,
            organisation.c.status == sa.literal("active"),
            organisation.c.work_email.is_not(None),
        )
    )


def _has_few(row: Row, asker: Asker) -> Bool:
    """Each link may be tried out a few times: their number bounds the guesses at a referral's codes."""
    sent = (
        sa.select(sa.func.count())
        .select_from(answer_link)
        .where(answer_link.c.tenant_id == asker.tenant, answer_link.c.referral_id == row.c.id)
    )
    return sent.scalar_subquery() < MOST_LINKS


def _is_an_organisations(row: Row, _: Asker) -> Bool:
    return row.c.basis != sa.literal("vital_interest")


def _has_link(row: Row, asker: Asker) -> Bool:
    return sa.exists(
        sa.select(answer_link.c.id).where(
            answer_link.c.tenant_id == asker.tenant,
            answer_link.c.referral_id == row.c.id,
            answer_link.c.ended_at.is_(None),
            answer_link.c.expires_at > asker.now,
        )
    )


RELATIONS.register("answer_link", "sender", Hanging("referral", referral, "referral_id", is_sender))
_ANSWERABLE: Final = in_state_for("accept_referral")

RELATIONS.steps.register(
    Step(
        "referral",
        "send_answer_link",
        (
            _ANSWERABLE,
            Guard(_is_an_organisations, _for_named_people),
            Guard(_has_address, no_address, beyond=True),
            Guard(_has_few, _too_many, beyond=True),
        ),
    ),
    Step("referral", "revoke_answer_link", (_ANSWERABLE, Guard(_has_link, no_link, beyond=True))),
)
