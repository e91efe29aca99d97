"""Places where people can go: kept, open or not by the hour, read by portals as HSDS and as open data."""

from libs.japan.open_data.facilities import Facility, read_facilities
from tests.journey.month.town import Town
from tests.members.said import does as as_member
from tests.members.said import own
from tests.resources.said import does, names, offered
from tests.resources.test_portal import SERVICE


async def kept(town: Town) -> None:
    """Monday, nine o'clock: the house is open; the window of the city hall is the members' alone."""
    ines = town.person("ines")
    mine = await own(ines)
    await as_member(ines, "publishOrganisation", id=mine["id"], version=mine["version"], published=True)
    place = await offered(ines, to_everybody=True)
    said = await does(ines, "sayResourceCapacity", id=place["id"], version=place["version"], capacity="OPEN")
    await does(ines, "verifyResource", id=place["id"], version=said["version"])
    await offered(town.person("hana"), name="会員だけの窓口", place={"address": "東新町8番38号"})
    assert await names(town.person("anyone"), openNow=True) == ["ひだまりの家"]
    assert set(await names(town.person("kato"), openNow=True)) == {"ひだまりの家", "会員だけの窓口"}
    await _read_by_portals(town)


async def closed(town: Town) -> None:
    """In the evening nobody is sent there."""
    assert await names(town.person("anyone"), openNow=True) == []
    assert await names(town.person("anyone")) == ["ひだまりの家"]


async def _read_by_portals(town: Town) -> None:
    page = (await town.stage.http.get("/t/ikoma/hsds/services")).json()
    (service,) = page["contents"]
    assert [error.message for error in SERVICE.iter_errors(service)] == []
    assert service["organization"]["name"] == "NPO法人つながる生駒"
    (facility,) = read_facilities((await town.stage.http.get("/t/ikoma/resources.csv")).content)
    assert isinstance(facility, Facility)
    assert (facility.name, facility.address) == ("ひだまりの家", "東新町8番38号")
