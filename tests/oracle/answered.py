"""The product's own single-row answers, against which its lists are held; each list asked for in pages."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.oracle.facts import Judge
from tests.oracle.lists import Rows
from tests.oracle.reference import policy_name
from tests.oracle.seeing import OBJECT_OF, PREFIX_OF, TABLE_OF, Asked, Thing
from tests.reading.asking import Reading
from tests.reading.world import Row, World

AT_ONCE = 40
WAYS = {
    "forward": ("first", "after", "endCursor", "hasNextPage"),
    "backward": ("last", "before", "startCursor", "hasPreviousPage"),
}


@dataclass(frozen=True)
class Answered(Asked):
    """Rows that `node(id:)` found for somebody, with the fields that it named as hidden."""

    found: Mapping[str, Mapping[uuid.UUID, frozenset[str]]]

    def seen(self, type_name: str, row: Row | None) -> Thing | None:
        return None if row is None or row["id"] not in self.found[type_name] else Thing(type_name, row)

    def opens(self, thing: Thing, policy_name: str) -> bool:
        return policy_name not in self.found[thing.type][thing.row["id"]]


async def answered_to(asked: Reading, who: str) -> Answered:
    """Every row of the tenant by its id alone, asked as this person."""
    viewer = asked.viewers[who]
    world = world_of(asked, who)
    found = {name: await _found(asked, who, name, world) for name in OBJECT_OF}
    return Answered(Judge(world, viewer), found)


def world_of(asked: Reading, who: str) -> World:
    return asked.world if asked.viewers[who].tenant_id == asked.world.tenant_id else asked.elsewhere


async def _found(asked: Reading, who: str, type_name: str, world: World) -> dict[uuid.UUID, frozenset[str]]:
    rows = world.all(TABLE_OF[type_name])
    hidden = "hiddenFields" if "hiddenFields" in fields_of(asked, type_name) else "__typename"
    found: dict[uuid.UUID, frozenset[str]] = {}
    for start in range(0, len(rows), AT_ONCE):
        part = rows[start : start + AT_ONCE]
        declared = ", ".join(f"$i{number}: ID!" for number in range(len(part)))
        roots = " ".join(
            f"r{number}: node(id: $i{number}) {{ ... on {type_name} {{ {hidden} }} }}"
            for number in range(len(part))
        )
        variables = {f"i{number}": f"{PREFIX_OF[type_name]}_{row['id']}" for number, row in enumerate(part)}
        answer = await answer_to(asked, who, f"query ({declared}) {{ {roots} }}", variables)
        for number, row in enumerate(part):
            if (said := answer[f"r{number}"]) is not None:
                found[row["id"]] = _hidden(type_name, said.get("hiddenFields", []))
    return found


def _hidden(type_name: str, names: list[str]) -> frozenset[str]:
    return frozenset(policy_name(type_name, name) for name in names)


def fields_of(asked: Reading, type_name: str) -> Mapping[str, Any]:
    of: Any = asked.schema.type_map[type_name]
    return of.fields


async def answer_to(asked: Reading, who: str, text: str, variables: Mapping[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads((await asked.read(text, who, variables)).json)
    return answer


@dataclass(frozen=True)
class Listed:
    """One list of one parent (None for a root), with arguments that stand in its text."""

    asked: Reading
    who: str
    of: str
    name: str
    rows: Rows
    parent: str | None
    said: str = ""

    async def whole(self) -> tuple[list[str], int] | None:
        """The ids and the count in one page; None where the list is withheld."""
        if not self.rows.paged:
            found: Any = await self._ask("first: 100", "id", {})
            return None if found is None else ([each["id"] for each in found], len(found))
        page = await self._ask("first: 100", "totalCount nodes { id }", {})
        return None if page is None else ([each["id"] for each in page["nodes"]], page["totalCount"])

    async def walked(self, way: str, size: int) -> list[str]:
        """All pages one after another, by the cursors of the answers; backward, turned round again."""
        count, place, end, more = WAYS[way]
        found: list[str] = []
        at: str | None = None
        while True:
            page = await self._ask(
                f"{count}: {size}, {place}: $at", f"nodes {{ id }} pageInfo {{ {end} {more} }}", {"at": at}
            )
            assert page is not None
            ids = [each["id"] for each in page["nodes"]]
            found = found + ids if way == "forward" else ids + found
            at = page["pageInfo"][end]
            if not page["pageInfo"][more]:
                return found

    async def _ask(self, page: str, selection: str, variables: Mapping[str, Any]) -> Any:
        arguments = ", ".join(each for each in (page, self.said) if each)
        asking = f"{self.name}({arguments}) {{ {selection} }}"
        declared = ["$at: String"] if "at" in variables else []
        if self.parent is None:
            head = f"query ({', '.join(declared)})" if declared else "query"
            return (await answer_to(self.asked, self.who, f"{head} {{ {asking} }}", variables))[self.name]
        declared = ["$p: ID!", *declared]
        selected = f"node(id: $p) {{ ... on {self.of} {{ {asking} }} }}"
        text = f"query ({', '.join(declared)}) {{ {selected} }}"
        answer = await answer_to(self.asked, self.who, text, {"p": self.parent, **variables})
        return answer["node"][self.name]
