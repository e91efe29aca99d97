"""A practice goes from one platform through the secretariat to all, with its source, and by no other way."""

import uuid
from typing import Any

import asyncpg
import pytest

from libs.persistence.actor import SYSTEM
from libs.persistence.roles import APP, SECRETARIAT
from services.platform.practices.jobs import JOBS
from services.secretariat.staff import appoint
from tests.secretariat.office import ISSUER, Office, opened, staff_token
from tests.stage.cities import Cities
from tests.stage.stage import Person, Said

SHOWN = "practice { id version title body tags source state note }"
OFFER = f"""mutation ($input: OfferPracticeInput!) {{ offerPractice(input: $input) {{ __typename
  ... on PracticePayload {{ {SHOWN} }} ... on UserError {{ code ja }}
  ... on InvalidInput {{ field detail }} }} }}"""
WITHDRAW = f"""mutation ($input: WithdrawPracticeInput!) {{ withdrawPractice(input: $input) {{ __typename
  ... on PracticePayload {{ {SHOWN} }} ... on UserError {{ code ja }} }} }}"""
LIBRARY = "query ($search: String) { library(search: $search) { id title body tags source } }"
OFFERED = "{ offeredPractices { title state note } }"
DESK = "{ practices(state: OFFERED) { totalCount nodes { id version title body source } } }"
ACCEPT = "mutation ($id: ID!, $version: Int!) { acceptPractice(id: $id, version: $version) { state source } }"
RETURN = """mutation ($id: ID!, $version: Int!, $note: String!) {
  returnPractice(id: $id, version: $version, note: $note) { state note } }"""
WORKED: dict[str, Any] = {
    "title": "まちのえきでの朝の見守り",
    "body": "朝の体操と一緒に声をかけあう。\n週に一度、記録を持ち寄る。",
    "tags": ["見守り", "居場所"],
}


async def _library(person: Person, search: str | None = None) -> list[dict[str, Any]] | None:
    found: list[dict[str, Any]] | None = (await person.ask(LIBRARY, search=search)).data["library"]
    return found


async def _as_kudo(office: Office, query: str, **variables: Any) -> Said:
    """Kudo is an administrator of the secretariat."""
    async with office.owner() as owner:
        await appoint(owner, (ISSUER, "kudo"), "工藤", "administrator")
    return await office.ask(staff_token("kudo"), query, **variables)


async def test_offered_accepted_read_by_all_and_taken_back(cities: Cities) -> None:
    refused = await cities.ines.do(OFFER, **WORKED)
    assert refused["code"] == "NOT_ALLOWED"
    wrongs: tuple[tuple[dict[str, Any], str, str], ...] = (
        ({"body": "連絡は 0743-74-1111 の田中まで"}, "body", "PERSONAL_DATA"),
        ({"tags": ["a@example.jp"]}, "tags", "PERSONAL_DATA"),
        ({"title": " "}, "title", "REQUIRED"),
        ({"tags": [str(number) for number in range(11)]}, "tags", "too_many"),
    )
    for wrong, field, detail in wrongs:
        said = await cities.mori.do(OFFER, **(WORKED | wrong))
        assert (said["field"], said["detail"]) == (field, detail)
    offered = (await cities.mori.do(OFFER, **WORKED))["practice"]
    assert (offered["state"], offered["source"]) == ("OFFERED", "生駒市")
    assert await _library(cities.ueda) == []
    assert (await cities.ines.ask(OFFERED)).data["offeredPractices"] is None
    async with opened(cities.stage) as office:
        desk = (await office.nagata(DESK)).data["practices"]
        assert (desk["totalCount"], desk["nodes"][0]["source"]) == (1, "生駒市")
        (practice,) = desk["nodes"]
        given: dict[str, Any] = {"id": practice["id"], "version": practice["version"]}
        assert (await office.nagata(ACCEPT, **given)).code == "NOT_ALLOWED"
        assert (await _as_kudo(office, ACCEPT, **(given | {"version": 9}))).code == "STALE_VERSION"
        nowhere = {"id": f"practice_{uuid.uuid4()}", "version": 1}
        assert (await _as_kudo(office, ACCEPT, **nowhere)).code == "NOT_FOUND"
        accepted = (await _as_kudo(office, ACCEPT, **given)).data["acceptPractice"]
        assert accepted == {"state": "ACCEPTED", "source": "生駒市"}
        assert (await _as_kudo(office, RETURN, **(given | {"version": 2}), note="x")).code == "WRONG_STATE"
    assert await _recorded(cities) == [("accept_practice", "secretariat")]
    for name in ("ueda", "kato", "ines"):
        (read,) = await _library(cities.person(name)) or []
        assert (read["title"], read["source"]) == (WORKED["title"], "生駒市")
    assert await _library(cities.ueda, "ミマモリ") == []
    assert len(await _library(cities.ueda, "居場所") or []) == 1
    for name in ("anyone", "stranger"):
        assert await _library(cities.person(name)) is None
    taken: dict[str, Any] = {"id": offered["id"], "version": 2}
    assert (await cities.oda.do(WITHDRAW, **taken))["code"] == "NOT_FOUND"
    assert (await cities.ines.do(WITHDRAW, **taken))["code"] == "NOT_ALLOWED"
    assert (await cities.mori.do(WITHDRAW, id=offered["id"], version=1))["code"] == "STALE_VERSION"
    assert (await cities.mori.do(WITHDRAW, **taken))["practice"]["state"] == "WITHDRAWN"
    assert (await cities.mori.do(WITHDRAW, id=offered["id"], version=3))["code"] == "WRONG_STATE"
    assert await _library(cities.ueda) == []


