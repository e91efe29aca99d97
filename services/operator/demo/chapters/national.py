"""The national platform, a tenant like any other: its 分科会 will meet. 高松市 offers a practice."""

from datetime import timedelta
from typing import Final

from rich.console import Console

from services.operator.demo.chapters.groups import GROUPS, group_named
from services.operator.demo.chapters.meetings import CALL, OFFER
from services.operator.demo.teller import Teller

TENANT: Final = "zenkoku"
PRACTICE: Final = {
    "title": "商店街と決めた見守りの約束事",
    "body": "店先で気づいたことを誰に伝えるかを一枚の紙にし、半年ごとに見直す。",
    "tags": ["見守り", "商店街"],
}


async def national(teller: Teller, _: Console) -> None:
    """the national platform"""
    group = await group_named(teller, "amino", TENANT, GROUPS[-1][2])
    starts = teller.clock() + timedelta(days=20)
    plan = {
        "title": "第1回 分科会1",
        "startsAt": starts.isoformat(),
        "endsAt": (starts + timedelta(hours=2)).isoformat(),
        "agenda": "1 各地の報告\n2 来年度の研修",
        "joinUrl": "https://meet.example.jp/bunkakai",
    }
    await teller.do("amino", TENANT, CALL, workingGroupId=group, plan=plan)
    await teller.do("oda", "takamatsu", OFFER, **PRACTICE)
