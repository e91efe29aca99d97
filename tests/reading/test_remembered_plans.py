"""What the engine remembers is bounded, and is never answered to somebody whose access has changed."""

import asyncio
import json
import re
import uuid
from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any

import pytest

from libs.persistence.connections import connect
from libs.persistence.database import Context
from libs.persistence.readers import STATEMENTS_PREPARED
from libs.persistence.roles import SCHEMA
from libs.policy.policies import Policies
from libs.policy.rules import Policy
from libs.policy.vocabulary import HERE
from libs.reading import documents as documents_module
from libs.reading.bounds import Limits
from libs.reading.documents import LONGEST_REMEMBERED, DocumentRefused, Documents
from libs.reading.plan import Cost, Plan
from libs.reading.plans import PLANS_PER_DOCUMENT, PLANS_PER_TREE, Made, Plans, Tree
from libs.tenancy.viewer import ViewerOutdated
from tests.reading.asking import REGISTRY, Reading, reading_on
from tests.stage.server import url_of

TOTAL = "{ organisations { totalCount } }"


@pytest.fixture
async def changing() -> AsyncGenerator[Reading]:
    """A database of the test's own, to be changed."""
    async with reading_on(seed=7) as populated:
        yield populated


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> Documents:
    monkeypatch.setattr(documents_module, "DOCUMENTS_REMEMBERED", 5)
    return Documents(REGISTRY.schema, Limits())


def test_documents_are_remembered_up_to_a_bound_the_latest_asked_for_stay(few: Documents) -> None:
    kept = few.find(TOTAL)
    for number in range(20):
        few.find(f"{{ a{number}: __typename }}")
        assert few.find(TOTAL) is kept
    assert len(few) == 5


def test_refused_documents_are_bounded_too_and_raised_anew(few: Documents) -> None:
    refusals: list[DocumentRefused] = []
    for number in (*range(20), 19):
        with pytest.raises(DocumentRefused) as refusal:
            few.find(f"{{ nothing{number} }}")
        refusals.append(refusal.value)
    assert len(few) == 5
    # one exception raised twice would keep the frames of both requests, and so on
    assert refusals[-1] is not refusals[-2]
    assert [error.message for error in refusals[-1].errors] == [
        error.message for error in refusals[-2].errors
    ]


def test_a_very_long_document_is_answered_and_not_kept(few: Documents) -> None:
    few.find(TOTAL + " " * LONGEST_REMEMBERED)
    assert not len(few)


def plan() -> Plan:
    return Plan("SELECT 1", (), Cost(), {}, ())


def test_a_tree_of_plans_is_bounded() -> None:
    tree = Tree()
    for number in range(PLANS_PER_TREE * 3 + 1):
        tree.keep({("value", "order"): number}, plan())
        assert tree.size <= PLANS_PER_TREE
    assert tree.find({"order": PLANS_PER_TREE * 3}) is not None
    assert tree.find({"order": 0}) is None, "forgotten with the others"


def test_all_plans_together_are_bounded_the_latest_asked_for_stay() -> None:
    plans = Plans(most=10)
    plans.keep("wanted", "npo", Made({}, {}, plan()))
    for number in range(50):
        plans.keep(number, "npo", Made({("state", "a"): "null"}, {}, plan()))
        plans.keep(number, "npo", Made({("state", "a"): "value"}, {}, plan()))
        assert plans.find("wanted", "npo", {}) is not None
        assert plans.size <= 10
    assert plans.find(49, "npo", {"a": None}) is not plans.find(49, "npo", {"a": 1})
    assert plans.find(0, "npo", {"a": None}) is None


def test_the_plans_of_one_document_are_bounded_whatever_the_rules_of_its_askers() -> None:
    plans = Plans()
    for number in range(PLANS_PER_DOCUMENT * 2):
        plans.keep("document", number, Made({}, {}, plan()))
        assert plans.size <= PLANS_PER_DOCUMENT


async def test_made_up_ids_do_not_fill_the_memory(reading: Reading) -> None:
    text = "query ($id: ID!) { node(id: $id) { id } }"
    before = reading.engine.plans.size
    for number in range(PLANS_PER_DOCUMENT * 2):
        prefix = "".join("abcdefghij"[int(digit)] for digit in str(number))
        await reading.read(text, "npo", {"id": f"{prefix}_{uuid.uuid4()}"})
    assert reading.engine.plans.size <= before + PLANS_PER_DOCUMENT


