"""The national platform is a tenant like any other: its own members, its own 分科会, nobody else's."""

from libs.tenancy.onboarding import Coordinator, NewTenant, onboard
from services.secretariat.staff import appoint
from tests.groups.said import does, founded, group_of, titles
from tests.meetings.said import MEETING, plan, seen
from tests.meetings.said import does as meeting_does
from tests.practices.test_practices import LIBRARY, OFFER, WORKED
from tests.secretariat.office import ISSUER as STAFF
from tests.secretariat.office import opened, staff_token
from tests.stage.cities import APPLY, APPROVE, Cities
from tests.stage.tokens import ISSUER

ACCEPT = "mutation ($id: ID!) { acceptPractice(id: $id, version: 1) { state } }"


async def test_it_has_members_a_bunkakai_and_the_library(cities: Cities) -> None:
    async with cities.stage.onboarding() as database:
        first = Coordinator("Kuni", ISSUER, "kuni")
        national = NewTenant((), "zenkoku", first, "孤独・孤立対策官民連携PF", national=True)
        made = await onboard(database, national)
    assert made.kind == "national"
    kuni, ines = cities.stage.person("kuni", "zenkoku"), cities.stage.person("ines", "zenkoku")
    applied = await ines.do(
        APPLY,
        kind="NPO",
        name="全国つながりネット",
        nameKana="ぜんこくつながりねっと",
        services="研修",
        area="全国",
        workContact="work@example.jp",
        applicationStatement="各地の取組をつなぎたい",
        applicantName="Ines",
    )
    member = applied["organisation"]
    await kuni.do(APPROVE, id=member["id"], version=member["version"])
    group = await founded(kuni, ines, name="分科会1")
    assert (await group_of(ines, group))["chair"]["name"] == "全国つながりネット"
    await does(ines, "writePost", workingGroupId=group, audience="ALL", title="各地の報告", body="本文")
    meeting = await meeting_does(ines, "callMeeting", workingGroupId=group, plan=plan(cities))
    assert await titles(kuni, group) == {"各地の報告"}
    for stranger in (cities.ines, cities.mori, cities.oda):
        assert (await group_of(stranger, group)) is None
        assert (await seen(stranger, MEETING, meeting["id"])) is None
    async with opened(cities.stage) as office, office.owner() as owner:
        await appoint(owner, (STAFF, "kudo"), "工藤", "administrator")
        practice = (await cities.mori.do(OFFER, **WORKED))["practice"]
        await office.ask(staff_token("kudo"), ACCEPT, id=practice["id"])
    (read,) = (await ines.ask(LIBRARY)).data["library"]
    assert read["source"] == "生駒市"
