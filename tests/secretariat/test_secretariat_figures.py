"""The register, releases and figures as the secretariat reads them over HTTP."""

from typing import Any

import pytest

from libs.figures.publishing import Release
from tests.figures.nation import nothing, referrals, reporting_nation, small_nation
from tests.secretariat.office import Office, opened
from tests.stage.stage import Stage

REGISTER = """query ($first: Int, $after: String, $prefecture: String, $kind: TenantKind) {
  tenants(first: $first, after: $after, prefecture: $prefecture, kind: $kind) { totalCount
    nodes { id slug name kind status prefecture { code name } localGovernments { code name } }
    pageInfo { hasNextPage endCursor } } }"""
FIGURES = """query ($month: String, $release: ID, $level: FigureLevel, $measure: Measure, $breakdown: String,
    $prefecture: String, $tenant: ID, $first: Int, $after: String) {
  figures(month: $month, release: $release, level: $level, measure: $measure, breakdown: $breakdown,
      prefecture: $prefecture, tenant: $tenant, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage hasPreviousPage endCursor }
    nodes { release { id month } level prefecture { name } tenant { slug } measure breakdown
      value mark missing missingWithheld missingNotReported } } }"""
SERIES = """query ($tenant: ID, $prefecture: String, $firstMonth: String!, $lastMonth: String!) {
  series(measure: REFERRALS, breakdown: "sent", tenant: $tenant, prefecture: $prefecture,
      firstMonth: $firstMonth, lastMonth: $lastMonth) { release { month } value mark missing } }"""


def _place(node: dict[str, Any]) -> str:
    if node["tenant"] is not None:
        return node["tenant"]["slug"]
    return "全国" if node["prefecture"] is None else node["prefecture"]["name"]


async def _sent(office: Office, **chosen: Any) -> dict[str, tuple[int | None, str, int]]:
    """The figures of referrals sent, by place: (value, mark, missing)."""
    said = await office.nagata(FIGURES, measure="REFERRALS", breakdown="sent", **chosen)
    nodes = said.data["figures"]["nodes"]
    return {_place(node): (node["value"], node["mark"], node["missing"]) for node in nodes}


async def test_the_register_holds_public_facts(stage: Stage) -> None:
    await reporting_nation(stage)
    async with opened(stage) as office:
        register = (await office.nagata(REGISTER)).data["tenants"]
        found = {node["slug"]: node for node in register["nodes"]}
        assert register["totalCount"] == len(found) == 6
        assert found["kita-nara"] | {"id": "", "name": ""} == {
            "id": "",
            "slug": "kita-nara",
            "name": "",
            "kind": "JOINT",
            "status": "ACTIVE",
            "prefecture": {"code": "29", "name": "奈良県"},
            "localGovernments": [{"code": "292010", "name": "奈良市"}, {"code": "292095", "name": "生駒市"}],
        }
        assert found["ikoma-shijonawate"]["prefecture"] is None
        assert found["national"]["prefecture"] is None
        of_osaka = (await office.nagata(REGISTER, prefecture="27")).data["tenants"]["nodes"]
        assert [node["slug"] for node in of_osaka] == ["ikoma-shijonawate"]
        joint = (await office.nagata(REGISTER, kind="JOINT")).data["tenants"]
        assert joint["totalCount"] == 2


async def test_the_register_is_read_in_pages(stage: Stage) -> None:
    await reporting_nation(stage)
    async with opened(stage) as office:
        page = (await office.nagata(REGISTER, first=4)).data["tenants"]
        rest = (await office.nagata(REGISTER, after=page["pageInfo"]["endCursor"])).data["tenants"]
        assert (page["pageInfo"]["hasNextPage"], rest["pageInfo"]["hasNextPage"]) == (True, False)
        slugs = [node["slug"] for node in page["nodes"] + rest["nodes"]]
        assert slugs == sorted(slugs)
        assert (len(page["nodes"]), len(slugs)) == (4, 6)


