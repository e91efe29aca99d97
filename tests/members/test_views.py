"""What each kind of person sees of an organisation and of a person, field by field."""

from typing import Any

import pytest

from tests.members.said import MINE, does, own
from tests.stage.cities import Cities

CARD = {
    *("id", "name", "nameKana", "kind", "fieldsOfWork", "services", "area", "corporateNumber", "website"),
    *("createdAt", "version"),
}
PAPERS = {"applicationStatement", "declineReason", "declineCode", "agreements", "applicationPapers"}
STATUS = {"status", "published"}
CONTACT = {"workContact", "workEmail"}
HIDDEN_OF_ORGANISATION = {
    "ines": {"reviewNotes"},
    "mori": {"confidentialAddress"},
    "hana": {"confidentialAddress", "reviewNotes", *PAPERS, *STATUS},
    "sato": {"confidentialAddress", "reviewNotes", *CONTACT, *PAPERS, *STATUS},
    "kato": {"confidentialAddress", "reviewNotes", *CONTACT, *PAPERS, *STATUS},
    "anyone": {
        *("confidentialAddress", "reviewNotes", "memberSince", "memberClass", "people"),
        *("capacity", "capacityAsOf", "serviceAreas"),
        *CONTACT,
        *PAPERS,
        *STATUS,
    },
}
ORGANISATION = """query ($id: ID!) { organisation(id: $id) { id name nameKana kind status fieldsOfWork
  services area corporateNumber website workContact confidentialAddress applicationStatement declineReason
  workEmail capacity capacityAsOf serviceAreas declineCode memberClass { name }
  agreements(first: 5) { totalCount } applicationPapers(first: 5) { totalCount }
  reviewNotes published createdAt memberSince version hiddenFields people(first: 50) { name } } }"""
PERSON = """query ($id: ID!) { person(id: $id) { id name nameKana profile email status roles isCoordinator
  profileFor photo termFrom termUntil
  organisation { name } createdAt version hiddenFields } }"""


async def _full_entry(cities: Cities) -> str:
    ines = await own(cities.ines)
    edited = await does(
        cities.ines,
        "editOrganisation",
        id=ines["id"],
        version=ines["version"],
        fieldsOfWork=["居場所", "見守り"],
        website="https://tsunagaru.example.jp",
        confidentialAddress="非公開の家",
    )
    version = edited["organisation"]["version"]
    await does(cities.ines, "publishOrganisation", id=ines["id"], version=version, published=True)
    identity: str = ines["id"]
    return identity


@pytest.mark.parametrize("name", HIDDEN_OF_ORGANISATION)
async def test_an_organisation_by_field(cities: Cities, name: str) -> None:
    """Withheld is null and named, whether or not there is a value; everything else is as Ines wrote it."""
    identity = await _full_entry(cities)
    seen: dict[str, Any] = (await cities.person(name).ask(ORGANISATION, id=identity)).data["organisation"]
    hidden = HIDDEN_OF_ORGANISATION[name]
    assert set(seen["hiddenFields"]) == hidden
    assert {field: seen[field] for field in hidden} == dict.fromkeys(hidden)
    assert not hidden & CARD
    written = {
        "name": "NPO法人つながる生駒",
        "kind": "NPO",
        "status": "ACTIVE",
        "fieldsOfWork": ["居場所", "見守り"],
        "website": "https://tsunagaru.example.jp",
        "workContact": "work@example.jp",
        "confidentialAddress": "非公開の家",
        "applicationStatement": "地域のつながりを広げたい",
        "published": True,
    }
    assert {field: seen[field] for field in written.keys() - hidden} == {
        field: value for field, value in written.items() if field not in hidden
    }
    assert seen["people"] == (None if name == "anyone" else [{"name": "Ines"}])


@pytest.mark.parametrize("name", ["ueda", "oda"])
async def test_an_organisation_of_another_city_is_absent(cities: Cities, name: str) -> None:
    identity = await _full_entry(cities)
    assert (await cities.person(name).ask(ORGANISATION, id=identity)).data["organisation"] is None


OF_THEIR_OWN = {"email", "status", "roles", "profileFor", "termFrom", "termUntil"}
HIDDEN_OF_PERSON = {
    "ines": set[str](),
    "mori": set[str](),
    "hana": OF_THEIR_OWN,
    "sato": OF_THEIR_OWN,
    "kato": OF_THEIR_OWN,
}


@pytest.mark.parametrize("name", HIDDEN_OF_PERSON)
async def test_a_person_by_field(cities: Cities, name: str) -> None:
    me = (await cities.ines.ask(MINE)).data["me"]
    await does(
        cities.ines,
        "editProfile",
        version=me["version"],
        nameKana="イネス",
        profile="川柳",
        email="ines@example.jp",
    )
    seen: dict[str, Any] = (await cities.person(name).ask(PERSON, id=me["id"])).data["person"]
    hidden = HIDDEN_OF_PERSON[name]
    assert set(seen["hiddenFields"]) == hidden
    written = {
        "name": "Ines",
        "nameKana": "イネス",
        "profile": "川柳",
        "email": "ines@example.jp",
        "status": "ACTIVE",
        "roles": ["REPRESENTATIVE"],
        "isCoordinator": False,
        "organisation": {"name": "NPO法人つながる生駒"},
    }
    expected = {field: None if field in hidden else value for field, value in written.items()}
    assert {field: seen[field] for field in written} == expected


@pytest.mark.parametrize("name", ["anyone", "stranger", "ueda", "oda"])
async def test_a_person_is_absent_for_who_is_no_member(cities: Cities, name: str) -> None:
    me = (await cities.ines.ask(MINE)).data["me"]
    assert (await cities.person(name).ask(PERSON, id=me["id"])).data["person"] is None
    assert (await cities.ines.ask(PERSON, id=me["id"])).data["person"]["name"] == "Ines"
