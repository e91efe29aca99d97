"""人となり: shown to whom its person chose, found by what it says; the directory by index, field and area."""

from typing import Any

from tests.members.said import does, own
from tests.stage.cities import Cities
from tests.stage.stage import Person

PEOPLE = """query ($search: String, $about: String) { people(search: $search, about: $about, first: 50) {
  totalCount nodes { name profile interests askMe hiddenFields } } }"""
DIRECTORY = """query ($field: String, $area: String, $initial: KanaRow, $search: String) {
  organisations(field: $field, area: $area, initial: $initial, search: $search, first: 50) {
    totalCount nodes { name } } }"""


async def _people(person: Person, **asked: Any) -> dict[str, Any]:
    found = (await person.ask(PEOPLE, **asked)).data["people"]
    assert found["totalCount"] == len(found["nodes"])
    return {each["name"]: each for each in found["nodes"]}


async def _directory(person: Person, **asked: Any) -> list[str]:
    return [each["name"] for each in (await person.ask(DIRECTORY, **asked)).data["organisations"]["nodes"]]


async def test_a_profile_is_shown_to_whom_its_person_chose(cities: Cities) -> None:
    version = (await cities.ines.ask("{ me { version } }")).data["me"]["version"]
    said = {"nameKana": "イネス", "interests": "将棋とギター", "askMe": "居場所のはじめ方"}
    await does(cities.ines, "editProfile", version=version, **said)
    for reader in (cities.kato, cities.mori, cities.hana):
        assert (await _people(reader))["Ines"]["interests"] == "将棋とギター"
        assert list(await _people(reader, about="ギター")) == ["Ines"]
        assert list(await _people(reader, about="ｷﾞﾀｰ")) == ["Ines"]
        assert list(await _people(reader, search="いねす")) == ["Ines"]
    assert await _people(cities.anyone) == {}
    assert await _people(cities.oda, about="ギター") == {}
    await does(cities.ines, "editProfile", version=version + 1, profileFor="OWN")
    for reader in (cities.kato, cities.mori):
        hidden = (await _people(reader))["Ines"]
        assert (hidden["interests"], hidden["askMe"]) == (None, None)
        assert {"profile", "interests", "askMe"} <= set(hidden["hiddenFields"])
        assert await _people(reader, about="ギター") == {}
        assert list(await _people(reader, search="いねす")) == ["Ines"]
    assert (await _people(cities.ines))["Ines"]["askMe"] == "居場所のはじめ方"


async def test_the_directory_by_index_field_and_area(cities: Cities) -> None:
    for who, entry in (
        (cities.ines, {"nameKana": "つながるいこま", "fieldsOfWork": ["居場所", "相談"]}),
        (cities.sato, {"name": "齋藤の家", "nameKana": "ざいとうのいえ", "fieldsOfWork": ["食"]}),
    ):
        mine = await own(who)
        await does(who, "editOrganisation", id=mine["id"], version=mine["version"], **entry)
    mine = await own(cities.sato)
    areas = """mutation ($input: SetCapacityInput!) { setCapacity(input: $input) { __typename } }"""
    await cities.sato.do(
        areas, id=mine["id"], version=mine["version"], capacity="OPEN", serviceAreas=["札幌市北区"]
    )
    assert await _directory(cities.kato, initial="SA") == ["齋藤の家"]
    assert await _directory(cities.kato, initial="TA") == ["NPO法人つながる生駒"]
    assert await _directory(cities.kato, initial="NA") == []
    assert await _directory(cities.kato, field="食") == ["齋藤の家"]
    assert await _directory(cities.kato, search="斎藤") == ["齋藤の家"]
    assert "齋藤の家" not in await _directory(cities.kato, area="292095")
    for code in ("011029", "011002", "010006"):
        assert "齋藤の家" in await _directory(cities.kato, area=code)
    assert "齋藤の家" not in await _directory(cities.kato, area="011011")
    assert "NPO法人つながる生駒" in await _directory(cities.kato, area="292095")
