"""The board's page is one statement, and every table in it is reached by an index."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from libs.persistence.database import PLANNED_AS, Context, Database
from libs.persistence.roles import APP
from services.platform.referrals.models import codes
from services.platform.referrals.models.break_glass import FINDINGS
from services.platform.referrals.models.sittings import SITTING_STATES
from services.platform.referrals.schema import enums
from tests.referrals import documents as said
from tests.referrals.bases import on_the_council
from tests.referrals.conftest import Loop

CARDS = 200
BIG = ("referral", "card_note")
BOARD_INDEXES = {"referral_tenant_id_working_group_id_id_idx", "card_note_tenant_id_referral_id_id_idx"}
BASES = {"council_assignment", "sitting_body", "break_glass_person"}
GROUPS = """INSERT INTO tsunagari.working_group (tenant_id, id, name, search_key, created_at)
  SELECT tenant_id, uuidv7(), name, name, created_at FROM tsunagari.working_group, generate_series(1, 14)"""
FILL = """INSERT INTO tsunagari.referral (tenant_id, id, case_id, mode, state, need_category, urgency,
    age_band, ask, working_group_id, sender_id, post_until, posted_at, created_at, updated_at)
  SELECT r.tenant_id, uuidv7(), r.case_id, 'board', 'posted', r.need_category, r.urgency, r.age_band, r.ask,
    g.id, r.sender_id, r.post_until, r.posted_at, r.created_at, r.updated_at
  FROM tsunagari.referral r CROSS JOIN generate_series(1, $1)
    JOIN tsunagari.working_group g USING (tenant_id)"""
NOTES = """INSERT INTO tsunagari.card_note (tenant_id, id, referral_id, working_group_id, author_id,
    author_organisation_id, body, posted_at, created_at, updated_at)
  SELECT r.tenant_id, uuidv7(), r.id, r.working_group_id, m.person_id, m.organisation_id, 'メモ',
    r.posted_at, r.created_at, r.created_at
  FROM tsunagari.referral r JOIN tsunagari.membership m USING (tenant_id), generate_series(1, 2)"""


async def a_full_board(loop: Loop) -> None:
    await loop.card(await loop.case())
    async with loop.cities.stage.sql() as sql:
        await sql.execute(GROUPS)
        await sql.execute(FILL, CARDS)
        await sql.execute(NOTES)
        await sql.execute("ANALYZE")


async def test_a_page_of_the_board_is_one_statement_without_a_scan(
    loop: Loop, monkeypatch: pytest.MonkeyPatch
) -> None:
    await a_full_board(loop)
    # once before: a viewer remembered from before the roles were given is loaded anew by a second try
    await loop.person("sato").ask(said.BOARD, group=loop.group, first=20)
    seen: list[tuple[Context, str, Any]] = []
    read = Database.read

    async def watched(self: Database, context: Context, sql: str, arguments: Any) -> Any:
        seen.append((context, sql, arguments))
        return await read(self, context, sql, arguments)

    monkeypatch.setattr(Database, "read", watched)
    page = (await loop.person("sato").ask(said.BOARD, group=loop.group, first=20)).data["board"]
    assert (len(page["nodes"]), page["totalCount"]) == (20, CARDS + 1)
    assert {len(card["notes"]) for card in page["nodes"]} == {3}
    ((context, sql, arguments),) = [each for each in seen if "tsunagari.card_note" in each[1]]
    plan = await planned(loop, context, sql, arguments)
    assert {name for name in nodes(plan, "Seq Scan", "Relation Name") if name in BIG} == set()
    used = set(nodes(plan, "Index Scan", "Index Name")) | set(nodes(plan, "Bitmap Index Scan", "Index Name"))
    assert used >= BOARD_INDEXES
    # by the generic plan too, which knows neither the platform nor the group: the newest are read, not all
    plan = await planned_for_anybody(loop, context, sql, len(arguments))
    assert "Backward" in set(nodes(plan, "Index Scan", "Scan Direction"))
    assert set(nodes(plan, "Index Scan", "Index Name")) >= BOARD_INDEXES
    assert list(nodes(plan, "Bitmap Heap Scan", "Relation Name")) == []


async def test_lawful_bases_are_looked_up_for_no_row_that_something_else_admits(
    loop: Loop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A board's filter admits by group and posting alone; in other lists the bases stand last, and wait."""
    await on_the_council(loop, "hana")
    await loop.person("hana").ask(said.RECEIVED)
    seen: list[tuple[Context, str, Any]] = []
    read = Database.read

    async def watched(self: Database, context: Context, sql: str, arguments: Any) -> Any:
        seen.append((context, sql, arguments))
        return await read(self, context, sql, arguments)

    monkeypatch.setattr(Database, "read", watched)
    await loop.person("hana").ask(said.BOARD, group=loop.group, first=20)
    received = (await loop.person("hana").ask(said.RECEIVED)).data["referralsReceived"]
    assert received["totalCount"] == 1
    (board, *_), (*_, lists) = seen, seen
    assert not [table for table in BASES if table in board[1]]
    asked: dict[str, int] = {}
    for table, times in loops(await planned(loop, *lists, analyze="ANALYZE, ")):
        asked[table] = asked.get(table, 0) + times
    assert asked["referral"] > 0
    assert {name: asked[name] for name in BASES} == dict.fromkeys(BASES, 0)


