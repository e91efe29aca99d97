"""Who is told: whoever holds the office at that moment, once each, and never who did it."""

from typing import Any

import pytest

from services.platform.notices.actions.telling import coordinators, of_organisation, of_organisations, people
from services.platform.notices.models.kinds import GROUPS, KINDS
from services.platform.notices.models.names import NoticeKind
from services.platform.notices.schema.types import MailChoice
from tests.notices.conftest import ABOUT, Desk, address
from tests.stage.watched import refuse_bad_statements

INVITE = """mutation ($input: InviteInput!) { invitePerson(input: $input) {
  __typename ... on InvitationPayload { code person { id } } ... on UserError { en } } }"""
ACCEPT = """mutation ($input: AcceptInvitationInput!) { acceptInvitation(input: $input) {
  __typename ... on PersonPayload { person { id } } ... on UserError { en } } }"""


def test_every_kind_has_its_name_in_the_schema_and_words_in_both_languages() -> None:
    assert [kind.value for kind in NoticeKind] == list(KINDS)
    assert all(kind.name == kind.value.upper() for kind in NoticeKind)
    assert all(kind.ja and kind.en and kind.group in GROUPS for kind in KINDS.values())
    assert {choice.value for choice in MailChoice} == {"now", "digest", "none"}


async def colleague(desk: Desk, roles: list[str]) -> Any:
    """Aoki joins Ines's NPO."""
    invited = await desk.person("ines").do(
        INVITE,
        organisationId=f"organisation_{desk.organisations['ines']}",
        name="Aoki",
        roles=roles,
        email=address("aoki"),
    )
    aoki = desk.cities.stage.person("aoki", "ikoma")
    joined = await aoki.do(ACCEPT, code=invited["code"])
    assert joined["__typename"] == "PersonPayload", joined
    return aoki


async def test_the_desk_is_told_and_nobody_else(desk: Desk) -> None:
    aoki = await colleague(desk, ["DESK"])
    await desk.person("ines").do(
        """mutation ($input: SetRolesInput!) { setRoles(input: $input) { __typename } }""",
        organisationId=f"organisation_{desk.organisations['ines']}",
        personId=f"person_{desk.people['ines']}",
        roles=["REPRESENTATIVE"],
    )
    await desk.tell("referral_sent", of_organisation(desk.organisations["ines"], "desk"), by="sato")
    told = (await aoki.ask("{ inbox { unread notices { nodes { kind about } } } }")).data["inbox"]
    assert told["unread"] == 1
    assert told["notices"]["nodes"] == [{"kind": "REFERRAL_SENT", "about": f"referral_{ABOUT[1]}"}]
    for name in ("ines", "sato", "mori"):
        assert await desk.kinds(name) == []


async def test_where_nobody_has_the_role_the_representatives_are_told(desk: Desk) -> None:
    await desk.person("sato").do(
        """mutation ($input: SetRolesInput!) { setRoles(input: $input) { __typename } }""",
        organisationId=f"organisation_{desk.organisations['sato']}",
        personId=f"person_{desk.people['sato']}",
        roles=["REPRESENTATIVE"],
    )
    await desk.tell("referral_sent", of_organisation(desk.organisations["sato"], "desk"), by="ines")
    assert await desk.kinds("sato") == ["REFERRAL_SENT"]


async def test_of_several_organisations_each_is_looked_at_for_itself(desk: Desk) -> None:
    """Hana's has a desk; in Sato's nobody has one, so that its representative is told."""
    await desk.person("sato").do(
        """mutation ($input: SetRolesInput!) { setRoles(input: $input) { __typename } }""",
        organisationId=f"organisation_{desk.organisations['sato']}",
        personId=f"person_{desk.people['sato']}",
        roles=["REPRESENTATIVE"],
    )
    group = [desk.organisations[name] for name in ("sato", "hana")]
    await desk.tell("referral_posted", of_organisations(group, "desk"), by="ines")
    for name, kinds in {"sato": ["REFERRAL_POSTED"], "hana": ["REFERRAL_POSTED"], "kato": []}.items():
        assert await desk.kinds(name) == kinds


async def test_each_is_told_once_and_who_acts_is_not(desk: Desk) -> None:
    ines, sato = desk.people["ines"], desk.people["sato"]
    await desk.tell(
        "question_asked",
        of_organisation(desk.organisations["sato"], "desk", "representative"),
        people(ines, sato, sato),
        by="ines",
    )
    assert await desk.kinds("sato") == ["QUESTION_ASKED"]
    assert await desk.kinds("ines") == []


async def test_the_clock_tells_coordinators(desk: Desk) -> None:
    await desk.tell("answer_overdue", coordinators())
    assert await desk.kinds("mori") == ["ANSWER_OVERDUE"]
    assert await desk.kinds("ines") == []


async def test_who_left_or_whose_organisation_is_suspended_is_not_told(desk: Desk) -> None:
    await desk.rows(
        "UPDATE tsunagari.organisation SET status = 'suspended' WHERE id = $1 RETURNING id",
        desk.organisations["sato"],
    )
    await desk.rows(
        "UPDATE tsunagari.membership SET until = now() WHERE person_id = $1 RETURNING id", desk.people["hana"]
    )
    await desk.rows(
        "UPDATE tsunagari.person SET status = 'removed' WHERE id = $1 RETURNING id", desk.people["kato"]
    )
    await desk.tell(
        "referral_sent", *(of_organisation(desk.organisations[name], "desk") for name in ("sato", "hana"))
    )
    await desk.tell("referral_sent", people(desk.people["kato"]))
    assert await desk.rows("SELECT kind FROM tsunagari.notice") == []


async def test_what_did_not_happen_is_not_told(desk: Desk) -> None:
    with pytest.raises(ZeroDivisionError):
        await told_and_failed(desk)
    for table in ("notice", "notice_delivery", "work_due", "outbox"):
        assert await desk.rows(f"SELECT 1 FROM tsunagari.{table}") == []


async def told_and_failed(desk: Desk) -> None:
    from services.platform.notices.actions.telling import tell

    async with desk.work("ines") as work:
        await tell(work, "referral_sent", ABOUT, of_organisation(desk.organisations["sato"], "desk"))
        raise ZeroDivisionError


async def test_an_unknown_kind_tells_nobody(desk: Desk) -> None:
    with pytest.raises(KeyError):
        await desk.tell("gossip", coordinators())


async def test_the_other_city_hears_nothing(desk: Desk) -> None:
    await desk.tell("referral_sent", people(*desk.people.values()), coordinators())
    for name in ("oda", "ueda"):
        assert (await desk.inbox(name))["notices"]["totalCount"] == 0
    refuse_bad_statements()
