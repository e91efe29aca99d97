"""Everybody asks for every list that leads to a referral, counts it, tries its filters and takes files."""

import io
import json
import zipfile
from collections.abc import Iterable

import pytest

from services.platform.exports import EXPORTS
from tests.channels import lists
from tests.channels.expected import SOME_WATCHERS, WATCHERS, Watcher, may
from tests.channels.marks import found, more_than
from tests.channels.world import World
from tests.exports.files import fetched

CARRIES = "referrals-past-due"
PAST_DUE = """{ referralsPastDue(first: 100) { nodes { ask area } } }"""


async def test_no_list_count_or_filter_tells_more_than_the_table(world: World) -> None:
    """One of each organisation here; their colleagues in the long run."""
    assert len(lists.every_path()) > 10
    assert not (told := await _told(world, SOME_WATCHERS)), "\n".join(told)


@pytest.mark.soak
async def test_likewise_in_every_scene(whole_world: World) -> None:
    assert not (told := await _told(whole_world, WATCHERS)), "\n".join(told)


async def test_every_path_leads_somebody_somewhere(world: World) -> None:
    """Or the silence of the lists above would say nothing."""
    assert [path.title for path in lists.every_path() if not await lists.leads_somewhere(world, path)] == []


async def test_a_file_of_a_list_holds_what_the_list_shows(world: World) -> None:
    taken = 0
    for who in SOME_WATCHERS:
        reads = {told.scene.key: may(who, told.scene).reads for told in world.told}
        for name in (export.name for export in EXPORTS):
            for form in ("csv", "xlsx") if name == CARRIES else ("csv",):
                text = await _file(world, who, f"{name}.{form}")
                assert not (more := more_than(found(text), reads)), (who.name, name, form, more)
                if name == CARRIES and who.side is not None:
                    shown = json.dumps((await world.person(who.name).ask(PAST_DUE)).data)
                    assert found(text) == found(shown), (who.name, form)
                    taken += bool(found(text))
    assert taken > 4


async def _told(world: World, watchers: Iterable[Watcher]) -> list[str]:
    """All differences of all their lists."""
    return [each for who in watchers for each in await lists.differences(world, who)]


async def _file(world: World, who: Watcher, path: str) -> str:
    """What is in the file, or how this person is refused it."""
    response = await fetched(world.person(who.name), path)
    if response.status_code != 200:
        return response.text
    if path.endswith(".csv"):
        encoding = "cp932" if "windows-31j" in response.headers["content-type"] else "utf-8-sig"
        return response.content.decode(encoding)
    with zipfile.ZipFile(io.BytesIO(response.content)) as book:
        return "\n".join(book.read(name).decode() for name in book.namelist())
