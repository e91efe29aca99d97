"""The portal's data: HSDS against the published schemas, municipal open data read back by the importer."""

import json
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from libs.japan.open_data.facilities import Facility, read_facilities
from tests.members.said import does as as_member
from tests.members.said import own
from tests.resources.said import a_place, does, offered
from tests.stage.cities import Cities

SCHEMAS = Path(__file__).parent / "hsds"


def _validator(name: str) -> Any:
    """Open Referral's own schemas (hsds/LICENSE), version 3.0, with the formats that they name."""
    files = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in SCHEMAS.glob("*.json")}
    resources = [(each, Resource(contents=said, specification=DRAFT202012)) for each, said in files.items()]
    registry: Any = Registry[Any]().with_resources(resources)
    return Draft202012Validator(files[name], registry=registry, format_checker=FormatChecker())


SERVICE = _validator("service.json")


async def _json(cities: Cities, path: str, status: int = 200) -> Any:
    response = await cities.stage.http.get(f"/t/ikoma/{path}")
    assert response.status_code == status, response.text
    return response.json()


async def test_each_service_is_what_hsds_says_a_service_is(cities: Cities) -> None:
    mine = await own(cities.ines)
    await as_member(
        cities.ines, "publishOrganisation", id=mine["id"], version=mine["version"], published=True
    )
    place = await offered(cities.ines, to_everybody=True)
    await does(cities.ines, "sayResourceCapacity", id=place["id"], version=place["version"], capacity="OPEN")
    always = {"rules": [{"rrule": "FREQ=DAILY", "opens": "0:00", "closes": "24:00"}]}
    bare = {"kind": "SUPPORT", "name": "訪問支援", "hours": always}
    made = await does(cities.sato, "createResource", resource=bare)
    await does(cities.sato, "offerResource", id=made["id"], version=1, toEverybody=True)
    await offered(cities.hana, name="会員だけの窓口")

    assert (await _json(cities, "hsds"))["version"] == "3.0"
    page = await _json(cities, "hsds/services")
    assert (page["total_items"], page["size"], page["last_page"]) == (2, 2, True)
    for service in page["contents"]:
        assert [error.message for error in SERVICE.iter_errors(service)] == []
        assert await _json(cities, f"hsds/services/{service['id']}") == service
    outreach, ibasho = page["contents"]
    assert "organization" not in outreach, "its organisation is not in the public directory"
    assert outreach["schedules"][0]["byday"] == "MO,TU,WE,TH,FR,SA,SU"
    assert ibasho["organization"]["name"] == "NPO法人つながる生駒"
    assert ibasho["schedules"][1]["byday"] == "2SA"
    address = ibasho["service_at_locations"][0]["location"]["addresses"][0]
    assert (address["state_province"], address["city"], address["postal_code"]) == (
        "奈良県",
        "生駒市",
        "6300288",
    )
    assert ibasho["alert"].startswith("受入余力: 受入可(")
    assert list(SERVICE.iter_errors({**ibasho, "status": "open", "email": "nobody"})) != []

    second = await _json(cities, "hsds/services?per_page=1&page=2")
    assert (second["contents"], second["total_pages"], second["last_page"]) == ([ibasho], 2, True)
    assert (await _json(cities, "hsds/services?per_page=1&page=9"))["empty"] is True
    found = await _json(cities, f"hsds/services?organization_id={ibasho['organization']['id']}&search=居場所")
    assert found["total_items"] == 0
    await _json(cities, "hsds/services?page=0", 400)
    for unknown in ("0190b0a0-0000-7000-8000-000000000000", "nothing"):
        await _json(cities, f"hsds/services/{unknown}", 404)
    assert (await cities.stage.http.get("/t/nowhere/hsds/services")).status_code == 404


async def test_open_data_is_read_back_by_the_importer_of_such_lists(cities: Cities) -> None:
    await offered(cities.ines, to_everybody=True, fee="=1+1")
    await offered(cities.sato, to_everybody=True, name="𠮷の会", phone=None, place={"address": "元町1-1"})
    response = await cities.stage.http.get("/t/ikoma/resources.csv")
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    first, second = read_facilities(response.content)
    assert isinstance(first, Facility)
    assert isinstance(second, Facility)
    assert (first.name, first.kana, first.address) == ("ひだまりの家", "ヒダマリノイエ", "東新町8番38号")
    assert (first.telephone, first.latitude, second.name) == ("0743-74-1111", 34.692, "𠮷の会")
    header, line = response.text.removeprefix("\ufeff").split("\r\n")[:2]
    assert header.count(",") == 23
    assert line.startswith("292095,0000000001,奈良県,生駒市,ひだまりの家,ヒダマリノイエ,")
    in_cp932 = await cities.stage.http.get("/t/ikoma/resources.csv?encoding=cp932")
    assert "〓の会" in in_cp932.content.decode("cp932")
    assert a_place()["phone"] in in_cp932.content.decode("cp932")
