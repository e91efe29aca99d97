"""The second factor: a code, a few tries, and then one page that shows the referral."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import asyncpg
import sqlalchemy as sa

from libs.errors.problems import NotAllowed
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.access import Access
from services.platform.links.actions.ends import PageOver, end_links
from services.platform.links.actions.holding import Holding, tell_sender
from services.platform.links.actions.mailing import mail_code
from services.platform.links.models import (
    CODE_LIFE,
    CODES,
    PAGE_LIFE,
    TRIES,
    answer_link,
    matches,
    new_code,
    new_page,
    page_hash,
)
from services.platform.referrals.actions.revealing import Admitted, Asked, admit_to_referral
from services.platform.referrals.models import codes, question, referral

SHOWN: Final = ("ask", "urgency", "need_category", "age_band", "area")
_NO_DIGIT: Final = re.compile(r"[^0-9]")


@dataclass(frozen=True, slots=True)
class WrongCode:
    """No code that is open now; `left` more tries. Answered, not raised: the miss must be kept."""

    left: int


@dataclass(frozen=True, slots=True)
class Opened:
    """What one page shows: L1 by name (absent where withheld), L2 and what was asked and answered still
    sealed; `page` answers from it."""

    page: str = field(repr=False)
    card: Mapping[str, Any]
    admitted: Admitted
    exchanged: Admitted | None


async def send_code(holding: Holding) -> bool:
    """Mails a new code to the registered address; False where the link has had its last, or where the sender
    tells the code by telephone.

    Raises LinkOver, NotFound, NotAllowed, WrongState.
    """
    await holding.may("accept_referral")
    link = await holding.link()
    if link["code_by"] != "mail" or link["codes"] >= CODES:
        return False
    code, until = new_code(), min(holding.work.now + CODE_LIFE, link["expires_at"])
    hashed = holding.key.code_hash(code)
    await holding.work.one(NEW_CODE, id=link["id"], code_hash=hashed, code_until=until)
    await mail_code(holding.holder, holding.organisation_id, code, until)
    return True


async def enter_code(holding: Holding, typed: str) -> Opened | WrongCode:
    """Opens the page, once for each code. Raises LinkOver, NotFound, NotAllowed, WrongState."""
    row = await holding.may("accept_referral")
    link = await holding.link()
    if _is_right(holding, link, typed):
        return await _show(holding, link)
    return await _miss(holding, link, row)


async def show_again(holding: Holding, page: str) -> Opened:
    """The page anew for who has it open. Raises LinkOver, PageOver, NotFound, NotAllowed, WrongState."""
    await holding.may("accept_referral")
    return await _show(holding, await check_page(holding, page))


async def check_page(holding: Holding, page: str) -> asyncpg.Record:
    """The link whose opened page this is. Raises LinkOver, PageOver."""
    link = await holding.link()
    is_newest = matches(link["page_hash"], page_hash(page))
    if not is_newest or link["page_until"] <= holding.work.now:
        raise PageOver
    return link


async def _show(holding: Holding, link: asyncpg.Record) -> Opened:
    """The referral on a page of its own, of which the access log tells; an earlier page closes."""
    row = await holding.may("reveal_narrative")
    page = new_page()
    until = min(holding.work.now + PAGE_LIFE, link["expires_at"])
    await holding.work.one(OPEN_PAGE, id=link["id"], page_hash=page_hash(page), page_until=until)
    asked = Asked("L2", "support", "", link["id"])
    # `may` judged the holder too; what the level rests on is the organisation's
    admitted = await admit_to_referral(holding.desk, row["id"], asked)
    return Opened(page, await _card(holding), admitted, await _exchanged(holding, link))


async def _exchanged(holding: Holding, link: asyncpg.Record) -> Admitted | None:
    """Questions with their answers, if there are any: opened and logged as the narrative is."""
    if await holding.work.one(AN_ANSWER, referral_id=holding.referral_id) is None:
        return None
    try:
        await holding.may("reveal_texts")
    except NotAllowed:
        # a platform that tightened this rule leaves the rest of the page as it is
        return None
    asked = Asked(codes.TEXTS, "support", "", link["id"])
    return await admit_to_referral(holding.desk, holding.referral_id, asked)


def _is_right(holding: Holding, link: asyncpg.Record, typed: str) -> bool:
    if link["code_until"] is None or link["code_until"] <= holding.work.now:
        return False
    # a phone's Japanese keyboard writes full-width digits
    digits = _NO_DIGIT.sub("", unicodedata.normalize("NFKC", typed))
    return matches(link["code_hash"], holding.key.code_hash(digits))


async def _miss(holding: Holding, link: asyncpg.Record, row: asyncpg.Record) -> WrongCode:
    left = TRIES - link["tries"] - 1
    await holding.work.one(MISS, id=link["id"])
    if left <= 0:
        await end_links(holding.work, row["id"], "tries")
        await tell_sender(holding, row, "link_ended")
        holding.work.record(
            "link_ended", "referral", link["referral_id"], link=str(link["id"]), reason="tries"
        )
    return WrongCode(left)


async def _card(holding: Holding) -> Mapping[str, Any]:
    statement = _card_statement(holding.holder.access, holding.desk.access)
    places = holding.holder.viewer.places(holding.work.now)
    row = await holding.work.one(statement, **places, id=holding.referral_id)
    return {} if row is None else {name: row[name] for name in SHOWN if row[name] is not None}


def _card_statement(holder: Access, desk: Access) -> Statement:
    """L1 as far as it is open to a holder and to the organisation's desk: a company reads the ask alone."""
    return Statement(
        sa.select(
            *(
                sa.case((sa.and_(_open(holder, name), _open(desk, name)), referral.c[name])).label(name)
                for name in SHOWN
            )
        ).where(referral.c.tenant_id == TENANT, referral.c.id == parameter(referral.c.id))
    )


def _open(access: Access, name: str) -> "sa.ColumnElement[bool]":
    return access.condition(access.field("referral", name), "referral", referral)


NEW_CODE = Statement(
    sa.update(answer_link)
    .where(answer_link.c.tenant_id == TENANT, answer_link.c.id == parameter(answer_link.c.id))
    .values(
        codes=answer_link.c.codes + 1,
        code_hash=parameter(answer_link.c.code_hash),
        code_until=parameter(answer_link.c.code_until),
    )
)
OPEN_PAGE = Statement(
    sa.update(answer_link)
    .where(answer_link.c.tenant_id == TENANT, answer_link.c.id == parameter(answer_link.c.id))
    .values(
        # a code by mail opens one page; one that was told by telephone cannot be had again
        code_hash=sa.case((answer_link.c.code_by == "telephone", answer_link.c.code_hash)),
        page_hash=parameter(answer_link.c.page_hash),
        page_until=parameter(answer_link.c.page_until),
    )
)
AN_ANSWER = Statement(
    sa.select(question.c.id)
    .where(
        question.c.tenant_id == TENANT,
        question.c.referral_id == parameter(question.c.referral_id),
        question.c.answered_at.is_not(None),
    )
    .limit(sa.literal_column("1"))
)
MISS = Statement(
    sa.update(answer_link)
    .where(answer_link.c.tenant_id == TENANT, answer_link.c.id == parameter(answer_link.c.id))
    .values(tries=answer_link.c.tries + 1)
)
