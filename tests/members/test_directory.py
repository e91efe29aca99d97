"""The directory of members, as people of each kind read it."""

from tests.stage.cities import Cities

DIRECTORY = """query ($search: String) { organisations(search: $search) { totalCount nodes { name kind hiddenFields
  workContact } pageInfo { hasNextPage endCursor } } }"""


async def test_ines_finds_an_npo_by_part_of_its_kana(cities: Cities) -> None:
    said = await cities.ines.ask(DIRECTORY, search="ヒダマリ")
    assert [each["name"] for each in said.data["organisations"]["nodes"]] == ["こども食堂ひだまり"]


async def test_ueda_of_takamatsu_sees_nothing_of_ikoma(cities: Cities) -> None:
    said = await cities.ueda.ask(DIRECTORY)
    names = {each["name"] for each in said.data["organisations"]["nodes"]}
    assert names == {"高松市", "NPO法人たかまつの灯"}
