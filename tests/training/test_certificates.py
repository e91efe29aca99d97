"""Who came prints a certificate; whoever is shown one looks it up. It is forged in every way we know."""

import io
import re
import uuid
from dataclasses import dataclass

import httpx
import pytest
from pypdf import PdfReader

from libs.persistence.roles import SCHEMA
from tests.events.residents import Resident
from tests.events.stage import ATTENDED
from tests.pages.reading import Document, check_accessible
from tests.stage.cities import Cities
from tests.training import stage as said
from tests.training.stage import NAME, announced, codes_for, on, published_text, report

PLACES = "query ($id: ID!) { event(id: $id) { places { nodes { id version } } } }"
CODE = re.compile(r"証明番号((?:[0-9A-Z]{4}-){3}[0-9A-Z]{4})氏名確認([0-9A-Z]{8})")


@dataclass
class Printed:
    """A certificate as its paper says it."""

    text: str
    code: str
    check: str


@dataclass
class Browser:
    """Somebody without an account, on 生駒市's pages."""

    http: httpx.AsyncClient
    city: str = "ikoma"

    async def print(self, code: str, name: str = NAME) -> httpx.Response:
        return await self.http.post(f"/t/{self.city}/certificate.print", data={"code": code, "name": name})

    async def printed(self, code: str, name: str = NAME) -> Printed:
        answer = await self.print(code, name)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf"), answer.text
        # pypdf reads the two bytes of each letter as a zero and the letter
        read = PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()
        text = re.sub(r"[\s\x00]", "", read)
        found = CODE.search(text)
        assert found, text
        return Printed(text, found[1], found[2])

    async def looks_up(self, code: str, **more: str) -> tuple[int, Document]:
        answer = await self.http.post(f"/t/{self.city}/certificate", data={"code": code, **more})
        return answer.status_code, check_accessible(answer.text)

    async def opens(self, code: str) -> int:
        return (await self.http.get(f"/t/{self.city}/certificate/{code}")).status_code


@dataclass
class Held:
    """A course that was held with three heads, and three codes for certificates."""

    cities: Cities
    course: str
    codes: list[str]
    browser: Browser


@pytest.fixture
async def held(cities: Cities) -> Held:
    text = (await published_text(cities.mori))["id"]
    course = await announced(cities.ines, text, on("2026-11-20"))
    early = await cities.ines.do(said.HAND_OUT, id=course["id"], count=1)
    assert early["state"] == "not_reported"
    told = await report(cities.ines, course["id"], walkIns=3)
    codes = await codes_for(cities.ines, told, 3)
    over = await cities.ines.do(said.HAND_OUT, id=course["id"], count=1)
    assert over["detail"] == "MORE_THAN_HEADS"
    return Held(cities, course["id"], codes, Browser(cities.stage.http))


async def test_it_is_printed_and_looked_up(held: Held) -> None:
    browser = held.browser
    paper = await browser.printed(held.codes[0])
    for word in ("修了証", NAME.replace(" ", ""), "令和8年11月20日", "NPO法人つながる生駒", "生駒市"):
        assert word in paper.text
    status, page = await browser.looks_up(paper.code)
    assert (status, page.one("h1").text) == (200, "有効な修了証です")
    assert NAME not in page.one("main").text
    assert await browser.opens(paper.code) == 200
    _, page = await browser.looks_up(paper.code, name="﨑山　さくらもち", check=paper.check.lower())
    assert "名前は、この修了証に印刷されたものです" in page.one("main").text
    listed = await held.cities.mori.ask(said.CERTIFICATES, id=held.course)
    found = listed.data["course"]["certificates"]
    assert (found["totalCount"], sorted(each["prints"] for each in found["nodes"])) == (3, [0, 0, 1])
    other = await held.cities.sato.ask(said.CERTIFICATES, id=held.course)
    assert other.data["course"]["certificates"] is None
    async with held.cities.stage.sql() as sql:
        kept = await sql.fetch(f"SELECT c::text AS row FROM {SCHEMA}.certificate c")
        kept += await sql.fetch(f"SELECT a::text AS row FROM {SCHEMA}.audit_entry a")
    assert not any("さくらもち" in each["row"] for each in kept), "the name is nowhere"


