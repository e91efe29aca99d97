"""Documents written by hand, one for each thing that GraphQL can say; the answers are graphql-core's own."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.reading.asking import Reading
from tests.reading.paging import cursor
from tests.reading.reference import ORGANISATION_KEYS, SEAT_KEYS

WHO = (
    "npo",
    "other npo",
    "government",
    "company",
    "coordinator",
    "applicant",
    "stranger",
    "anyone",
    "neighbour",
)
DOCUMENTS = dict(
    part.split("\n", 1)
    for part in (Path(__file__).parent / "by_hand.graphql").read_text(encoding="utf-8").split("\n## ")[1:]
)


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("document", DOCUMENTS)
async def test_the_answer_is_graphql_cores_own(reading: Reading, document: str, who: str) -> None:
    await reading.same(DOCUMENTS[document], who)


VARIABLES: dict[str, tuple[str, list[dict[str, Any]]]] = {
    "with and without defaults": (
        """query ($n: Int = 4, $k: Kind, $o: OrganisationOrder = KIND)
        { organisations(first: $n, kind: $k, order: $o) { nodes { id kind } } }""",
        [
            {},
            {"n": 2},
            {"n": None, "k": None, "o": None},
            {"k": "NPO"},
            {"k": "COMPANY", "o": "VERSION", "n": 9},
            {"o": "NEWEST"},
        ],
    ),
    "in directives": (
        """query ($a: Boolean!, $b: Boolean = true) { organisations @include(if: $b) {
        nodes { id name @skip(if: $a) ... @include(if: $a) { area } } } me { id @include(if: $b) name } }""",
        [{"a": True}, {"a": False}, {"a": True, "b": False}, {"a": False, "b": True}],
    ),
    "within a list": (
        "query ($k: Kind!) { organisations(kinds: [NPO, $k], first: 50) { nodes { id } totalCount } }",
        [{"k": "COMPANY"}, {"k": "GOVERNMENT"}, {"k": "NPO"}],
    ),
    "for every filter": (
        """query ($s: String, $ks: [Kind!], $st: Standing, $c: String, $at: DateTime)
        { organisations(search: $s, kinds: $ks, standing: $st, contact: $c, since: $at, first: 50)
        { nodes { id } totalCount } }""",
        [
            {},
            {"s": "ひだ", "ks": ["NPO", "COMPANY"]},
            {"st": "MEMBER"},
            {"st": "WAITING"},
            {"c": "work@example.jp"},
            {"ks": [], "s": ""},
            {"at": "2026-10-04T18:30:00+09:00"},
            {"at": "2026-10-04T09:30:00.120000+00:00", "s": 'E"\\'},
        ],
    ),
    "for an order that has another default here than there": (
        """query ($o: SeatOrder) { groups { nodes { seats(order: $o, first: 3) { edges { cursor } } } }
        mine { seats(order: $o) { edges { cursor } } } }""",
        [{}, {"o": None}, {"o": "CHAIR"}, {"o": "OLDEST"}, {"o": "LATEST"}],
    ),
    "of enums beside introspection": (
        """query ($o: OrganisationOrder, $t: DateTime) { __type(name: "Kind") { name }
        organisations(order: $o, since: $t) { totalCount } }""",
        [{}, {"o": "KIND", "t": "2026-10-03T09:30:00Z"}],
    ),
    "for both ways": (
        """query ($f: Int, $l: Int) { organisations(first: $f, last: $l) { nodes { id } pageInfo { hasNextPage
        hasPreviousPage } } }""",
        [{}, {"f": 3}, {"l": 3}, {"f": None, "l": 2}, {"f": 100}, {"l": 100}, {"l": 0}],
    ),
}


@pytest.mark.parametrize("who", ["npo", "company", "coordinator", "anyone"])
@pytest.mark.parametrize("name", VARIABLES)
async def test_variables_given_defaulted_null_or_absent(reading: Reading, name: str, who: str) -> None:
    text, given = VARIABLES[name]
    for variables in (*given, *given):  # the second time from the plans remembered
        await reading.same(text, who, variables)


@pytest.mark.parametrize("who", ["npo", "coordinator", "anyone"])
@pytest.mark.parametrize("order", ["KANA", "NEWEST", "KIND", "VERSION"])
@pytest.mark.parametrize("size", [1, 3, 7])
async def test_pages_follow_on_one_another_both_ways(
    reading: Reading, who: str, order: str, size: int
) -> None:
    """All rows once and in order, by cursors taken from the answers themselves."""
    whole = await _ids(reading, who, f"order: {order}, first: 100")
    assert len(whole) > size
    assert await _walk(reading, who, order, ("first", "after", "endCursor", "hasNextPage"), size) == whole
    backward = await _walk(reading, who, order, ("last", "before", "startCursor", "hasPreviousPage"), size)
    assert [each for page in reversed(_pages(backward, size)) for each in page] == whole


async def _ids(reading: Reading, who: str, arguments: str) -> list[str]:
    answer = json.loads(await reading.same(f"{{ organisations({arguments}) {{ nodes {{ id }} }} }}", who))
    return [node["id"] for node in answer["organisations"]["nodes"]]


async def _walk(
    reading: Reading, who: str, order: str, way: tuple[str, str, str, str], size: int
) -> list[str]:
    count, place, end, more = way
    text = (
        f"query ($n: Int, $c: String) {{ organisations(order: {order}, {count}: $n, {place}: $c) "
        f"{{ nodes {{ id }} pageInfo {{ {end} {more} }} }} }}"
    )
    found: list[str] = []
    at: str | None = None
    while True:
        page = json.loads(await reading.same(text, who, {"n": size, "c": at}))["organisations"]
        found += [node["id"] for node in page["nodes"]]
        at = page["pageInfo"][end]
        if not page["pageInfo"][more]:
            return found


def _pages(found: list[str], size: int) -> list[list[str]]:
    return [found[start : start + size] for start in range(0, len(found), size)]


@pytest.mark.parametrize("who", ["npo", "government", "coordinator"])
@pytest.mark.parametrize("order", SEAT_KEYS)
async def test_a_page_between_two_cursors(reading: Reading, who: str, order: str) -> None:
    seats = reading.world.all("seat")
    columns, _ = SEAT_KEYS[order]
    text = (
        "query ($a: String, $b: String, $l: Int, $f: Int) { groups(first: 8) { nodes { seats("
        f"order: {order}, first: $f, last: $l, after: $a, before: $b) "
        "{ nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount } } } }"
    )
    for one, other in zip(seats[::7], seats[3::7], strict=False):
        a, b = cursor(order, columns, one), cursor(order, columns, other)
        for size in ({"f": 2}, {"l": 2}, {}):
            await reading.same(text, who, {"a": a, "b": b, **size})
            await reading.same(text, who, {"a": a, **size})
            await reading.same(text, who, {"b": b, **size})


@pytest.mark.parametrize("who", WHO)
async def test_node_finds_each_type_and_nothing_of_another_city(reading: Reading, who: str) -> None:
    text = """query ($id: ID!) { node(id: $id) { __typename id ... on Organisation { name workContact }
        ... on Person { name email } ... on WorkingGroup { name news { __typename } } ... on Seat { fromOn }
        ... on Post { title } ... on Sheet { f00 } } organisation(id: $id) { id } group(id: $id) { name } }"""
    tables = {"organisation": "organisation", "sheet": "organisation", "person": "person"}
    tables |= {"group": "working_group", "seat": "seat", "post": "post"}
    for prefix, table in tables.items():
        for world in (reading.world, reading.elsewhere):
            for row in world.all(table)[:6]:
                await reading.same(text, who, {"id": f"{prefix}_{row['id']}"})
    await reading.same(text, who, {"id": f"nothing_{reading.world.tenant_id}"})


async def test_node_by_a_literal_reads_the_same(reading: Reading) -> None:
    for row in reading.world.all("organisation")[:5]:
        await reading.same(f'{{ node(id: "organisation_{row["id"]}") {{ id }} }}', "npo")


async def test_the_stage_is_set_for_what_these_tests_claim(reading: Reading) -> None:
    """Positive controls: ties in every order, rows hidden from some, fields withheld from others."""
    organisations = reading.world.all("organisation")
    for columns, _ in ORGANISATION_KEYS.values():
        if len(columns) > 1:
            assert len({tuple(row[name] for name in columns[:-1]) for row in organisations}) < 40
    totals = {
        who: json.loads(await reading.same("{ organisations { totalCount } }", who))["organisations"][
            "totalCount"
        ]
        for who in WHO
    }
    assert totals["coordinator"] > totals["npo"] > totals["anyone"] > 0
    assert totals["applicant"] == totals["anyone"] + 1, "published ones and its own"
    answer = await reading.same("{ organisations(first: 50) { nodes { workContact hiddenFields } } }", "npo")
    assert "work@example.jp" in answer
    assert '"workContact"' in answer.replace('"workContact":', "")
