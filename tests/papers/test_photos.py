"""The photo of a profile: made anew, seen by whom the profile is for, gone with the person's last place."""

import io

import pytest
from PIL import Image

from services.platform.files.photos import EDGE
from tests.files.papers import PDF
from tests.files.sending import OPEN, fetched, link_to, sent
from tests.members.said import does, joined
from tests.papers.said import (
    REMOVE_PHOTO,
    SEEN,
    SET_PHOTO,
    audited,
    me,
    organisation_of,
    send_photo,
    shows_photo,
    snapshot,
)
from tests.stage.cities import Cities


@pytest.mark.parametrize(
    ("form", "mode"), [("JPEG", "RGB"), ("JPEG", "CMYK"), ("PNG", "RGBA"), ("PNG", "L"), ("WEBP", "RGB")]
)
async def test_a_photo_is_small_upright_and_says_nothing_of_where_it_was_taken(
    cities: Cities, form: str, mode: str
) -> None:
    original = snapshot(form, mode=mode)
    assert b"SECRET-PLACE" in original
    shown = await shows_photo(cities.ines, original)
    response = await fetched(cities, await link_to(cities.kato, shown["photo"]))
    assert (response.status_code, response.headers["content-type"]) == (200, "image/jpeg")
    assert b"SECRET-PLACE" not in response.content
    assert b"Exif" not in response.content
    with Image.open(io.BytesIO(response.content)) as made:
        # it lay on its side
        assert (made.format, made.size) == ("JPEG", (EDGE * 3 // 4, EDGE))
        assert not made.getexif()
        assert "comment" not in made.info


async def test_only_pictures_become_photos_and_only_ones_own(cities: Cities) -> None:
    broken = snapshot()[:2_000]
    huge = snapshot("PNG", (8_000, 6_000), "L")
    for content, detail in ((PDF, "PHOTO"), (b"", "PHOTO"), (broken, "PHOTO"), (huge, "TOO_LARGE")):
        refused = await send_photo(cities.ines, content)
        assert refused.json()["errors"][0]["extensions"]["detail"] == detail, detail
    assert (await cities.stage.http.post("/t/ikoma/photos", content=snapshot())).status_code == 401
    # what a camera wrote is still in a file that was sent as it is: that cannot become a photo
    raw = await sent(cities.ines, "写真.jpg", snapshot())
    given = {"uploadId": raw["id"], "version": (await me(cities.ines))["version"]}
    assert (await cities.ines.do(SET_PHOTO, **given))["problem"] == "NOT_FOUND"
    theirs = (await send_photo(cities.hana, snapshot())).json()
    foreign = await cities.ines.do(SET_PHOTO, **given | {"uploadId": theirs["id"]})
    assert foreign["problem"] == "NOT_FOUND"
    assert (await me(cities.ines))["photo"] is None


async def test_a_photo_is_seen_as_the_profile_is_and_goes_with_the_person(cities: Cities) -> None:
    await joined(cities.ines, cities.stranger)
    shown = await shows_photo(cities.stranger, snapshot())
    photo, identity = shown["photo"], shown["id"]
    for name in ("ines", "kato", "hana", "mori"):
        seen = (await cities.person(name).ask(SEEN, id=identity)).data["person"]
        assert (seen["photo"], "photo" in seen["hiddenFields"]) == (photo, False)
    path = await link_to(cities.kato, photo)
    only_own = {"version": shown["version"], "profileFor": "OWN"}
    version = (await does(cities.stranger, "editProfile", **only_own))["person"]["version"]
    assert (await fetched(cities, path)).status_code == 404
    assert (await fetched(cities, await link_to(cities.ines, photo))).status_code == 200
    for name in ("kato", "hana", "mori", "ueda", "anyone"):
        seen = (await cities.person(name).ask(SEEN, id=identity)).data["person"]
        assert seen is None or (seen["photo"], "photo" in seen["hiddenFields"]) == (None, True)
        assert "path" not in str((await cities.person(name).ask(OPEN, input={"id": photo})).body)
    removed = await cities.stranger.do(REMOVE_PHOTO, version=version)
    assert removed["person"]["photo"] is None
    assert "path" not in str((await cities.ines.ask(OPEN, input={"id": photo})).body)
    await shows_photo(cities.stranger, snapshot("PNG"))
    await shows_photo(cities.stranger, snapshot("WEBP"))
    await does(
        cities.ines, "removePerson", organisationId=await organisation_of(cities.ines), personId=identity
    )
    assert "path" not in str((await cities.ines.ask(OPEN, input={"id": photo})).body)
    async with cities.stage.sql() as sql:
        held = "SELECT count(*) FROM tsunagari.person WHERE photo_object_id IS NOT NULL"
        assert await sql.fetchval(held) == 0
        gone = "SELECT count(*) FROM tsunagari.work_due WHERE kind = 'drop_object'"
        assert await sql.fetchval(gone) == 3
    assert await audited(cities, "remove_photo") == 2