async def test_a_forged_one_is_not_valid(held: Held) -> None:
    browser, other = held.browser, Browser(held.cities.stage.http, "takamatsu")
    paper, second = [await browser.printed(code) for code in held.codes[:2]]
    changed = paper.code[:-1] + ("0" if paper.code[-1] != "0" else "1")
    for code in (changed, "0000-0000-0000-0000", held.codes[0]):
        assert (await browser.looks_up(code))[0] == 404, "guessed, altered, or the code to print with"
        assert await browser.opens(code) == 404
    assert (await other.looks_up(paper.code))[0] == 404, "another platform's"
    for name, check in (("別人 太郎", paper.check), (NAME, second.check), (NAME, "")):
        _, page = await browser.looks_up(paper.code, name=name, check=check)
        assert "印刷されたものと違います" in page.one("main").text, "a name put in the place of another"
    assert (await browser.print(paper.code)).status_code == 404, "what is printed prints nothing"
    await _written_past_the_product(held, paper.code)


async def _written_past_the_product(held: Held, real: str) -> None:
    """A row added or moved in the database, without the platform's key, has no code that is valid."""
    later = await announced(
        held.cities.ines, (await published_text(held.cities.mori))["id"], on("2026-11-21")
    )
    async with held.cities.stage.sql() as sql:
        await sql.execute(
            f"INSERT INTO {SCHEMA}.certificate (tenant_id, id, course_id, claim_hash, code_hash, created_at) "
            f"SELECT tenant_id, $1, course_id, 'forged', 'forged', now() FROM {SCHEMA}.certificate LIMIT 1",
            uuid.uuid4(),
        )
        await sql.execute(
            f"UPDATE {SCHEMA}.certificate SET course_id = $1", uuid.UUID(later["id"].removeprefix("course_"))
        )
    assert (await held.browser.looks_up(real))[0] == 404, "moved to another course"


async def test_a_revoked_one_says_so_and_prints_no_more(held: Held) -> None:
    browser, ines = held.browser, held.cities.ines
    paper = await browser.printed(held.codes[0])
    listed = (await ines.ask(said.CERTIFICATES, id=held.course)).data["course"]["certificates"]["nodes"]
    (printed,) = [each for each in listed if each["prints"]]
    at = {"id": printed["id"], "version": printed["version"]}
    assert (await held.cities.sato.do(said.REVOKE, **at))["__typename"] == "NotFound"
    assert (await ines.do(said.REVOKE, **at))["certificate"]["revokedAt"] is not None
    assert (await ines.do(said.REVOKE, id=printed["id"], version=2))["state"] == "revoked"
    status, page = await browser.looks_up(paper.code)
    assert (status, page.one("h1").text) == (200, "取り消された修了証です")
    assert (await browser.print(held.codes[0])).status_code == 400


async def test_a_name_is_printed_as_often_as_it_is_mistyped(held: Held) -> None:
    browser = held.browser
    for refused in ("", "😀", "あ" * 61):
        assert (await browser.print(held.codes[2], refused)).status_code == 400
    for name in ("李 小龙", "김 하나", "𠮷野 葛󠄀", "Ana María", NAME):
        paper = await browser.printed(held.codes[2], name)
        assert re.sub(r"\s", "", name)[:1] in paper.text
    assert (await browser.print(held.codes[2])).status_code == 400, "five times, and not for a whole class"


async def test_a_resident_prints_it_with_the_code_of_the_registration(cities: Cities) -> None:
    """Once attendance was recorded and the course reported, and for as many as came."""
    ines, browser = cities.ines, Browser(cities.stage.http)
    text = (await published_text(cities.mori))["id"]
    course = await announced(ines, text, {"forResidents": True})
    sakura = Resident(cities.stage.http, NAME, telephone="0743-00-0000")
    await sakura.register(course["event"]["id"])
    code = sakura.code
    cities.stage.clock.move(days=11)
    assert (await browser.print(code)).status_code == 404, "nobody has come yet"
    found = (await ines.ask(PLACES, id=course["event"]["id"])).data["event"]["places"]["nodes"]
    came = await ines.do(ATTENDED, id=found[0]["id"], version=found[0]["version"], attended=1)
    assert came["__typename"] == "PlacePayload", came
    assert (await browser.print(code)).status_code == 404, "and nothing is reported"
    told = await report(ines, course["id"])
    assert told["heads"] == 1
    paper = await browser.printed(code)
    assert (await browser.looks_up(paper.code))[0] == 200
    again = await browser.printed(code, "﨑山 みどり")
    assert (again.code, again.check == paper.check) == (paper.code, False), "one certificate, another name"
    over = await ines.do(said.HAND_OUT, id=course["id"], count=1)
    assert over["detail"] == "MORE_THAN_HEADS", "the one head has its certificate"
