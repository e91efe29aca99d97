"""What 生駒市 asks of who would join, a profile, and the portal of services and places."""

from typing import Any

from rich.console import Console

from services.operator.demo.chapters.steps import TENANT, mutation, organisation_of
from services.operator.demo.teller import Teller

CONDITIONS = (
    "市内で活動している、または活動する予定があること",
    "反社会的勢力でなく、関わりもないこと",
    "宗教活動・政治活動を目的としないこと",
)
CLASSES = (
    ("正会員", ["GOVERNMENT", "NPO"], True),
    ("協力会員", ["NPO", "COMPANY"], False),
    ("賛助会員", ["COMPANY"], False),
)
REVIEW_DAYS = 14
SETTINGS = "{ platform { version } }"
PROFILE = "{ me { version } }"

SET_CONDITIONS = mutation("setConditions", "ConditionsPayload", "count")
CHANGE_SETTINGS = mutation("changeSettings", "PlatformPayload", "platform { version }")
DEFINE_CLASS = mutation("defineMemberClass", "MemberClassPayload", "memberClass { id name }")
SET_CLASS = mutation("setMemberClass", "OrganisationPayload", "organisation { id }")
VERSION = "query ($id: ID!) { organisation(id: $id) { version } }"
EDIT_PROFILE = mutation("editProfile", "PersonPayload", "person { id }")
CREATE = mutation("createResource", "ResourcePayload", "resource { id version }")
OFFER = mutation("offerResource", "ResourcePayload", "resource { id version }")
SAY_RESOURCE_CAPACITY = mutation(
    "sayResourceCapacity", "ResourcePayload", "resource { id }", kind="ResourceCapacityInput"
)

WEEKDAYS = {"rrule": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "opens": "9:00", "closes": "17:00"}
PLACES: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        "hana",
        {
            "kind": "CONSULTATION",
            "name": "福祉の総合相談窓口",
            "nameKana": "ふくしのそうごうそうだんまどぐち",
            "eligibility": "どなたでも",
            "fee": "無料",
            "languages": ["ja", "en"],
            "hours": {"rules": [WEEKDAYS], "closedOnHolidays": True, "closedAtYearEnd": True},
            "place": {"municipalityCode": "292095", "name": "生駒市役所", "address": "東新町8番38号"},
        },
    ),
    (
        "ines",
        {
            "kind": "IBASHO",
            "name": "まちの居場所 ひだまり(架空)",
            "nameKana": "まちのいばしょひだまり",
            "description": "予約なしで来られます。お茶を飲むだけでも。",
            "fee": "お茶代100円",
            "hours": {
                "rules": [
                    {"rrule": "FREQ=WEEKLY;BYDAY=TU,TH", "opens": "10:00", "closes": "15:00"},
                    {"rrule": "FREQ=MONTHLY;BYDAY=2SA", "opens": "13:00", "closes": "16:00"},
                ],
                "closedAtYearEnd": True,
            },
            "place": {"municipalityCode": "292095", "address": "(架空)本町1番1号", "access": "駅から徒歩5分"},
        },
    ),
    (
        "sato",
        {
            "kind": "SUPPORT",
            "name": "緊急の泊まり場所(架空)",
            "nameKana": "きんきゅうのとまりばしょ",
            "eligibility": "今夜帰る所がない人",
            "place": {"confidential": True, "municipalityCode": "292095", "address": "(架空)秘密の住所"},
        },
    ),
)


async def portal(teller: Teller, console: Console) -> None:
    """conditions, profiles, services and places"""
    await _asks(teller)
    version = (await teller.ask("ines", TENANT, PROFILE))["me"]["version"]
    said = {"interests": "将棋、ギター、庭の手入れ", "askMe": "居場所のはじめ方、断られた後の声のかけ方"}
    await teller.do("ines", TENANT, EDIT_PROFILE, version=version, **said)
    for who, described in PLACES:
        made = (await teller.do(who, TENANT, CREATE, resource=described))["resource"]
        shown = (await teller.do(who, TENANT, OFFER, **made, toEverybody=True))["resource"]
        await teller.do(who, TENANT, SAY_RESOURCE_CAPACITY, **shown, capacity="OPEN")
    console.print(f"portal: {len(PLACES)} services and places at /t/{TENANT}/hsds/services")


async def _asks(teller: Teller) -> None:
    """Set after the first members were admitted: who applies from now on agrees to each."""
    version = (await teller.ask("mori", TENANT, SETTINGS))["platform"]["version"]
    changed = await teller.do("mori", TENANT, CHANGE_SETTINGS, version=version, reviewEveryDays=REVIEW_DAYS)
    version = changed["platform"]["version"]
    await teller.do("mori", TENANT, SET_CONDITIONS, version=version, texts=CONDITIONS)
    for name, kinds, votes in CLASSES:
        content = {"name": name, "kinds": kinds, "votes": votes}
        made = (await teller.do("mori", TENANT, DEFINE_CLASS, memberClass=content))["memberClass"]
        if name == "正会員":
            await _give(teller, made["id"])


async def _give(teller: Teller, member_class: str) -> None:
    organisation = await organisation_of(teller, "ines")
    version = (await teller.ask("mori", TENANT, VERSION, id=organisation))["organisation"]["version"]
    await teller.do("mori", TENANT, SET_CLASS, id=organisation, version=version, memberClassId=member_class)
