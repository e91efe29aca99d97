"""What is refused before anything runs, and what may not be learnt by asking cleverly."""

import base64
import json
from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any

import pytest

from libs.errors.problems import InvalidInput, TooMuch
from libs.persistence.database import Database
from libs.policy.rules import Policy
from libs.reading.engine import Engine
from services.platform.relations import RELATIONS
from tests.reading.asking import REGISTRY, Reading
from tests.reading.facts import Judge
from tests.reading.paging import cursor
from tests.reading.reference import ORGANISATION_KEYS

CALM = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
async def nothing_runs(monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[None]:
    """Fails the test that sends a statement."""
    sent: list[str] = []

    async def spy(_: Database, __: Any, sql: str, ___: Any) -> None:
        sent.append(sql)

    monkeypatch.setattr(Database, "read", spy)
    yield
    assert sent == []


async def refused(reading: Reading, text: str, who: str = "npo", **variables: Any) -> str | None:
    with pytest.raises(InvalidInput) as refusal:
        await reading.read(text, who, variables)
    assert refusal.value.ja
    assert refusal.value.en
    return refusal.value.detail


IDS = (
    "",
    "x",
    "organisation",
    f"organisation_{CALM}x",
    f"organisation-{CALM}",
    f"1_{CALM}",
    f"_{CALM[:-1]}",
    "é_" + CALM,
)


@pytest.mark.usefixtures("nothing_runs")
@pytest.mark.parametrize("text", IDS)
@pytest.mark.parametrize("root", ["node", "organisation", "group"])
async def test_a_malformed_id_is_told(reading: Reading, root: str, text: str) -> None:
    assert await refused(reading, f"{{ {root}(id: {json.dumps(text)}) {{ id }} }}") == "MALFORMED_ID"
    document = f"query ($id: ID!) {{ {root}(id: $id) {{ id }} }}"
    assert await refused(reading, document, id=text) == "MALFORMED_ID"


def encoded(value: object) -> str:
    return base64.b64encode(json.dumps(value).encode()).decode()


CURSORS = (
    "",
    "!",
    "é",
    "a" * 3_000,
    encoded(1),
    encoded({}),
    encoded("KIND"),
    encoded([]),
    encoded(["KIND"]),
    encoded(["KANA", "x", CALM]),
    encoded(["KIND", "npo", CALM]),
    encoded(["KIND", 1, "2026-10-01T00:00:00+00:00", CALM]),
    encoded(["KIND", "n\0", "2026-10-01T00:00:00+00:00", CALM]),
    encoded(["KIND", "npo", "2026-10-01T00:00:00", CALM]),
    encoded(["KIND", "npo", "0001-01-01T00:00:00+14:00", CALM]),
    encoded(["KIND", "npo", "infinity", CALM]),
    encoded(["KIND", "npo", None, CALM]),
    encoded(["KIND", "npo", "2026-10-01T00:00:00+00:00", "x"]),
    encoded(["KIND", "npo", "2026-10-01T00:00:00+00:00", CALM, 1]),
    base64.b64encode(b"\xff\xfe").decode(),
    base64.b64encode(b'["KIND", "\\ud800", "2026-10-01T00:00:00+00:00", "' + CALM.encode() + b'"]').decode(),
)


@pytest.mark.usefixtures("nothing_runs")
@pytest.mark.parametrize("text", CURSORS)
@pytest.mark.parametrize("place", ["after", "before"])
async def test_a_malformed_cursor_is_told(reading: Reading, place: str, text: str) -> None:
    document = f"query ($c: String) {{ organisations(order: KIND, {place}: $c) {{ nodes {{ id }} }} }}"
    assert await refused(reading, document, c=text) == "MALFORMED_CURSOR"


@pytest.mark.usefixtures("nothing_runs")
@pytest.mark.parametrize("number", [2**31, 2**63, 2**200, True, 1.5])
async def test_a_number_that_no_column_holds_is_told(reading: Reading, number: object) -> None:
    document = "query ($c: String) { organisations(order: VERSION, after: $c) { totalCount } }"
    assert await refused(reading, document, c=encoded(["VERSION", number, CALM])) == "MALFORMED_CURSOR"


async def test_a_cursor_of_that_shape_is_taken(reading: Reading) -> None:
    document = "query ($c: String) { organisations(order: VERSION, after: $c) { nodes { id } } }"
    await reading.same(document, "npo", {"c": encoded(["VERSION", 3, CALM])})


PAGES = {
    "organisations(first: -1) { totalCount }": "PAGE_SIZE",
    "organisations(first: 101) { totalCount }": "PAGE_SIZE",
    "organisations(last: 101) { totalCount }": "PAGE_SIZE",
    "organisations(last: -1) { totalCount }": "PAGE_SIZE",
    "people(first: 101) { id }": "PAGE_SIZE",
    "groups { nodes { news(first: 101) { __typename } } }": "PAGE_SIZE",
    "groups(first: 0) { nodes { posts(first: 101) { id } } }": "PAGE_SIZE",
    "organisations(first: 1, last: 1) { totalCount }": "PAGE_DIRECTION",
}


@pytest.mark.usefixtures("nothing_runs")
@pytest.mark.parametrize("field", PAGES)
async def test_a_page_out_of_bounds_is_told(reading: Reading, field: str) -> None:
    assert await refused(reading, f"{{ {field} }}") == PAGES[field]


@pytest.mark.usefixtures("nothing_runs")
async def test_a_null_where_none_may_be_is_told(reading: Reading) -> None:
    """Each admitted by validation, as the variable has a default."""
    by_id = f'query ($id: ID = "organisation_{CALM}") {{ node(id: $id) {{ id }} }}'
    assert await refused(reading, by_id, id=None) == "NULL_ARGUMENT"
    skipped = "query ($no: Boolean = true) { me @skip(if: $no) { id } }"
    assert await refused(reading, skipped, no=None) == "NULL_ARGUMENT"
    within = "query ($k: Kind = NPO) { organisations(kinds: [COMPANY, $k]) { totalCount } }"
    assert await refused(reading, within, k=None) == "NULL_ARGUMENT"


@pytest.mark.usefixtures("nothing_runs")
async def test_values_that_postgresql_cannot_hold_are_told(reading: Reading) -> None:
    search = "query ($s: String) { organisations(search: $s) { totalCount } }"
    assert await refused(reading, search, s="a\0b") == "UNUSABLE_VALUE"
    since = "query ($t: DateTime) { organisations(since: $t) { totalCount } }"
    assert await refused(reading, since, t="0001-01-01T00:00:00+14:00") == "UNUSABLE_VALUE"


@pytest.mark.usefixtures("nothing_runs")
@pytest.mark.parametrize("who", ["npo", "company", "government", "applicant", "anyone"])
async def test_an_order_by_what_is_withheld_is_refused(reading: Reading, who: str) -> None:
    document = "query ($o: OrganisationOrder) { organisations(order: $o) { nodes { id } } }"
    assert await refused(reading, document, who, o="STANDING") == "ORDER_WITHHELD"
    assert (
        await refused(reading, "{ organisations(order: STANDING) { totalCount } }", who) == "ORDER_WITHHELD"
    )


async def test_the_coordinator_may_order_so(reading: Reading) -> None:
    await reading.same("{ organisations(order: STANDING, first: 50) { nodes { standing } } }", "coordinator")


async def test_a_filter_on_what_is_withheld_matches_nothing(reading: Reading) -> None:
    """A company learns by no count who has which contact; the city does, for it may see them."""
    text = '{ organisations(contact: "work@example.jp", first: 50) { totalCount nodes { workContact } } }'
    total: dict[str, int] = {}
    for who in ("anyone", "company", "government"):
        answer = json.loads(await reading.same(text, who))["organisations"]
        total[who] = answer["totalCount"]
        assert {node["workContact"] for node in answer["nodes"]} <= {"work@example.jp"}
    assert total["anyone"] == 0 < total["company"] < total["government"]


@pytest.mark.parametrize("order", ["KANA", "NEWEST", "KIND", "VERSION"])
@pytest.mark.parametrize("who", ["npo", "anyone", "coordinator"])
async def test_a_cursor_holds_nothing_withheld(reading: Reading, who: str, order: str) -> None:
    judge = Judge(reading.world, reading.viewers[who])
    told = {"sort_key": "name_kana", "status": "status"}
    answer = await reading.same(
        f"{{ organisations(order: {order}, first: 50) {{ edges {{ cursor node {{ id }} }} }} }}", who
    )
    edges = json.loads(answer)["organisations"]["edges"]
    assert edges
    rows = {f"organisation_{row['id']}": row for row in reading.world.all("organisation")}
    for edge in edges:
        row = rows[edge["node"]["id"]]
        columns = ORGANISATION_KEYS[order][0]
        assert edge["cursor"] == cursor(order, columns, row), "the order's columns and nothing else"
        assert all(judge.opens("organisation", told.get(name, name), row) for name in columns)


@pytest.fixture
def bounded(reading: Reading) -> Reading:
    """With the product's own bound of cost."""
    engine = Engine(REGISTRY, RELATIONS, Policy.baseline(), reading.engine.database)
    return replace(reading, engine=engine)


@pytest.mark.usefixtures("nothing_runs")
async def test_what_costs_too_much_is_refused_before_it_runs(bounded: Reading) -> None:
    deep = """query ($n: Int) { organisations(first: $n) { nodes { seats(first: $n) { nodes { workingGroup {
        posts(first: $n) { id } } } } } } }"""
    with pytest.raises(TooMuch) as refusal:
        await bounded.read(deep, "npo", {"n": 100})
    assert refusal.value.limit == "cost"
    many = (
        "{ "
        + " ".join(f"a{n}: organisations(first: 100) {{ totalCount nodes {{ id }} }}" for n in range(60))
        + " }"
    )
    with pytest.raises(TooMuch):
        await bounded.read(many, "npo")


async def test_the_same_document_runs_with_smaller_pages(bounded: Reading) -> None:
    deep = "query ($n: Int) { organisations(first: $n) { nodes { seats(first: $n) { nodes { id } } } } }"
    assert (await bounded.read(deep, "npo", {"n": 5})).cost < 5_000


async def test_cost_counts_what_is_looked_for_though_no_row_is_wanted(reading: Reading) -> None:
    async def cost(text: str) -> int:
        return (await reading.read(text, "npo")).cost

    assert await cost("{ organisations(first: 0) { totalCount } }") == 1 + 5
    assert await cost("{ organisations(first: 10) { totalCount } }") == 1 + 5 + 10
    assert await cost("{ people(first: 7) { id } }") == 1 + 7
    assert await cost("{ groups(first: 3) { nodes { news(first: 5) { __typename } } } }") == 1 + 3 * (
        1 + 2 + 5 * (1 + 2)
    )
