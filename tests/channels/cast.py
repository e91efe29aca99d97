"""生駒市's people for the matrix: those of the loop, and whoever else could get at a referral."""

from dataclasses import dataclass, field
from typing import Any, Final

from tests.referrals import bases
from tests.referrals.conftest import CREATE_GROUP, GIVE_SEAT, MINE, SET_ROLES, Loop
from tests.stage.cities import ACCEPT, ALL_ROLES, APPLY, APPROVE, INVITE, Cities

MORE: Final = (
    ("goto", "government", "生駒保健所", "いこまほけんじょ"),
    ("nao", "npo", "見守りネット生駒", "みまもりねっといこま"),
)
COLLEAGUES: Final = (
    ("iori", "ines", ["REPRESENTATIVE"]),
    ("saki", "sato", ["CASEWORKER"]),
    ("gen", "goto", ["DESK"]),
)
SEATED: Final = ("ines", "sato", "hana", "kato", "nao")
LISTED: Final = ("ines", "sato", "hana", "goto")
OPEN_BOARD: Final = """mutation ($input: OpenBoardInput!) { openBoard(input: $input) { __typename
  ... on WorkingGroupPayload { workingGroup { boardOpenToCompanies } } ... on UserError { en } } }"""


@dataclass
class Cast:
    """`groups` by whether their board is open to companies; `people` by name, as they can be named."""

    loop: Loop
    groups: dict[str, str] = field(default_factory=dict[str, str])
    people: dict[str, str] = field(default_factory=dict[str, str])
    council: str = ""

    @property
    def organisations(self) -> dict[str, str]:
        return self.loop.organisations


async def gathered(cities: Cities) -> Cast:
    """Everybody in their place: two groups, a council with its members listed, a mail address each."""
    for member in MORE:
        await _admitted(cities, *member)
    loop = Loop(cities, "", {})
    cast = Cast(loop)
    for name in (*SEATED, "goto"):
        await _placed(cast, name)
    for name, of, roles in COLLEAGUES:
        await _invited(cast, name, of, roles)
    for title in ("closed", "open"):
        cast.groups[title] = await _group(cast, title)
    cast.council = (await bases.a_council(loop, *LISTED))["id"]
    await _addressed(cast)
    return cast


async def _admitted(cities: Cities, subject: str, kind: str, name: str, kana: str) -> None:
    applied = await cities.person(subject).do(
        APPLY,
        kind=kind.upper(),
        name=name,
        nameKana=kana,
        services="相談",
        area="市内全域",
        workContact="work@example.jp",
        applicationStatement="地域のつながりを広げたい",
        applicantName=subject.capitalize(),
    )
    organisation = applied["organisation"]
    approved = await cities.mori.do(APPROVE, id=organisation["id"], version=organisation["version"])
    assert approved["organisation"]["status"] == "ACTIVE", approved


async def _placed(cast: Cast, name: str) -> None:
    mine = (await cast.loop.person(name).ask(MINE)).data
    cast.people[name], cast.organisations[name] = mine["me"]["id"], mine["myOrganisation"]["id"]
    await cast.loop.person(name).do(
        SET_ROLES, organisationId=cast.organisations[name], personId=cast.people[name], roles=ALL_ROLES
    )


async def _invited(cast: Cast, name: str, of: str, roles: list[str]) -> None:
    invited = await cast.loop.person(of).do(
        INVITE, organisationId=cast.organisations[of], name=name.capitalize(), roles=roles
    )
    accepted = await cast.loop.person(name).do(ACCEPT, code=invited["code"])
    cast.people[name] = accepted["person"]["id"]


async def _group(cast: Cast, title: str) -> str:
    mori = cast.loop.person("mori")
    made = (await mori.do(CREATE_GROUP, name=f"居場所部会 {title}", purpose="居場所をつなぐ"))["workingGroup"]
    for name in SEATED:
        seat = await mori.do(GIVE_SEAT, workingGroupId=made["id"], organisationId=cast.organisations[name])
        assert seat["__typename"] == "SeatPayload", seat
    if title == "open":
        read = "query ($id: ID!) { workingGroup(id: $id) { version } }"
        version = (await mori.ask(read, id=made["id"])).data["workingGroup"]["version"]
        opened = await mori.do(OPEN_BOARD, id=made["id"], version=version, toCompanies=True)
        assert opened["__typename"] == "WorkingGroupPayload", opened
    return made["id"]


async def _addressed(cast: Cast) -> None:
    """So that mail goes to everybody."""
    async with cast.loop.cities.stage.sql() as sql:
        await sql.execute("UPDATE tsunagari.person SET email = subject || '@mail.example'")


def at(row: dict[str, Any]) -> dict[str, Any]:
    """The referral and the version that was read."""
    return {"id": row["id"], "version": row["version"]}
