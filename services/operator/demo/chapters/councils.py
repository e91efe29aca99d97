"""The statutory council of 生駒市: its members, their public notice, who coordinates."""

from datetime import timedelta
from typing import Any

from rich.console import Console

from services.operator.demo.chapters.steps import TENANT, mutation, organisation_of
from services.operator.demo.teller import Teller

NAME = "生駒市孤独・孤立対策地域協議会"
MEMBERS = ("mori", "hana", "ines", "sato")
ESTABLISHED_DAYS_AGO = 90

ESTABLISH = mutation("establishCouncil", "CouncilPayload", "council { id version }")
ADD_MEMBER = mutation("addCouncilMember", "CouncilMemberPayload", "councilMember { id }")
ANNOUNCE = mutation("announceCouncil", "CouncilPayload", "council { id version }")
NAME_AGENCY = mutation("nameCoordinatingAgency", "CouncilPayload", "council { id version }")


async def councils(teller: Teller, _: Console) -> None:
    """the council"""
    since = teller.clock.today() - timedelta(days=ESTABLISHED_DAYS_AGO)
    council = await _by_mori(teller, ESTABLISH, name=NAME, establishedOn=since.isoformat())
    members = {who: await organisation_of(teller, who) for who in MEMBERS}
    for organisation in members.values():
        await teller.do("mori", TENANT, ADD_MEMBER, councilId=council["id"], organisationId=organisation)
    named = await _by_mori(teller, NAME_AGENCY, **council, organisationId=members["hana"])
    await _by_mori(teller, ANNOUNCE, **named, on=since.isoformat())


async def _by_mori(teller: Teller, text: str, **given: object) -> dict[str, Any]:
    return (await teller.do("mori", TENANT, text, **given))["council"]
