"""Every list that can carry a referral: what is in it, how many it counts, and what its filters give away."""

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final, cast

from services.platform.app import registry
from tests.channels.asking import shown_of
from tests.channels.expected import Watcher, may
from tests.channels.marks import found, more_than
from tests.channels.paths import Path, paths
from tests.channels.telling import NEEDS, URGENCIES
from tests.channels.ways import Scene
from tests.channels.world import World
from tests.stage.stage import Person

BOARD: Final = "board"
OF_STATE: Final = ("referralsSent", "referralsReceived", "referralsPastDue")
STATES: Final = (
    "DRAFT",
    "POSTED",
    "AWAITING_BASIS",
    "SENT",
    "ACCEPTED",
    "ON_HOLD",
    "IN_PROGRESS",
    "REPORTED",
    "CLOSED",
    "DECLINED",
    "EXPIRED",
    "WITHDRAWN",
    "VOID",
)
UNUSED: Final = "FOOD"
FIELDS: Final = {"state": "state", "need": "needCategory", "urgency": "urgency"}
"""The field of which each filter tells."""
Node = dict[str, Any]


async def differences(world: World, who: Watcher) -> list[str]:
    """Where a list of this person is not what the table lets them find."""
    person, wrong = world.person(who.name), list[str]()
    for path in every_path():
        for group in world.cast.groups.values() if path.arguments else ("",):
            pages = await _pages(person, path, group)
            told = f"{who.name}, {path.title}"
            wrong += [f"{told}: {each}" for each in _of_path(world, who, path, group, pages)]
    return [*wrong, *await filters_of(world, who)]


async def leads_somewhere(world: World, path: Path) -> bool:
    """Whether anybody finds something at its end."""
    group = world.cast.groups["open"]
    for name in ("ines", "hana", "mori", "sato"):
        pages = await _pages(world.person(name), path, group)
        if any(node.get("__typename") == path.end for node in _objects(pages)):
            return True
    return False


async def filters_of(world: World, who: Watcher) -> list[str]:
    """Where a filter counts something else than this person reads."""
    person, wrong = world.person(who.name), list[str]()
    for group in world.cast.groups.values():
        wrong += await _filters(person, f"board(workingGroupId: {json.dumps(group)}, first: 100", BOARD)
    for name in OF_STATE:
        wrong += await _filters(person, f"{name}(first: 100", name)
    return wrong


@cache
def every_path() -> list[Path]:
    return paths(registry().schema, {BOARD: "workingGroupId: $group, "})


async def _pages(person: Person, path: Path, group: str) -> list[Node]:
    """All pages of the path's root; none where it is not this person's to ask."""
    pages, given = list[Node](), dict[str, Any](group=group) if path.arguments else dict[str, Any]()
    while True:
        page = (await person.ask(path.document, **given)).data[path.root.field]
        if page is None:
            return pages
        pages.append(page)
        given["after"] = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            return pages


def _of_path(world: World, who: Watcher, path: Path, group: str, pages: Sequence[Node]) -> Iterator[str]:
    """What is read in it, whom it lists, how many it counts."""
    reads = {told.scene.key: may(who, told.scene).reads for told in world.told}
    yield from more_than(found(json.dumps(pages, ensure_ascii=False)), reads)
    by_id = {told.referral: told.scene for told in world.told}
    for node in _referrals(pages):
        scene = by_id.get(node["id"])
        yield from () if scene is None else more_than({scene.key: set(shown_of(node))}, reads)
    listed = [node["id"] for page in pages for node in page["nodes"]]
    for page in pages:
        if page["totalCount"] != len(listed):
            yield f"counts {page['totalCount']}, lists {len(listed)}"
        yield from more_than(found(_decoded(page["pageInfo"]["endCursor"])), {})
    expected = expected_in(world, who, path.root.field, group) if len(path.hops) == 1 else None
    if expected is not None and set(listed) != expected:
        yield f"lists {len(set(listed) - expected)} too many, {len(expected - set(listed))} too few"


def _referrals(body: Any) -> Iterator[Node]:
    return (node for node in _objects(body) if node.get("__typename") == "Referral")


def _objects(body: Any) -> Iterator[Node]:
    if isinstance(body, list):
        for each in cast("list[Any]", body):
            yield from _objects(each)
    elif isinstance(body, dict):
        node = cast("Node", body)
        yield node
        for each in node.values():
            yield from _objects(each)


def _decoded(cursor: str | None) -> str:
    return "" if cursor is None else base64.b64decode(cursor).decode()


def expected_in(world: World, who: Watcher, root: str, group: str) -> set[str] | None:
    """The ids that a list has for this person by the table; None where the clock has a say too."""
    if root == "referralsPastDue":
        return None
    if root == "myCases":
        return {told.case for told in world.told if "file" in may(who, told.scene).reads}
    is_in = {BOARD: _on_board, "referralsSent": _sent, "referralsReceived": _received}[root]
    return {
        told.referral
        for told in world.told
        if "exists" in may(who, told.scene).reads
        and is_in(who, told.scene)
        and (root != BOARD or world.cast.groups.get(told.scene.way.group or "") == group)
    }


def _on_board(_: Watcher, scene: Scene) -> bool:
    return scene.hangs


def _sent(who: Watcher, scene: Scene) -> bool:
    return who.side == scene.way.sender


def _received(who: Watcher, scene: Scene) -> bool:
    return scene.was_sent and who.side == scene.way.recipient


async def _filters(person: Person, root: str, name: str) -> list[str]:
    """A filter counts what the asker themselves reads of that field, and nothing else."""
    counts = " ".join(
        f"{argument}{value}: {root}, {argument}: {value}) {{ totalCount nodes {{ id }} }}"
        for argument, value in _tried(name)
    )
    answered: Mapping[str, Any] = (await person.ask(f"{{ {counts} }}")).data
    whole, wrong = await _whole(person, root), list[str]()
    for argument, value in _tried(name):
        said = answered[f"{argument}{value}"]
        ids = None if whole is None else [node["id"] for node in whole if node[FIELDS[argument]] == value]
        told = said and (said["totalCount"], [node["id"] for node in said["nodes"]])
        if told != (ids if ids is None else (len(ids), ids)):
            wrong.append(f"{name}({argument}: {value}) counts {said}, not {ids}")
    return wrong


def _tried(name: str) -> Iterator[tuple[str, str]]:
    """Each argument with each value that the list's filters take."""
    yield from (("state", value) for value in STATES)
    if name == BOARD:
        yield from (("need", value) for value in (*NEEDS, UNUSED))
        yield from (("urgency", value) for value in URGENCIES)


async def _whole(person: Person, root: str) -> list[Node] | None:
    """All rows of the list; None where it is not this person's to ask."""
    nodes, after = list[Node](), ""
    while True:
        fields = "nodes { id state needCategory urgency } pageInfo { hasNextPage endCursor }"
        page: Any = next(iter((await person.ask(f"{{ {root}{after}) {{ {fields} }} }}")).data.values()))
        if page is None:
            return None
        nodes += page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            return nodes
        after = f", after: {json.dumps(page['pageInfo']['endCursor'])}"
