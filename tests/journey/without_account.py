"""People of the demo who have a telephone or a mailbox and no account."""

import asyncio
import re
from pathlib import Path

import httpx

from tests.journey.demo import Demo
from tests.requests import documents as requests

MAIL_SECONDS = 30
WORDS = "だれとも話さない日が続いています。"
REPLY = "書いてくださってありがとうございます。"
SENT = """{ referralsSent(first: 50) { nodes { state recipient { name }
  accessLog { level byLink person { name } organisation { name } } } } }"""


async def somebody_asks_for_help(demo: Demo) -> None:
    """From the page to the desk, and back with the code; the coordinator learns nothing of it."""
    page, known = demo.described["help"]["page"], demo.described["help"]["code"]
    async with _browser() as browser:
        form = _hidden("form", await _text(browser, page))
        sent = await _text(browser, page, form=form, about="self", words=WORDS)
        code = re.findall(r'class="code"[^>]*>([^<]+)<', sent)[0]
        request = await _answered_by_hana(demo)
        assert REPLY in await _text(browser, f"{page}/answer", code=code)
        assert WORDS not in await _text(browser, f"{page}/answer", code=known), (
            "another's code opens another's"
        )
    read = await demo.do("森", requests.REVEAL, id=request, purpose={"code": "SUPPORT"})
    assert read["code"] == "NOT_FOUND"


async def neighbours_answer_by_link(demo: Demo) -> None:
    """From a mail in the demo's folder to the sender's page."""
    folder = Path(demo.described["mail"])
    link = await _mailed(folder, r"http\S+/t/ikoma/answer/\S+")
    assert link.startswith(f"{demo.described['platform']}/t/ikoma/")
    async with _browser() as browser:
        asked = await browser.post(link, data={"send": "yes"})
        code = await _mailed(folder, r"(?<=確認コード: )[0-9]{6}")
        opened = await _text(browser, str(asked.url), code=code)
        await _text(browser, str(asked.url), page=_hidden("page", opened), answer="accept")
        assert (await browser.get(link)).status_code == httpx.codes.NOT_FOUND
    sent = (await demo.ask("イネス", SENT))["referralsSent"]["nodes"]
    (theirs,) = [each for each in sent if each["recipient"] == {"name": "庭先おしゃべり会"}]
    assert theirs["state"] == "ACCEPTED"
    (entry,) = theirs["accessLog"]
    assert (entry["level"], entry["byLink"], entry["person"]) == ("L2", True, None)


async def _answered_by_hana(demo: Demo) -> str:
    waiting = (await demo.ask("花田", requests.REQUESTS, state="WAITING"))["helpRequests"]["nodes"][0]
    read = await demo.do("花田", requests.REVEAL, id=waiting["id"], purpose={"code": "SUPPORT"})
    assert [each["text"] for each in read["texts"]] == [WORDS]
    version = read["helpRequest"]["version"]
    answered = await demo.do("花田", requests.ANSWER, id=waiting["id"], version=version, text=REPLY)
    assert answered["helpRequest"]["state"] == "ANSWERED"
    identity: str = waiting["id"]
    return identity


async def _mailed(folder: Path, pattern: str) -> str:
    """What the newest mail that has it says, once one came."""
    async with asyncio.timeout(MAIL_SECONDS):
        while (found := _newest(folder, pattern)) is None:  # noqa: ASYNC110 - a folder tells nobody
            await asyncio.sleep(0.1)
    return found


def _newest(folder: Path, pattern: str) -> str | None:
    texts = (path.read_text(encoding="utf-8") for path in sorted(folder.iterdir(), reverse=True))
    return next((found[0] for text in texts if (found := re.search(pattern, text))), None)


def _browser() -> httpx.AsyncClient:
    return httpx.AsyncClient(trust_env=False, follow_redirects=True)


async def _text(browser: httpx.AsyncClient, url: str, **form: str) -> str:
    answer = await (browser.post(url, data=form) if form else browser.get(url))
    assert answer.is_success, (answer.status_code, url.rpartition("/")[0])
    return answer.text


def _hidden(name: str, page: str) -> str:
    return str(re.findall(rf'name="{name}" value="([^"]+)"', page)[0])