async def test_zero_withheld_and_unreported_read_differently(stage: Stage) -> None:
    nation = await reporting_nation(stage)
    await nation.publish()
    async with opened(stage) as office:
        assert await _sent(office) == {
            "全国": (69, "VALUE", 2),
            "奈良県": (39, "VALUE", 0),
            "香川県": (None, "NOT_REPORTED", 1),
            "ikoma": (25, "VALUE", 0),
            "nara-pref": (0, "VALUE", 0),
            "kita-nara": (14, "VALUE", 0),
            "ikoma-shijonawate": (30, "VALUE", 0),
            "takamatsu": (None, "NOT_REPORTED", 1),
            "national": (None, "WITHHELD", 1),
        }


async def test_figures_are_chosen_by_level_place_and_measure(stage: Stage) -> None:
    nation = await reporting_nation(stage)
    await nation.publish()
    ikoma = f"tenant_{nation.tenants['ikoma']}"
    async with opened(stage) as office:
        assert await _sent(office, level="NATION") == {"全国": (69, "VALUE", 2)}
        assert set(await _sent(office, level="PREFECTURE")) == {"奈良県", "香川県"}
        assert set(await _sent(office, prefecture="29")) == {"奈良県", "ikoma", "nara-pref", "kita-nara"}
        assert await _sent(office, tenant=ikoma) == {"ikoma": (25, "VALUE", 0)}
        members = (await office.nagata(FIGURES, tenant=ikoma, measure="MEMBERS")).data["figures"]
        assert [node["breakdown"] for node in members["nodes"]] == ["government", "npo", "company"]


async def test_a_reader_who_pages_on_stays_in_the_release(stage: Stage) -> None:
    nation = await reporting_nation(stage)
    first = await nation.publish()
    async with opened(stage) as office:
        page = (await office.nagata(FIGURES, first=60)).data["figures"]
        assert (page["totalCount"], page["pageInfo"]["hasNextPage"]) == (first.figures, True)
        second = await nation.publish()
        rest = (await office.nagata(FIGURES, after=page["pageInfo"]["endCursor"])).data["figures"]
        assert not rest["pageInfo"]["hasNextPage"]
        nodes = page["nodes"] + rest["nodes"]
        assert len(nodes) == first.figures
        assert {node["release"]["id"] for node in nodes} == {f"release_{first.id}"}
        newest = (await office.nagata(FIGURES, first=1)).data["figures"]["nodes"]
        assert newest[0]["release"]["id"] == f"release_{second.id}"


async def test_releases_are_listed_and_read_again(stage: Stage) -> None:
    nation = await reporting_nation(stage)
    first = await nation.publish()
    await nation.submit("takamatsu", nothing() | referrals(11, 0, 0, 0))
    second = await nation.publish()
    async with opened(stage) as office:
        listed = (await office.nagata("{ releases { totalCount nodes { id month } } }")).data["releases"]
        assert [node["id"] for node in listed["nodes"]] == [f"release_{second.id}", f"release_{first.id}"]
        assert listed["nodes"][0]["month"] == str(nation.month)
        for release, expected in ((first, (None, "NOT_REPORTED", 1)), (second, (11, "VALUE", 0))):
            sent = await _sent(office, release=f"release_{release.id}")
            assert sent["takamatsu"] == expected
        node = await office.nagata(
            "query ($id: ID!) { node(id: $id) { __typename id } }", id=f"release_{first.id}"
        )
        assert node.data["node"] == {"__typename": "Release", "id": f"release_{first.id}"}


async def test_below_ten_the_answers_are_the_same_to_the_byte(stage: Stage) -> None:
    nation = await reporting_nation(stage)
    async with opened(stage) as office:
        answers: list[str] = []
        for counts in (referrals(1, 1, 1, 1), referrals(9, 9, 9, 9), referrals(10, 9, 9, 9)):
            await nation.submit("takamatsu", nothing() | counts)
            release = await nation.publish()
            answers.append(await _everything(office, release))
        one, nine, ten = answers
        assert one == nine
        assert nine != ten


async def _everything(office: Office, release: Release) -> str:
    pages: list[str] = []
    after: str | None = None
    for _ in range(2):
        page = (await office.nagata(FIGURES, release=f"release_{release.id}", after=after)).data["figures"]
        after = page["pageInfo"].pop("endCursor")
        pages.append(str(page).replace(str(release.id), "the release"))
    return "".join(pages)


