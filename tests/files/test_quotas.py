"""How much files may take up: one organisation's share, and the platform's whole."""

import uuid
from typing import Any

import pytest

from libs.serving.problems import RateLimited
from services.platform.files.models import MOST_BYTES
from services.platform.files.web.turns import MOST_HELD, Turns
from tests.files.papers import PDF
from tests.files.sending import added, send, sent
from tests.groups.said import founded, tries
from tests.members.said import does
from tests.papers.said import hands_in, organisation_of
from tests.stage.cities import Cities

PAD = b"%" + b"a" * 400_000
BULKY = PDF + PAD


def test_bodies_wait_until_there_is_room_and_each_persons_for_their_last() -> None:
    turns, ines, hana, kato = Turns(), *(uuid.uuid4() for _ in range(3))
    with turns.taken(ines, MOST_BYTES), turns.taken(hana, MOST_BYTES):
        for who, size in ((ines, 1), (kato, MOST_BYTES)):
            with pytest.raises(RateLimited), turns.taken(who, size):
                raise AssertionError("there was no room")
        with turns.taken(kato, MOST_HELD - 2 * MOST_BYTES):
            pass
    with pytest.raises(ValueError, match="broken"), turns.taken(ines, 1):
        raise ValueError("broken off")
    with turns.taken(ines, MOST_HELD):
        pass


async def _bounded(cities: Cities, **bounds: int) -> None:
    version = (await cities.mori.ask("{ platform { version } }")).data["platform"]["version"]
    await does(cities.mori, "changeSettings", version=version, **bounds)


async def _refused(person: Any) -> dict[str, Any]:
    response = await send(person, "大.pdf", BULKY)
    assert response.status_code == 400, response.text
    extensions: dict[str, Any] = response.json()["errors"][0]["extensions"]
    assert extensions["code"] == "TOO_MUCH"
    return extensions


async def test_an_organisations_files_have_their_bound_and_the_platforms_too(cities: Cities) -> None:
    group = await founded(cities.mori, cities.ines, cities.hana, cities.kato)
    await _bounded(cities, organisationFileMebibytes=1)
    file = await added(cities.ines, group, "一.pdf", BULKY)
    await hands_in(cities.ines, await organisation_of(cities.ines))
    await sent(cities.ines, "二.pdf", BULKY)
    assert (await _refused(cities.ines))["limit"] == "organisation_files"
    assert (await send(cities.ines, "小.pdf", PDF)).status_code == 201
    # what others send is their own share
    await sent(cities.hana, "三.pdf", BULKY)
    removed = await tries(cities.ines, "removeFile", id=file["id"], version=1)
    assert removed["__typename"] == "FilePayload"
    assert (await send(cities.ines, "大.pdf", BULKY)).status_code == 201
    await _bounded(cities, organisationFileMebibytes=2, fileMebibytes=1)
    refused = await _refused(cities.kato)
    assert refused["limit"] == "platform_files"
    assert "事務局" in refused["ja"]
    assert "coordinator" in refused["en"]
    await sent(cities.ueda, "四.pdf", BULKY)
