"""The page on which people ask for help: kept by Mori, read by Hana's desk, used by people nobody knows."""

import re
from typing import Any

from rich.console import Console

from services.operator.demo.chapters.steps import TENANT, mutation, organisation_of
from services.operator.demo.teller import Teller

KEEP_PAGE = mutation("keepHelpPage", "PlatformPayload", "platform { id }")
REVEAL = mutation("revealRequest", "RequestRevealPayload", "helpRequest { id version }")
ANSWER = mutation("answerRequest", "HelpRequestPayload", "helpRequest { id }")
TAKE = mutation("takeRequest", "CasePayload", "case { id }")
PLATFORM = "{ platform { version } }"
NEWEST = "{ helpRequests(first: 1, state: WAITING) { nodes { id version } } }"

WEEKDAYS = ("MON", "TUE", "WED", "THU", "FRI")
EVERY_DAY = (*WEEKDAYS, "SAT", "SUN", "HOLIDAY")
LINES = (
    {
        "name": "生駒市 ひとりで悩まない電話(架空の番号)",
        "number": "0743-00-0001",
        "spans": [{"days": WEEKDAYS, "opens": "09:00:00", "closes": "17:00:00"}],
    },
    {
        "name": "夜の電話(架空の番号)",
        "number": "0743-00-0002",
        "note": "通話料がかかります",
        "spans": [{"days": EVERY_DAY, "opens": "20:00:00", "closes": "06:00:00"}],
    },
)
INTRODUCTION = "ひとりで抱えないでください。あなたの話を、市の相談員が読みます。"
REPLY = "書いてくださってありがとうございます。よければ木曜の午後、お話を聞かせてください。"

_FORM = re.compile(r'name="form" value="([^"]+)"')
_CODE = re.compile(r'class="code"[^>]*>([^<]+)<')


async def help_page(teller: Teller, _: Console) -> None:
    """people ask for help"""
    version = (await teller.ask("mori", TENANT, PLATFORM))["platform"]["version"]
    desk = await organisation_of(teller, "hana")
    page = {"deskId": desk, "introduction": INTRODUCTION, "lines": LINES}
    await teller.do("mori", TENANT, KEEP_PAGE, version=version, **page)
    await _asks(teller, about="other", words="隣の方を最近お見かけしません。どこに言えばよいでしょうか。")
    await _by_hana(teller, TAKE, needs=["ELDER_CARE"])
    teller.help_code = await _asks(teller, about="self", words="話せる人がいません。", name="みどり")
    await _by_hana(teller, ANSWER, text=REPLY)
    await _asks(teller, about="self", words="夜になると、だれにも話せないまま朝になります。")


async def _asks(teller: Teller, **written: str) -> str:
    """Somebody without an account fills in the page's form; the code that they note down."""
    path = f"/t/{TENANT}/help"
    form = _FORM.findall(await teller.visit(path))[0]
    return _CODE.findall(await teller.fill_in(path, form=form, **written))[0]


async def _by_hana(teller: Teller, said: str, **given: object) -> dict[str, Any]:
    """Hana reads the newest that waits, which is logged, and does something about it."""
    waiting = (await teller.ask("hana", TENANT, NEWEST))["helpRequests"]["nodes"][0]
    read = await teller.do("hana", TENANT, REVEAL, id=waiting["id"], purpose={"code": "SUPPORT"})
    return await teller.do("hana", TENANT, said, **read["helpRequest"], **given)