async def test_a_series_takes_each_month_from_its_newest_release(stage: Stage) -> None:
    nation = await small_nation(stage, "ikoma", "takamatsu")
    first = nation.month
    await nation.submit("ikoma", nothing() | referrals(12, 0, 0, 0))
    await nation.publish()
    stage.clock.move(days=31)
    await nation.submit("ikoma", nothing() | referrals(3, 0, 0, 0), first.next)
    await nation.submit("ikoma", nothing() | referrals(15, 0, 0, 0), first)
    await nation.publish(first)
    await nation.publish(first.next)
    span = {"firstMonth": str(first), "lastMonth": str(first.later(11))}
    async with opened(stage) as office:
        own = await office.nagata(SERIES, tenant=f"tenant_{nation.tenants['ikoma']}", **span)
        assert own.data["series"] == [
            {"release": {"month": str(first)}, "value": 15, "mark": "VALUE", "missing": 0},
            {"release": {"month": str(first.next)}, "value": None, "mark": "WITHHELD", "missing": 1},
        ]
        whole = (await office.nagata(SERIES, **span)).data["series"]
        assert [(each["value"], each["missing"]) for each in whole] == [(15, 1), (None, 2)]
        nara = (await office.nagata(SERIES, prefecture="29", **span)).data["series"]
        assert [(each["value"], each["missing"]) for each in nara] == [(15, 0), (None, 1)]


async def test_before_the_first_release_there_are_no_figures(stage: Stage) -> None:
    async with opened(stage) as office:
        figures = (await office.nagata(FIGURES)).data["figures"]
        assert (figures["totalCount"], figures["nodes"]) == (0, [])


@pytest.mark.parametrize(
    ("variables", "field"),
    [
        ({"month": "令和8年"}, "month"),
        ({"prefecture": "48"}, "prefecture"),
        ({"measure": "MEMBERS", "breakdown": "sent"}, "breakdown"),
        ({"first": 101}, "first"),
        ({"first": -1}, "first"),
        ({"after": "bm90aGluZw=="}, "after"),
        ({"tenant": "ikoma"}, "tenant"),
    ],
    ids=str,
)
async def test_bad_input_is_refused_with_its_field_in_both_languages(
    stage: Stage, variables: dict[str, Any], field: str
) -> None:
    nation = await small_nation(stage, "ikoma")
    await nation.publish()
    async with opened(stage) as office:
        said = await office.nagata(FIGURES, **variables)
        assert said.body["data"] == {"figures": None}
        refusal = said.errors[0]["extensions"]
        assert (refusal["code"], refusal["field"]) == ("INVALID_INPUT", field)
        assert refusal["ja"] != refusal["en"]


async def test_ids_that_name_nothing_find_nothing(stage: Stage) -> None:
    nation = await small_nation(stage, "ikoma")
    release = await nation.publish()
    async with opened(stage) as office:
        nowhere = "00000000-0000-7000-8000-000000000000"
        assert (await office.nagata(FIGURES, release=f"release_{nowhere}")).code == "NOT_FOUND"
        assert await _sent(office, tenant=f"tenant_{nowhere}") == {}
        assert await _sent(office, tenant=f"release_{release.id}") == {}
        assert (await office.nagata(f'{{ node(id: "tenant_{nowhere}") {{ id }} }}')).data["node"] is None


async def test_what_is_too_large_is_refused_before_it_runs(stage: Stage) -> None:
    async with opened(stage) as office:
        many = " ".join(f"a{n}: me {{ name }}" for n in range(21))
        assert (await office.nagata(f"{{ {many} }}")).code == "TOO_MUCH"
        assert (await office.nagata("mutation { me { name } }")).status in {200, 400}
        for operation in ("mutation { me { name } }", "subscription { me { name } }"):
            said = await office.nagata(operation)
            assert "data" not in said.body
            assert said.errors


async def test_a_fault_shows_its_number_and_nothing_else(stage: Stage) -> None:
    nation = await small_nation(stage, "ikoma")
    await nation.publish()
    async with opened(stage) as office:
        async with stage.sql() as admin:
            await admin.execute("REVOKE SELECT ON tsunagari.figure_published FROM tsunagari_secretariat")
        said = await office.nagata(FIGURES)
        assert said.code == "INTERNAL"
        assert "figure_published" not in str(said.body)
        assert (await office.nagata("{ me { name } }")).data["me"] == {"name": "永田"}
