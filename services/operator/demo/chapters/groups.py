"""Working groups, who sits in them, and what they write to whom."""

from rich.console import Console

from services.operator.demo.teller import Teller

CREATE = """mutation ($input: CreateWorkingGroupInput!) { createWorkingGroup(input: $input) {
  ... on WorkingGroupPayload { workingGroup { id version } } ... on UserError { en } } }"""
OPEN_BOARD = """mutation ($input: OpenBoardInput!) { openBoard(input: $input) {
  ... on WorkingGroupPayload { workingGroup { id version } } ... on UserError { en } } }"""
PUBLISH = """mutation ($input: PublishWorkingGroupInput!) { publishWorkingGroup(input: $input) {
  ... on WorkingGroupPayload { workingGroup { id version } } ... on UserError { en } } }"""
GIVE_SEAT = """mutation ($input: GiveSeatInput!) { giveSeat(input: $input) {
  ... on SeatPayload { seat { id } } ... on UserError { en } } }"""
WRITE = """mutation ($input: WritePostInput!) { writePost(input: $input) {
  ... on PostPayload { post { id } } ... on UserError { en } } }"""
OWN = "{ myOrganisation { id } }"
FIND = "query ($name: String) { workingGroups(search: $name) { nodes { id } } }"

GROUPS = (
    ("ikoma", "mori", "居場所と訪問の分科会", "つながりの場と訪問を広げる", ("ines", "sato", "hana", "kato")),
    ("ikoma", "mori", "こども・若者の分科会", "学校の外の居場所を考える", ("sato", "ines")),
    ("takamatsu", "oda", "見守りネットワーク分科会", "地域の見守りをつなぐ", ("ueda", "kagawa")),
    ("zenkoku", "zen", "分科会1 声を上げやすい社会", "各地の取組を持ち寄る", ("amino",)),
)
POSTS = (
    ("ikoma", "ines", 0, "ALL", "次回の集まり", "次回は居場所の開設時間について話します。"),
    ("ikoma", "hana", 0, "PUBLIC_SECTOR_AND_NPOS", "訪問の分担", "地区ごとの訪問の分担案を共有します。"),
    ("ikoma", "hana", 0, "PUBLIC_SECTOR", "予算の見通し", "来年度の委託予算の見通しです。"),
    ("takamatsu", "ueda", 2, "ALL", "見守りの約束事", "異変に気づいたときの連絡の流れをまとめました。"),
    ("zenkoku", "amino", 3, "ALL", "各地からの報告", "居場所の開設時間の工夫を、三つの市から聞きました。"),
)


async def groups(teller: Teller, _: Console) -> None:
    """working groups"""
    for tenant, coordinator, name, purpose, members in GROUPS:
        made = await teller.do(coordinator, tenant, CREATE, name=name, purpose=purpose)
        group = made["workingGroup"]
        for number, member in enumerate(members):
            organisation = (await teller.ask(member, tenant, OWN))["myOrganisation"]["id"]
            await teller.do(
                coordinator,
                tenant,
                GIVE_SEAT,
                workingGroupId=group["id"],
                organisationId=organisation,
                isChair=number == 0,
            )
        opened = await teller.do(
            coordinator, tenant, OPEN_BOARD, id=group["id"], version=group["version"], toCompanies=True
        )
        version = opened["workingGroup"]["version"]
        await teller.do(coordinator, tenant, PUBLISH, id=group["id"], version=version, published=True)
    for tenant, writer, number, audience, title, body in POSTS:
        group_id = await group_named(teller, writer, tenant, GROUPS[number][2])
        await teller.do(
            writer, tenant, WRITE, workingGroupId=group_id, audience=audience, title=title, body=body
        )


async def group_named(teller: Teller, who: str, tenant: str, name: str) -> str:
    found = await teller.ask(who, tenant, FIND, name=name)
    return found["workingGroups"]["nodes"][0]["id"]
