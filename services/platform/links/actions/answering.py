"""The answer by a link: the steps of everybody else, taken for the organisation by nobody known by name."""

import uuid
from collections.abc import Awaitable, Callable

import asyncpg

from services.platform.links.actions.ends import end_links
from services.platform.links.actions.holding import Holding, tell_sender
from services.platform.links.actions.opening import check_page
from services.platform.referrals.actions import answering
from services.platform.referrals.actions.answering import Decline
from services.platform.referrals.actions.asking import ask_question

Step = Callable[[asyncpg.Record], Awaitable[uuid.UUID]]


async def accept(holding: Holding, page: str) -> None:
    """T7. Raises LinkOver, PageOver, and as `accept_referral`."""
    await _answer(
        holding,
        page,
        "accept_referral",
        lambda row: answering.accept_referral(holding.holder, row["id"], row["version"]),
    )


async def decline(holding: Holding, page: str, reason: Decline) -> None:
    """T8. Raises LinkOver, PageOver, and as `decline_referral`."""
    await _answer(
        holding,
        page,
        "decline_referral",
        lambda row: answering.decline_referral(holding.holder, row["id"], row["version"], reason),
    )


async def ask(holding: Holding, page: str, text: str) -> None:
    """T10: the clock stands still; to accept or decline afterwards needs another link.

    Raises LinkOver, PageOver, and as `ask_question`.
    """
    await _answer(
        holding,
        page,
        "ask_question",
        lambda row: ask_question(holding.holder, row["id"], row["version"], text),
    )


async def _answer(holding: Holding, page: str, step: str, take: Step) -> None:
    row = await holding.may(step)
    link = await check_page(holding, page)
    await take(row)
    await end_links(holding.work, row["id"], "answered")
    await tell_sender(holding, row, "link_used")
    holding.work.record("answer_by_link", "referral", row["id"], link=str(link["id"]), step=step)
