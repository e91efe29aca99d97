"""A group's files: sent, looked into, kept sealed, opened by whom they are for and at no other time."""

import hashlib
import uuid
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import pytest

from libs.persistence.objects.store import Objects
from libs.persistence.roles import APP, WORKER
from libs.persistence.worker import Worker
from libs.serving.arriving import arriving
from libs.serving.disconnects import Disconnected
from services.platform.files import jobs
from services.platform.files.links import LIFETIME
from services.platform.files.models import MOST_BYTES, MOST_WAITING
from tests.files.papers import PDF, REFUSED, TAKEN
from tests.files.sending import OPEN, added, fetched, link_to, send, sent
from tests.groups.said import ONE_FILE, does, founded, group_of, tries
from tests.members.said import applied
from tests.stage.cities import Cities
from tests.stage.tokens import key_folder

FILES = "query ($id: ID!) { workingGroup(id: $id) { files(first: 50) { totalCount nodes { id name } } } }"


@asynccontextmanager
async def _worker(cities: Cities) -> AsyncGenerator[Worker]:
    stage = cities.stage
    async with stage.database(WORKER) as claims, stage.database(APP) as tenants:
        yield Worker(claims, tenants, jobs.JOBS, jobs.errands(_objects()))


def _objects() -> Objects:
    return Objects.in_folder(key_folder().parent / "objects")


async def _tenant(cities: Cities) -> uuid.UUID:
    async with cities.stage.sql() as sql:
        tenant: uuid.UUID = await sql.fetchval("SELECT tenant_id FROM tsunagari.tenant WHERE slug = 'ikoma'")
    return tenant


async def _kept(cities: Cities) -> set[uuid.UUID]:
    """The platform's objects: those of earlier tests too, whose platforms are copies of one."""
    return await _objects().of_tenant(await _tenant(cities))


async def _names(cities: Cities, name: str, group: str) -> set[str]:
    found = (await cities.person(name).ask(FILES, id=group)).data["workingGroup"]["files"]
    assert found["totalCount"] == len(found["nodes"])
    return {each["name"] for each in found["nodes"]}


async def test_what_is_sent_is_kept_sealed_and_opens_for_whom_it_is(cities: Cities) -> None:
    group, tenant = await founded(cities.mori, cities.ines, cities.hana, cities.kato), await _tenant(cities)
    for name, content, media_type in TAKEN:
        file = await added(cities.ines, group, name, content)
        assert (file["name"], file["mediaType"], file["size"]) == (name, media_type, len(content))
        assert file["sha256"] == hashlib.sha256(content).hexdigest()
        response = await fetched(cities, await link_to(cities.kato, file["id"]))
        assert (response.status_code, response.content) == (200, content)
        assert response.headers["content-type"] == media_type
        assert response.headers["content-disposition"].startswith("attachment;")
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["content-security-policy"] == "default-src 'none'; sandbox"
        assert response.headers["cache-control"] == "no-store"
    assert await _names(cities, "kato", group) == {name for name, *_ in TAKEN}
    for identity in await _kept(cities):
        stored = b"".join([piece async for piece in await _objects().get(tenant, identity)])
        assert b"PDF" not in stored
        assert "議事".encode() not in stored
    few = await added(cities.hana, group, "行政のみ.pdf", PDF, "PUBLIC_SECTOR")
    closed = await tries(cities.kato, "editFile", id=few["id"], version=1, name="a.pdf")
    assert closed["problem"] == "NOT_FOUND"
    for name in ("ines", "kato", "sato", "ueda", "anyone"):
        person = cities.person(name)
        assert (await person.ask(ONE_FILE, id=few["id"])).data["file"] is None
        refused = (await person.ask(OPEN, input={"id": few["id"]})).body
        assert "path" not in str(refused)
    assert (await fetched(cities, await link_to(cities.mori, few["id"]))).content == PDF


