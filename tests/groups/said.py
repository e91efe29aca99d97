"""What the tests of working groups say: mutations by name, a group to begin with."""

from typing import Any

from tests.members.said import own
from tests.stage.stage import Person

GROUP = """workingGroup { id version name purpose state published boardOpenToCompanies chair { name }
  seats(first: 50) { totalCount nodes { id version organisation { name } isChair fromOn untilOn } }
  hiddenFields }"""
SEAT = "seat { id version isChair fromOn untilOn organisation { name } workingGroup { name } hiddenFields }"
REQUEST = "seatRequest { id version state message organisation { name } }"
POST = """post { id version title body audience author { name } authorOrganisation { name }
  workingGroup { name } hiddenFields }"""
FILE = """file { id version name mediaType size sha256 audience post { id } workingGroup { name }
  authorOrganisation { name } hiddenFields }"""
COMMENT = (
    "comment { id version body audience author { name } post { id } workingGroup { name } hiddenFields }"
)
REFUSED = """... on UserError { problem: code ja en } ... on InvalidInput { field detail }
  ... on WrongState { state } ... on StaleVersion { current }"""

INPUTS = {
    "createWorkingGroup": ("CreateWorkingGroupInput", "WorkingGroupPayload", GROUP),
    "editWorkingGroup": ("EditWorkingGroupInput", "WorkingGroupPayload", GROUP),
    "publishWorkingGroup": ("PublishWorkingGroupInput", "WorkingGroupPayload", GROUP),
    "openBoard": ("OpenBoardInput", "WorkingGroupPayload", GROUP),
    "nameChair": ("NameChairInput", "WorkingGroupPayload", GROUP),
    "giveSeat": ("GiveSeatInput", "SeatPayload", SEAT),
    "endSeat": ("EndSeatInput", "SeatPayload", SEAT),
    "askForSeat": ("AskForSeatInput", "SeatRequestPayload", REQUEST),
    "declineSeatRequest": ("SeatRequestInput", "SeatRequestPayload", REQUEST),
    "withdrawSeatRequest": ("SeatRequestInput", "SeatRequestPayload", REQUEST),
    "writePost": ("WritePostInput", "PostPayload", POST),
    "editPost": ("EditPostInput", "PostPayload", POST),
    "removePost": ("RemovePostInput", "PostPayload", POST),
    "writeComment": ("WriteCommentInput", "CommentPayload", COMMENT),
    "editComment": ("EditCommentInput", "CommentPayload", COMMENT),
    "removeComment": ("RemoveCommentInput", "CommentPayload", COMMENT),
    "pinPost": ("PinPostInput", "PinnedPayload", "post { id version isPinned }"),
    "markPostsRead": ("MarkPostsReadInput", "PostsReadPayload", GROUP),
    "uploadFile": ("UploadFileInput", "FilePayload", FILE),
    "attachFile": ("AttachFileInput", "FilePayload", FILE),
    "editFile": ("EditFileInput", "FilePayload", FILE),
    "removeFile": ("RemoveFileInput", "FilePayload", FILE),
}

ONE_GROUP = f"query ($id: ID!) {{ {GROUP.replace('workingGroup', 'workingGroup(id: $id)', 1)} }}"
ONE_POST = f"query ($id: ID!) {{ {POST.replace('post', 'post(id: $id)', 1)} }}"
ONE_FILE = f"query ($id: ID!) {{ {FILE.replace('file', 'file(id: $id)', 1)} }}"
ONE_SEAT = f"query ($id: ID!) {{ {SEAT.replace('seat', 'seat(id: $id)', 1)} }}"
POSTS = (
    """query ($id: ID!) { workingGroup(id: $id) { posts(first: 50) { totalCount nodes { id title } } } }"""
)
GROUPS = """query ($search: String) { workingGroups(search: $search, first: 100) {
  totalCount nodes { id name } } }"""


async def tries(person: Person, name: str, /, **given: Any) -> dict[str, Any]:
    """The mutation's answer, payload or refusal."""
    input_type, payload, selection = INPUTS[name]
    document = f"""mutation ($input: {input_type}!) {{ {name}(input: $input) {{
      __typename ... on {payload} {{ {selection} }} {REFUSED} }} }}"""
    return await person.do(document, **given)


async def does(person: Person, name: str, /, **given: Any) -> dict[str, Any]:
    """The mutation's object; it must have been done."""
    answer = await tries(person, name, **given)
    assert answer["__typename"] == INPUTS[name][1], answer
    shown: dict[str, Any] = answer[INPUTS[name][2].split()[0]]
    return shown


async def organisation_of(person: Person) -> str:
    identity: str = (await own(person))["id"]
    return identity


async def founded(mori: Person, *seated: Person, name: str = "見守り部会", **given: Any) -> str:
    """A group's id, with seats for these people's organisations; the first of them chairs."""
    chair = {"chairOrganisationId": await organisation_of(seated[0])} if seated else {}
    group = await does(mori, "createWorkingGroup", name=name, **chair, **given)
    for person in seated[1:]:
        await does(mori, "giveSeat", workingGroupId=group["id"], organisationId=await organisation_of(person))
    identity: str = group["id"]
    return identity


async def group_of(person: Person, identity: str) -> dict[str, Any]:
    group: dict[str, Any] = (await person.ask(ONE_GROUP, id=identity)).data["workingGroup"]
    return group


async def titles(person: Person, group: str) -> set[str]:
    """The posts of the group that the person sees; their count is of just these, and each answers singly."""
    posts = (await person.ask(POSTS, id=group)).data["workingGroup"]["posts"]
    assert posts["totalCount"] == len(posts["nodes"])
    for each in posts["nodes"]:
        assert (await person.ask(ONE_POST, id=each["id"])).data["post"]["title"] == each["title"]
    return {each["title"] for each in posts["nodes"]}