async def test_a_plan_is_shared_by_people_of_equal_grants_and_by_no_others(changing: Reading) -> None:
    plans = changing.engine.plans
    await changing.same(TOTAL, "stranger")
    one = plans.size
    await changing.same(TOTAL, "anyone")
    assert plans.size == one
    await changing.same(TOTAL, "company")
    assert plans.size == one + 1


async def test_a_plan_is_shared_where_rules_differ_that_it_does_not_hang_on(changing: Reading) -> None:
    """As of two platforms, one of which withholds from companies since when others are members."""
    since, names = "{ organisations { nodes { decidedAt } } }", "{ organisations { nodes { name } } }"
    for text in (since, names):
        await changing.same(text, "company")
    before = changing.engine.plans.size
    rules = (HERE / "baseline.csv").read_text(encoding="utf-8")
    stricter = Policy.parse(re.sub("p, company, any, organisation.for_members, .*", "", rules))
    changing.engine.policies = Policies(stricter, changing.engine.database)
    await changing.same(names, "company")
    assert changing.engine.plans.size == before, "names do not hang on that rule"
    shown = json.loads((await changing.read(since, "company")).json)["organisations"]["nodes"]
    assert changing.engine.plans.size == before + 1
    # its own organisation is still its own to see
    assert [each["decidedAt"] for each in shown].count(None) >= len(shown) - 1 > 0


async def test_prepared_statements_are_bounded(changing: Reading) -> None:
    for number in range(STATEMENTS_PREPARED * 2 + 20):
        await changing.read(f"{{ a{number}: people(first: 0) {{ id }} }}", "npo")
    tenant = changing.world.tenant_id
    held = await changing.engine.database.read(
        Context(tenant), "SELECT count(*) FROM pg_prepared_statements", []
    )
    assert STATEMENTS_PREPARED // 2 < held <= STATEMENTS_PREPARED + 1


async def test_a_changed_access_is_noticed_by_the_statement_itself(changing: Reading) -> None:
    await changing.same(TOTAL, "npo")
    await _as_admin(changing, "UPDATE {}.platform_settings SET access_version = access_version + 1")
    with pytest.raises(ViewerOutdated):
        await changing.read(TOTAL, "npo")
    viewers = dict(changing.viewers)
    viewers["npo"] = replace(viewers["npo"], access_version=viewers["npo"].access_version + 1)
    again = replace(changing, viewers=viewers)
    await again.same(TOTAL, "npo")


async def test_a_payload_that_may_not_be_seen_is_null_and_no_outdated_viewer(changing: Reading) -> None:
    document = changing.documents.find(TOTAL)
    nodes: Any = [changing.documents.find("{ mine { id name } }").operations[""].selection_set.selections[0]]

    async def payload(identity: uuid.UUID, who: str) -> bytes:
        viewer = changing.viewers[who]
        return await changing.engine.read_one(document, "Organisation", nodes, identity, {}, viewer)

    own = changing.viewers["npo"].organisation_id
    assert own is not None
    assert str(own).encode() in await payload(own, "npo")
    assert await payload(own, "neighbour") == b"null"
    assert await payload(uuid.uuid4(), "npo") == b"null"
    await _as_admin(changing, "UPDATE {}.platform_settings SET policy_version = policy_version + 1")
    with pytest.raises(ViewerOutdated):
        await payload(own, "npo")


async def _as_admin(reading: Reading, statement: str) -> None:
    connection = await connect(url_of(reading.name))
    await connection.execute(statement.format(SCHEMA))
    await connection.close()


WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = $1 AND wait_event_type = 'Lock'"
BUSY = WAITING.replace("wait_event_type = 'Lock'", "application_name = 'reading' AND state <> 'idle'")


async def test_a_client_that_goes_away_takes_its_statement_along(changing: Reading) -> None:
    """It hangs on a lock that another holds; its reader is cancelled, as for a closed connection."""
    holder = await connect(url_of(changing.name))
    watcher = await connect(url_of(changing.name))
    await holder.execute("BEGIN")
    await holder.execute(f"LOCK TABLE {SCHEMA}.organisation IN ACCESS EXCLUSIVE MODE")
    reader = asyncio.create_task(changing.read(TOTAL, "npo"))
    try:
        await _until(watcher, WAITING, changing.name, 1)
        reader.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reader
        await _until(watcher, BUSY, changing.name, 0)
    finally:
        await holder.close()
        await watcher.close()
    await changing.same(TOTAL, "npo")


async def _until(watcher: Any, question: str, database: str, count: int) -> None:
    async with asyncio.timeout(20):
        while await watcher.fetchval(question, database) != count:  # noqa: ASYNC110 - another server's state
            await asyncio.sleep(0.02)