async def test_a_link_is_its_persons_for_minutes_under_the_policy_of_the_moment(cities: Cities) -> None:
    group = await founded(cities.mori, cities.ines, cities.hana, cities.kato)
    file = await added(cities.ines, group, "案.pdf", PDF)
    path = await link_to(cities.kato, file["id"])
    assert (await cities.stage.http.head(path)).headers["content-length"] == str(len(PDF))
    assert (await cities.stage.http.post(path)).status_code == 405
    key = path.rpartition("/")[2]
    for at in range(0, len(key), 7):
        other = "0" if key[at] != "0" else "1"
        forged = await fetched(cities, path.replace(key, key[:at] + other + key[at + 1 :]))
        assert forged.status_code == 404
        assert "この" in forged.text
    assert (await fetched(cities, path.replace("/ikoma/", "/takamatsu/"))).status_code == 404
    cities.stage.clock.move(seconds=LIFETIME.total_seconds() + 1)
    assert (await fetched(cities, path)).status_code == 404
    path = await link_to(cities.kato, file["id"])
    assert (await fetched(cities, path)).status_code == 200
    edited = await does(cities.ines, "editFile", id=file["id"], version=1, audience="PUBLIC_SECTOR_AND_NPOS")
    assert (await fetched(cities, path)).status_code == 404
    await does(cities.ines, "editFile", id=file["id"], version=edited["version"], audience="ALL")
    assert (await fetched(cities, path)).status_code == 200
    seats = (await group_of(cities.mori, group))["seats"]["nodes"]
    seat = next(each for each in seats if each["organisation"]["name"] == "まちの電器株式会社")
    await does(cities.mori, "endSeat", id=seat["id"], version=1)
    assert (await fetched(cities, path)).status_code == 404
    async with cities.stage.sql() as sql:
        count = "SELECT count(*) FROM tsunagari.audit_entry WHERE action = $1"
        assert await sql.fetchval(count, "download_file") == 3
        assert await sql.fetchval(count, "open_file") == 2


async def test_what_must_not_come_in_leaves_nothing(cities: Cities) -> None:
    before = await _kept(cities)
    for name, content, detail in REFUSED:
        response = await send(cities.ines, name, content)
        assert response.status_code == 400, (name, response.text)
        error = response.json()["errors"][0]
        assert (error["extensions"]["code"], error["extensions"]["detail"]) == ("INVALID_INPUT", detail), name
    large = await send(cities.ines, "大.txt", b"a" * (MOST_BYTES + 1))
    assert large.status_code == 413

    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"a" * 1_000_000

    assert (await send(cities.ines, "大.txt", endless())).status_code == 413
    assert (await send(cities.ines, "a.pdf", PDF, **{"Content-Encoding": "gzip"})).status_code == 415
    assert (await send(cities.anyone, "a.pdf", PDF)).status_code == 401
    assert (await send(cities.stranger, "a.pdf", PDF)).status_code == 404
    nameless = {"Content-Disposition": "attachment"}
    assert (await send(cities.ines, "", PDF, **nameless)).json()["errors"][0]["extensions"]["field"] == "name"
    assert (await cities.stage.http.get("/t/ikoma/uploads")).status_code == 405
    assert await _kept(cities) == before
    async with cities.stage.sql() as sql:
        assert await sql.fetchval("SELECT count(*) FROM tsunagari.upload") == 0


async def test_a_sender_who_goes_away_and_a_store_that_fails_leave_nothing(
    cities: Cities, monkeypatch: pytest.MonkeyPatch
) -> None:
    messages: list[dict[str, Any]] = [
        {"type": "http.request", "body": b"half", "more_body": True},
        {"type": "http.disconnect"},
    ]

    async def receive() -> dict[str, Any]:
        return messages.pop(0)

    with pytest.raises(Disconnected):
        async with arriving(receive, most=100, seconds=1):
            raise AssertionError("it never arrived")
    before, put = await _kept(cities), Objects.put

    async def fails(objects: Objects, tenant_id: uuid.UUID, identity: uuid.UUID, content: Any) -> None:
        await put(objects, tenant_id, identity, content)
        raise OSError("the store went away after it had kept all")

    monkeypatch.setattr(Objects, "put", fails)
    assert (await send(cities.ines, "a.pdf", PDF)).status_code >= 500
    monkeypatch.undo()
    (orphan,) = await _kept(cities) - before
    group = await founded(cities.mori, cities.ines)
    unfinished = await tries(
        cities.ines, "uploadFile", workingGroupId=group, uploadId=f"upload_{orphan}", audience="ALL"
    )
    assert unfinished["problem"] == "NOT_FOUND"
    await sent(cities.ines, "忘れた.pdf", PDF)
    kept = await added(cities.ines, group, "使う.pdf", PDF)
    async with _worker(cities) as worker:
        assert await worker.do_due() == 0
        cities.stage.clock.move(days=1, seconds=1)
        assert await worker.do_due() == 3
        assert await worker.run_errands() == 2
        assert len(await _kept(cities) - before) == 1
        assert (await fetched(cities, await link_to(cities.ines, kept["id"]))).content == PDF
        await does_remove(cities, kept)
        assert await worker.run_errands() == 1
    assert await _kept(cities) == before


