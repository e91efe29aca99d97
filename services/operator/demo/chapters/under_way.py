"""Referrals that wait for somebody: a question, a hold, a hand-on, an answer without an account."""

from datetime import timedelta

from rich.console import Console

from services.operator.demo.chapters.members import CIRCLE
from services.operator.demo.chapters.steps import TENANT, at_version, move, mutation, organisation_of, sent
from services.operator.demo.teller import Teller

ASK_QUESTION = mutation("askQuestion", kind="QuestionTextInput")
FIND = "query ($name: String) { organisations(search: $name) { nodes { id } } }"
REVIEW_DAYS = 21


async def under_way(teller: Teller, _: Console) -> None:
    """referrals under way"""
    hana, sato = await organisation_of(teller, "hana"), await organisation_of(teller, "sato")
    await _asked(teller, hana)
    await _held(teller, hana)
    await _handed_on(teller, hana, sato)
    await _by_link(teller)


async def _asked(teller: Teller, recipient: str) -> None:
    """The clock stands still until Ines answers."""
    waiting = await sent(teller, recipient, "WORK", "少しずつ働きはじめられる場を探しています。")
    await at_version(teller, "hana", ASK_QUESTION, waiting, text="通える時間帯はいつですか。")


async def _held(teller: Teller, recipient: str) -> None:
    taken = await sent(teller, recipient, "ELDER_CARE", "日中の見守りについて相談したいそうです。")
    await move(teller, "hana", "acceptReferral", taken)
    await move(teller, "hana", "startSupport", taken, startedOn=teller.clock.today().isoformat())
    review = teller.clock.today() + timedelta(days=REVIEW_DAYS)
    await move(teller, "hana", "hold", taken, code="WAITING_DOCUMENT", reviewOn=review.isoformat())


async def _handed_on(teller: Teller, recipient: str, next_one: str) -> None:
    """The new referral waits for Ines to ask the person anew; nothing of it is shown to the next body."""
    taken = await sent(teller, recipient, "CHILDCARE", "親子で過ごせる場を探しています。")
    await move(teller, "hana", "acceptReferral", taken)
    await move(teller, "hana", "handOn", taken, recipientId=next_one)


async def _by_link(teller: Teller) -> None:
    """To the visitors' circle, whose two members share a mailbox and want no account: it goes by itself."""
    found = await teller.ask("ines", TENANT, FIND, name=CIRCLE)
    circle = found["organisations"]["nodes"][0]["id"]
    ask = "月に二度、庭の手入れを手伝いながら話を聞いてほしいそうです。"
    await sent(teller, circle, "LISTENING", ask)
