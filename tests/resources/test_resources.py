"""Services and places: who sees them and where they are, when they are open, who vouches for them."""

import datetime as dt
from typing import Any

import pytest

from tests.exports.files import table
from tests.members.said import does as as_member
from tests.members.said import own
from tests.resources.said import a_place, does, names, offered, seen, told, tries, work_off
from tests.stage.cities import Cities

PLACE = (
    "placeName",
    "municipalityCode",
    "postalCode",
    "address",
    "building",
    "latitude",
    "longitude",
    "access",
)
# a Wednesday, 10:00 in Japan
WEDNESDAY = dt.datetime(2026, 12, 2, 1, 0, tzinfo=dt.UTC)


def _at(cities: Cities, moment: dt.datetime) -> None:
    cities.stage.clock.offset = moment - dt.datetime.now(dt.UTC)


async def test_a_place_from_draft_to_the_portal_and_off_it(cities: Cities) -> None:
    draft = await does(cities.ines, "createResource", resource=a_place())
    assert (draft["state"], draft["number"], draft["verifiedBy"]) == ("DRAFT", 1, {"name": "Ines"})
    assert "OFFER_RESOURCE" in draft["viewerCan"]
    for other in (cities.sato, cities.anyone, cities.ueda):
        assert await seen(other, draft["id"]) is None
    assert await seen(cities.mori, draft["id"]) is not None

    shown = await does(cities.ines, "offerResource", id=draft["id"], version=1, toEverybody=False)
    assert await names(cities.sato) == ["ひだまりの家"]
    assert await names(cities.anyone) == []
    assert (await tries(cities.sato, "endResource", id=draft["id"], version=2))["problem"] == "NOT_ALLOWED"
    public = await does(cities.ines, "offerResource", id=draft["id"], version=2, toEverybody=True)
    card = await seen(cities.anyone, public["id"])
    assert card is not None
    assert (card["address"], card["verifiedBy"]) == ("東新町8番38号", None)
    assert card["hiddenFields"] == ["verifiedBy", "addressConfidential"]

    said = await does(
        cities.ines, "sayResourceCapacity", id=shown["id"], version=public["version"], capacity="WAITLIST"
    )
    assert (said["capacity"], said["capacityAsOf"]) == ("WAITLIST", said["verifiedOn"])
    mine = await own(cities.ines)
    await as_member(cities.mori, "suspendMember", id=mine["id"], version=mine["version"])
    assert await names(cities.anyone) == []
    assert await names(cities.sato) == []
    await as_member(cities.mori, "reinstateMember", id=mine["id"], version=mine["version"] + 1)
    assert await names(cities.anyone) == ["ひだまりの家"]

    await does(cities.ines, "endResource", id=said["id"], version=said["version"])
    assert await names(cities.sato) == []
    window = a_place(name="福祉総合相談窓口", kind="CONSULTATION")
    second = await does(cities.hana, "createResource", resource=window)
    assert second["number"] == 2


async def test_where_a_shelter_is_stays_with_its_own_people(cities: Cities) -> None:
    secret = await offered(
        cities.ines, to_everybody=True, name="シェルター", place={**a_place()["place"], "confidential": True}
    )
    assert secret["address"] == "東新町8番38号"
    for other in (cities.mori, cities.hana, cities.sato, cities.kato, cities.anyone):
        card = await seen(other, secret["id"])
        assert card is not None
        assert {card[name] for name in PLACE} == {None}, other.subject
        assert set(PLACE) <= set(card["hiddenFields"])
        assert await names(other, search="東新町") == []
        assert await names(other, search="しぇるたー") == ["シェルター"]
    (row,) = await table(cities.mori, "resources.csv")
    assert (row["住所"], row["アクセス"]) == ("非公開", "非公開")
    for path in ("resources.csv", "hsds/services", f"hsds/services/{secret['id'].removeprefix('resource_')}"):
        response = await cities.stage.http.get(f"/t/ikoma/{path}")
        assert "シェルター" in response.text
        assert "東新町" not in response.text
        assert "135.7" not in response.text
        assert "生駒駅" not in response.text


