"""The explorer: everything it needs is here, nothing else is asked for, and tokens go to its page only."""

import hashlib
import re
from pathlib import Path

from litestar import Litestar

from libs.serving import explorer
from libs.serving.explorer import explorer_routes
from tests.serving.conftest import PEOPLE, Running, serving

STATIC = Path(explorer.__file__).parent / "static"


async def test_every_file_the_page_names_is_served_for_ever(served: Running) -> None:
    page = await served.client.get("/explorer")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    named = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    files = [name for name in named if not name.startswith("data:")]
    assert len(files) == 6
    for name in files:
        assert name.startswith("/explorer/assets/")
        file = await served.client.get(name)
        assert file.status_code == 200
        assert "immutable" in file.headers["cache-control"]
        again = await served.client.get(name, headers={"if-none-match": file.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


async def test_the_page_may_load_nothing_from_elsewhere(served: Running) -> None:
    page = await served.client.get("/explorer")
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self';")
    assert "http" not in policy
    assert re.findall(r"https?://[^\"' ]+", page.text) == []


async def test_people_are_offered_only_where_the_app_gives_them(served: Running) -> None:
    assert (await served.client.get("/explorer/people")).json() == PEOPLE
    async with serving(Litestar(explorer_routes(), logging_config=None, openapi_config=None)) as port:
        without = f"http://127.0.0.1:{port}/explorer"
        assert (await served.client.get(f"{without}/people")).status_code == 404
        assert 'data-people=""' in (await served.client.get(without)).text


async def test_another_name_for_this_address_reads_no_people(served: Running) -> None:
    for host in ("evil.example", f"evil.example:{served.port}", "127.0.0.1.evil.example", "localhost.evil"):
        response = await served.client.get("/explorer/people", headers={"host": host})
        assert response.status_code == 403, host
    for host in (f"localhost:{served.port}", "127.0.0.1", f"[::1]:{served.port}"):
        assert (await served.client.get("/explorer/people", headers={"host": host})).status_code == 200, host


async def test_other_sites_cannot_read_the_people(served: Running) -> None:
    for site in ("cross-site", "same-site"):
        response = await served.client.get("/explorer/people", headers={"sec-fetch-site": site})
        assert (response.status_code, response.content) == (403, b"")


def test_vendored_files_are_as_published_and_bring_their_licences() -> None:
    credits_ = (STATIC / "CREDITS.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\S+/\S+) \| \S+ \S+ \| ([0-9a-f]{64}) \|$", credits_, re.MULTILINE)
    assert len(rows) == 4
    for name, digest in rows:
        assert hashlib.sha256((STATIC / name).read_bytes()).hexdigest() == digest
        assert "Permission is hereby granted" in (STATIC / name).with_name("LICENSE").read_text(
            encoding="utf-8"
        )