async def _recorded(cities: Cities) -> list[tuple[str, str]]:
    """The platform's audit entries of decisions, after the worker did what they left, twice."""
    async with cities.stage.sql() as sql:
        due = await sql.fetch("SELECT * FROM tsunagari.work_due WHERE kind LIKE 'practice.%'")
    async with cities.stage.database() as database:
        for row in (*due, *due):
            async with database.work(row["tenant_id"], SYSTEM) as work:
                await JOBS[row["kind"]](work, uuid.UUID(str(row["key"])))
    async with cities.stage.sql() as sql:
        kept = await sql.fetch(
            "SELECT action, codes->>'by' AS by FROM tsunagari.audit_entry "
            "WHERE object_type = 'practice' AND codes ? 'by' ORDER BY sequence"
        )
    return [(row["action"], row["by"]) for row in kept]


async def test_what_is_returned_says_why_to_its_platform_alone(cities: Cities) -> None:
    await cities.mori.do(OFFER, **WORKED)
    async with opened(cities.stage) as office:
        (practice,) = (await office.nagata(DESK)).data["practices"]["nodes"]
        given: dict[str, Any] = {"id": practice["id"], "version": 1, "note": "費用を書き足してください。"}
        returned = (await _as_kudo(office, RETURN, **given)).data["returnPractice"]
        assert returned["state"] == "RETURNED"
    assert await _recorded(cities) == [("return_practice", "secretariat")]
    (own,) = (await cities.mori.ask(OFFERED)).data["offeredPractices"]
    assert (own["state"], own["note"]) == ("RETURNED", "費用を書き足してください。")
    assert (await cities.oda.ask(OFFERED)).data["offeredPractices"] == []
    assert await _library(cities.mori) == []


async def test_the_database_holds_each_role_to_its_part(cities: Cities) -> None:
    """Whatever the code above it says."""
    practice = (await cities.mori.do(OFFER, **WORKED))["practice"]["id"].removeprefix("practice_")
    async with cities.stage.sql() as admin:
        slugs = await admin.fetch("SELECT slug, tenant_id FROM tsunagari.tenant")
    ids = {row["slug"]: row["tenant_id"] for row in slugs}

    async def refused(role: str, tenant: str, statement: str) -> bool:
        """Refused, or without effect on any row."""
        async with cities.stage.sql(role) as connection:
            try:
                async with connection.transaction():
                    await connection.execute(f"SET LOCAL app.tenant_id = '{ids[tenant]}'")
                    done = await connection.execute(statement)
            except (asyncpg.InsufficientPrivilegeError, asyncpg.CheckViolationError):
                return True
            return done.endswith(" 0")

    table, this = "tsunagari.practice", f"WHERE id = '{practice}'"
    insert = f"INSERT INTO {table} (id, tenant_id, title, body, search_key, offered_at, state) VALUES "
    for role, tenant, statement in (
        (APP, "takamatsu", f"UPDATE {table} SET state = 'withdrawn' {this}"),
        (APP, "ikoma", f"UPDATE {table} SET state = 'accepted' {this}"),
        (APP, "ikoma", f"UPDATE {table} SET body = 'x' {this}"),
        (APP, "ikoma", f"DELETE FROM {table} {this}"),
        (APP, "takamatsu", f"{insert} (gen_random_uuid(), '{ids['ikoma']}', '', '', '', now(), 'offered')"),
        (APP, "ikoma", f"{insert} (gen_random_uuid(), '{ids['ikoma']}', '', '', '', now(), 'accepted')"),
        (APP, "takamatsu", f"SELECT * FROM {table} {this}"),
        (SECRETARIAT, "ikoma", f"UPDATE {table} SET state = 'withdrawn' {this}"),
        (SECRETARIAT, "ikoma", f"UPDATE {table} SET body = 'x' {this}"),
        (SECRETARIAT, "ikoma", f"DELETE FROM {table} {this}"),
    ):
        assert await refused(role, tenant, statement), (role, statement)
    accept = f"UPDATE {table} SET state = 'accepted' {this}"
    assert not await refused(SECRETARIAT, "ikoma", accept), "the positive control"
    assert await refused(SECRETARIAT, "ikoma", accept), "what was decided stays decided"
    assert not await refused(APP, "takamatsu", f"SELECT * FROM {table} {this}")
    assert not await refused(APP, "ikoma", f"UPDATE {table} SET state = 'withdrawn' {this}")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with cities.stage.sql("tsunagari_worker") as connection:
            await connection.execute(f"SELECT * FROM {table}")