async def does_remove(cities: Cities, file: dict[str, Any]) -> None:
    refused = await tries(cities.hana, "removeFile", id=file["id"], version=1)
    assert refused["problem"] == "NOT_FOUND"
    removed = await tries(cities.mori, "removeFile", id=file["id"], version=1)
    assert (removed["__typename"], removed["file"]) == ("FilePayload", None)


async def test_an_upload_is_its_senders_once_and_an_applicants_too(cities: Cities) -> None:
    group = await founded(cities.mori, cities.ines, cities.hana)
    upload = await sent(cities.ines, "a.pdf", PDF)
    add = partial(tries, workingGroupId=group, uploadId=upload["id"], audience="ALL")
    assert (await add(cities.hana, "uploadFile"))["problem"] == "NOT_FOUND"
    assert (await add(cities.ines, "uploadFile"))["file"]["name"] == "a.pdf"
    assert (await add(cities.ines, "uploadFile"))["problem"] == "NOT_FOUND"
    wide = await sent(cities.ines, "a.pdf", PDF)
    narrow = await tries(
        cities.ines, "uploadFile", workingGroupId=group, uploadId=wide["id"], audience="PUBLIC_SECTOR"
    )
    assert (narrow["problem"], narrow["detail"]) == ("INVALID_INPUT", "AUDIENCE")
    await applied(cities.stranger)
    await sent(cities.stranger, "定款.pdf", PDF)
    for _ in range(MOST_WAITING - 1):
        await sent(cities.ines, "a.pdf", PDF)
    full = await send(cities.ines, "a.pdf", PDF)
    assert full.json()["errors"][0]["extensions"]["state"] == "too_many_uploads"


async def test_what_hangs_on_a_post_is_for_whom_the_post_is(cities: Cities) -> None:
    group = await founded(cities.mori, cities.ines, cities.hana, cities.kato)
    post = await does(cities.ines, "writePost", workingGroupId=group, audience="ALL", title="案", body="本文")
    upload = await sent(cities.hana, "a.pdf", PDF)
    foreign = await tries(cities.hana, "attachFile", postId=post["id"], uploadId=upload["id"])
    assert foreign["problem"] == "NOT_ALLOWED"
    upload = await sent(cities.ines, "a.pdf", PDF)
    file = await does(cities.ines, "attachFile", postId=post["id"], uploadId=upload["id"])
    assert (file["audience"], file["post"]["id"]) == ("ALL", post["id"])
    assert await _names(cities, "kato", group) == {"a.pdf"}
    alone = await tries(cities.ines, "editFile", id=file["id"], version=1, audience="PUBLIC_SECTOR_AND_NPOS")
    assert (alone["problem"], alone["detail"]) == ("INVALID_INPUT", "ATTACHED")
    kind = await tries(cities.ines, "editFile", id=file["id"], version=1, name="a.txt")
    assert (kind["problem"], kind["detail"]) == ("INVALID_INPUT", "KIND")
    assert (await does(cities.ines, "editFile", id=file["id"], version=1, name="b.pdf"))["name"] == "b.pdf"
    narrowed = {"id": post["id"], "version": 1, "audience": "PUBLIC_SECTOR_AND_NPOS"}
    post = await does(cities.ines, "editPost", **narrowed)
    assert await _names(cities, "kato", group) == set()
    assert await _names(cities, "hana", group) == {"b.pdf"}
    await tries(cities.ines, "removePost", id=post["id"], version=post["version"])
    assert await _names(cities, "hana", group) == set()
    async with _worker(cities) as worker:
        assert await worker.run_errands() == 1