def loops(plan: dict[str, Any]) -> Iterator[tuple[str, int]]:
    """How often each table was gone through."""
    if "Relation Name" in plan:
        yield plan["Relation Name"], plan["Actual Loops"]
    for below in plan.get("Plans", []):
        yield from loops(below)


async def planned_for_anybody(loop: Loop, context: Context, sql: str, places: int) -> dict[str, Any]:
    async with loop.cities.stage.sql(APP) as connection:
        await connection.execute(context.opening("READ ONLY"))
        for name, value in {**PLANNED_AS, "plan_cache_mode": "force_generic_plan"}.items():
            await connection.execute(f"SET LOCAL {name} = '{value}'")
        await connection.execute(f"PREPARE board AS {sql}")
        plan = await connection.fetchval(
            f"EXPLAIN (FORMAT JSON) EXECUTE board({', '.join(['NULL'] * places)})"
        )
    return json.loads(plan)[0]["Plan"]


async def planned(
    loop: Loop, context: Context, sql: str, arguments: Any, analyze: str = ""
) -> dict[str, Any]:
    async with loop.cities.stage.sql(APP) as connection:
        await connection.execute(context.opening("READ ONLY"))
        plan = await connection.fetchval(f"EXPLAIN ({analyze}FORMAT JSON) {sql}", *arguments)
    return json.loads(plan)[0]["Plan"]


def nodes(plan: dict[str, Any], kind: str, name: str) -> Iterator[str]:
    """What the plan's nodes of a kind are about."""
    if plan["Node Type"] == kind:
        yield plan[name]
    for below in plan.get("Plans", []):
        yield from nodes(below, kind, name)


async def test_pages_walk_the_whole_board_once(loop: Loop) -> None:
    await a_full_board(loop)
    found: list[str] = []
    after = None
    while True:
        page = (await loop.person("hana").ask(said.BOARD, group=loop.group, first=50, after=after)).data[
            "board"
        ]
        found += [card["id"] for card in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert len(found) == len(set(found)) == CARDS + 1


def test_the_enums_are_the_codes() -> None:
    pairs = {
        enums.Need: codes.NEEDS,
        enums.Item: codes.ITEMS,
        enums.DeclineCode: codes.DECLINES,
        enums.OutcomeCode: codes.OUTCOMES,
        enums.WithdrawCode: codes.WITHDRAWALS,
        enums.AgeBand: codes.AGE_BANDS,
        enums.LegalBasis: codes.BASES,
        enums.AccessLevel: codes.ACCESS_LEVELS,
        enums.AccessPurpose: codes.PURPOSES,
        enums.ContactRule: codes.CONTACT_RULES,
        enums.HowObtained: codes.OBTAINED,
        enums.Medium: codes.MEDIA,
        enums.SittingState: SITTING_STATES,
        enums.Finding: FINDINGS,
        enums.DeclinedBy: codes.DECLINED_BY,
        enums.OfferState: codes.OFFER_STATES,
        enums.Urgency: codes.URGENCIES,
        enums.CaseKind: codes.CASE_KINDS,
        enums.ReferralMode: codes.MODES,
    }
    for enum, values in pairs.items():
        assert [each.value for each in enum] == list(values)
        assert [each.name for each in enum] == [value.upper() for value in values]
