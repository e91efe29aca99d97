"""Links that go by themselves: to a recipient that has nobody to answer, and with the answer to a question.

Where none can go by itself, whoever referred is told in the same transaction: nobody waits for an answer that
cannot come.
"""

import uuid
from typing import Final

import asyncpg
import sqlalchemy as sa

from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.persistence.work import Work
from libs.policy.acting import Acting
from libs.policy.predicates import ASKER
from libs.tenancy.models import membership, organisation, person, platform_settings
from services.platform.links.actions.sending import post_link
from services.platform.links.letters import ANSWER_LETTER, LINK_LETTER
from services.platform.links.models import answer_link
from services.platform.links.steps import MOST_LINKS
from services.platform.members.models import live
from services.platform.notices.actions.telling import coordinators, of_organisation, tell
from services.platform.referrals.actions.asking import ANSWERED
from services.platform.referrals.actions.moving import Referral
from services.platform.referrals.actions.sending import SENT
from services.platform.referrals.models import referral

ANSWERABLE: Final = "sent"


async def reach_recipient(acting: Acting, row: Referral) -> None:
    """After T3. Nothing where the recipient has a desk, which was told already, nor in an emergency, of which
    people were told by name."""
    reach = await _reach(acting.work, row)
    if reach["has_desk"] or row["basis"] == "vital_interest":
        return
    if reach["has_address"] and _goes_by_itself(reach):
        await post_link(acting, row, LINK_LETTER, by_itself=True)
    else:
        await _tell_sender(acting.work, row, reach)


async def bring_answer(acting: Acting, row: Referral, question: asyncpg.Record) -> None:
    """After an answer to what was asked by a link, that is by nobody known by name: another link shows it."""
    by_link = question["asker_id"] is None and question["asked_by_id"] == row["recipient_id"]
    if not by_link or row["state"] != ANSWERABLE:
        return
    reach = await _reach(acting.work, row)
    if reach["has_address"] and _goes_by_itself(reach):
        await post_link(acting, row, ANSWER_LETTER, by_itself=True)
    else:
        await _tell_sender(acting.work, row, reach)


async def tell_who_waits(work: Work, organisation_id: uuid.UUID) -> None:
    """The last one at its desk may have gone: whoever asked the organisation sends a link, or telephones."""
    for row in await work.rows(WAITING, recipient_id=organisation_id):
        reach = await _reach(work, row)
        if not reach["has_desk"] and row["basis"] != "vital_interest":
            await _tell_sender(work, row, reach)


SENT.register(reach_recipient)
ANSWERED.register(bring_answer)


def _goes_by_itself(reach: asyncpg.Record) -> bool:
    """By telephone the sender tells the code, which is shown to nobody else: that link is theirs to send."""
    by_mail = reach["work_email_own"] and reach["answer_link_code"] == "mail"
    return reach["answer_links_automatic"] and by_mail and reach["links"] < MOST_LINKS


async def _tell_sender(work: Work, row: Referral, reach: asyncpg.Record) -> None:
    sender, about = of_organisation(row["sender_id"], "caseworker"), ("referral", row["id"])
    if reach["has_address"]:
        await tell(work, "link_to_send", about, sender, actor_too=True)
    else:
        await tell(work, "nobody_receives", about, sender, coordinators(), actor_too=True)


async def _reach(work: Work, row: Referral) -> asyncpg.Record:
    found = await work.one(REACH, id=row["recipient_id"], referral_id=row["id"])
    assert found is not None  # noqa: S101 - a referral's recipient stays in the register
    return found


_desk = (
    sa.select(membership.c.id)
    .join(person, sa.and_(person.c.tenant_id == TENANT, person.c.id == membership.c.person_id))
    .where(
        live(ASKER),
        membership.c.tenant_id == TENANT,
        membership.c.organisation_id == organisation.c.id,
        sa.literal("desk") == sa.any_(membership.c.roles),
        person.c.status == sa.literal("active"),
    )
)
_links = sa.select(sa.func.count()).where(
    answer_link.c.tenant_id == TENANT,
    answer_link.c.referral_id == parameter(answer_link.c.referral_id),
)
WAITING = Statement(
    sa.select(referral)
    .where(
        referral.c.tenant_id == TENANT,
        referral.c.recipient_id == parameter(referral.c.recipient_id),
        referral.c.state == sa.literal(ANSWERABLE),
    )
    .order_by(referral.c.id)
)
REACH = Statement(
    sa.select(
        sa.exists(_desk).label("has_desk"),
        sa.and_(organisation.c.status == sa.literal("active"), organisation.c.work_email.is_not(None)).label(
            "has_address"
        ),
        organisation.c.work_email_own,
        platform_settings.c.answer_link_code,
        platform_settings.c.answer_links_automatic,
        _links.scalar_subquery().label("links"),
    )
    .join(
        platform_settings,
        sa.and_(platform_settings.c.tenant_id == TENANT, platform_settings.c.id == TENANT),
    )
    .where(organisation.c.tenant_id == TENANT, organisation.c.id == parameter(organisation.c.id))
)