async def test_open_now_by_the_clock_in_japan(cities: Cities) -> None:
    _at(cities, WEDNESDAY)
    place = await offered(cities.ines, to_everybody=True)
    assert place["hoursJa"] == (
        "月～金曜 9:00～17:00。毎月第2土曜 10:00～12:00。祝日休み。12月29日～1月3日休み"
    )
    assert (place["openNow"], place["nextOpening"]) == (True, None)
    await offered(cities.sato, name="名前のない場所", hours={"rules": []})
    assert await names(cities.kato, openNow=True) == ["ひだまりの家"]
    _at(cities, WEDNESDAY + dt.timedelta(hours=8))
    closed = await seen(cities.anyone, place["id"])
    assert closed is not None
    assert (closed["openNow"], closed["nextOpening"][:16]) == (False, "2026-12-03T00:00")
    assert await names(cities.kato, openNow=True) == []
    # 2026-12-29 is a Tuesday at the year's end; in the new year the worker works out the weeks to come
    _at(cities, dt.datetime(2026, 12, 29, 1, tzinfo=dt.UTC))
    assert (await seen(cities.kato, place["id"]) or {})["openNow"] is False
    _at(cities, dt.datetime(2027, 1, 5, 1, tzinfo=dt.UTC))
    await work_off(cities.stage)
    _at(cities, dt.datetime(2027, 2, 24, 1, tzinfo=dt.UTC))
    assert (await seen(cities.kato, place["id"]) or {})["openNow"] is True


async def test_who_vouches_for_it_is_asked_again_after_half_a_year(cities: Cities) -> None:
    place = await offered(cities.ines)
    cities.stage.clock.move(days=181)
    await work_off(cities.stage)
    assert await told(cities.ines) == ["RESOURCE_STALE"]
    stale = await seen(cities.sato, place["id"])
    assert stale is not None
    assert stale["isStale"] is True
    fresh = await does(cities.ines, "verifyResource", id=place["id"], version=stale["version"])
    assert fresh["isStale"] is False
    cities.stage.clock.move(days=31)
    await work_off(cities.stage)
    assert len(await told(cities.ines)) == 1


async def test_found_by_reading_area_and_language(cities: Cities) -> None:
    await offered(cities.ines)
    anywhere: dict[str, Any] = {"kind": "CONSULTATION", "areas": [], "languages": ["ja"]}
    await offered(cities.sato, name="どこでも電話相談", nameKana="どこでもでんわ", **anywhere)
    await offered(cities.hana, name="札幌の窓口", nameKana="さっぽろ", areas=["011029"])
    assert await names(cities.kato, area="292095") == ["どこでも電話相談", "ひだまりの家"]
    assert await names(cities.kato, area="290009") == ["どこでも電話相談", "ひだまりの家"]
    assert await names(cities.kato, area="011002") == ["札幌の窓口", "どこでも電話相談"]
    assert await names(cities.kato, area="011011") == ["どこでも電話相談"]
    assert await names(cities.kato, search="ヒダマリ") == ["ひだまりの家"]
    assert await names(cities.kato, language="en", kind="IBASHO") == ["札幌の窓口", "ひだまりの家"]
    edited = await cities.ines.ask('{ resources(search: "ひだまり") { nodes { id version } } }')
    (mine,) = edited.data["resources"]["nodes"]
    await does(cities.ines, "editResource", **mine, resource=a_place(name="陽だまりの家"))
    stale = await tries(cities.ines, "editResource", **mine, resource=a_place())
    assert (stale["__typename"], stale["current"]) == ("StaleVersion", mine["version"] + 1)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"areas": ["999999"]}, "municipalityCode"),
        ({"languages": ["日本語"]}, "languages"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"hours": {"rules": [{"rrule": "FREQ=SECONDLY", "opens": "9:00", "closes": "10:00"}]}}, "hours"),
        ({"hours": {"days": [{"on": "2026-12-24", "opens": "9:00"}]}}, "hours"),
        ({"place": {"latitude": 91}}, "latitude"),
        ({"place": {"postalCode": "12"}}, "postalCode"),
    ],
)
async def test_what_cannot_be_so_is_refused(cities: Cities, changes: dict[str, object], field: str) -> None:
    refused = await tries(cities.ines, "createResource", resource=a_place(**changes))
    assert (refused["__typename"], refused["field"]) == ("InvalidInput", field)
