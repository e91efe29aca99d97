"""What people meet when a platform or a person has spent its budget, over every way a request can come."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from libs.persistence.database import Database
from libs.reading.documents import Documents
from libs.serving.budgets import FLAT_COST, MUTATION_COST
from libs.tenancy.budgets.terms import LARGEST, Terms
from tests.stage.cities import INVITE, Cities
from tests.stage.groups import a_group
from tests.stage.served import served
from tests.stage.stage import Said, Stage, staged_on
from tests.stage.tokens import token_of

# a person's bucket holds 5,000, a platform's 10,000; what refills in a test is next to nothing
TERMS = Terms(per_second=1, burst_seconds=1, person_percent=50, held_seconds=0.0)
DIRECTORY = "query ($first: Int) { organisations(first: $first) { nodes { id name } } }"
DEAR = "{ " + " ".join(f"a{n}: organisations(first: 100) {{ nodes {{ id }} }}" for n in range(20)) + " }"
GRAPHQL = "application/graphql-response+json"


@asynccontextmanager
async def bounded(cities: Cities, terms: Terms = TERMS) -> AsyncGenerator[Stage]:
    async with staged_on(cities.stage.name, terms=terms) as stage:
        yield stage


async def poor(cities: Cities, subject: str | None, left: int = -10_000) -> None:
    """This person's bucket (None: the anonymous one's) holds this, whatever refills meanwhile."""
    async with cities.stage.sql() as sql:
        person = "coalesce((SELECT id FROM tsunagari.person WHERE subject = $1), $2::uuid)"
        await sql.execute(
            "INSERT INTO tsunagari.budget (tenant_id, id, level, as_of) "
            f"SELECT tenant_id, {person}, $3, now() FROM tsunagari.tenant WHERE slug = 'ikoma' "
            "ON CONFLICT (tenant_id, id) DO UPDATE SET level = excluded.level, as_of = excluded.as_of",
            subject,
            "00000000-0000-0000-0000-000000000000",
            float(left),
        )


def refused(said: Said | dict[str, Any]) -> dict[str, Any]:
    body = said.body if isinstance(said, Said) else said
    assert "data" not in body
    (error,) = body["errors"]
    assert error["extensions"]["code"] == "RATE_LIMITED"
    assert error["extensions"]["retry_after"] >= 1
    assert error["extensions"]["ja"]
    assert error["extensions"]["en"].isascii()
    return error


async def test_a_person_is_refused_before_anything_runs_and_colleagues_are_not(
    cities: Cities, monkeypatch: pytest.MonkeyPatch
) -> None:
    await poor(cities, "ines", 850)
    async with bounded(cities) as stage:
        ines, sato = stage.person("ines", "ikoma"), stage.person("sato", "ikoma")
        for _ in range(8):
            assert (await ines.ask(DIRECTORY, first=100)).body["extensions"]["cost"] == 101
        ran = list[str]()
        read = Database.read

        async def noted(self: Database, context: Any, sql: str, arguments: Any) -> Any:
            ran.append(sql)
            return await read(self, context, sql, arguments)

        monkeypatch.setattr(Database, "read", noted)
        assert (await ines.ask(DIRECTORY, first=100)).status == 429
        assert ran == []
        assert (await sato.ask(DIRECTORY, first=100)).status == 200
        assert len(ran) == 1


async def test_a_refusal_is_429_with_its_header_under_both_media_types(cities: Cities) -> None:
    await poor(cities, "ines")
    async with bounded(cities) as stage:
        for accept in (GRAPHQL, "application/json"):
            headers = {
                "Authorization": f"Bearer {token_of('ines')}",
                "Tsunagari-Acting-For": "ikoma",
                "Accept": accept,
                "Accept-Language": "en",
            }
            for way in ("post", "get"):
                given = {"query": "{ organisations { totalCount } }"}
                sent: Any = {"json": given} if way == "post" else {"params": given}
                response = await stage.http.request(way, "/graphql", headers=headers, **sent)
                assert response.status_code == 429
                assert response.headers["content-type"].startswith(accept)
                error = refused(response.json())
                assert response.headers["retry-after"] == str(error["extensions"]["retry_after"])
                assert error["message"].startswith("Too many requests.")


async def test_one_city_that_has_spent_all_leaves_the_other_alone(cities: Cities) -> None:
    async with bounded(cities) as stage:
        for who in ("ines", "sato", "hana"):
            person = stage.person(who, "ikoma")
            while (await person.ask(DEAR)).status == 200:
                pass
        refused(await stage.person("kato", "ikoma").ask(DEAR))
        refused(await stage.person(None, "ikoma").ask(DEAR))
        elsewhere = await stage.person("ueda", "takamatsu").ask(DEAR)
        assert elsewhere.status == 200


async def test_all_anonymous_callers_of_a_city_share_one_budget(cities: Cities) -> None:
    await poor(cities, None, 150)
    async with bounded(cities) as stage:
        events = "{ events(first: 100) { nodes { id } } }"
        stranger = stage.person("stranger", "ikoma")
        answers = [await each.ask(events) for each in (stage.person(None, "ikoma"), stranger)]
        assert [said.status for said in answers] == [200, 429]
        assert (await stage.person("ines", "ikoma").ask(events)).status == 200
        assert (await stage.person(None, "takamatsu").ask(events)).status == 200


@pytest.mark.parametrize(
    "garbage",
    [
        "{ __schema { types { name } } }",
        "{",
        "{ nothingLikeThis }",
        "query ($x: Int!) { organisations(first: $x) { totalCount } }",
        "{a" * 100,
    ],
)
async def test_garbage_is_charged_too(cities: Cities, garbage: str) -> None:
    await poor(cities, "ines", FLAT_COST)
    async with bounded(cities) as stage:
        ines = stage.person("ines", "ikoma")
        assert (await ines.ask(garbage)).status == 200, "under application/json, as it is well-formed"
        assert (await ines.ask(garbage)).status == 429


async def test_what_asks_for_too_much_is_charged_too(cities: Cities) -> None:
    await poor(cities, "ines", FLAT_COST)
    deep = "{ organisations(first: 100) { nodes { people(first: 100) { id } } } }"
    async with bounded(cities) as stage:
        ines = stage.person("ines", "ikoma")
        assert (await ines.ask(deep)).code == "TOO_MUCH"
        assert (await ines.ask(deep)).status == 429


async def test_who_was_refused_is_refused_unread_until_the_next_lease(
    cities: Cities, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A loop of ever new documents costs the process next to nothing: they are not even parsed."""
    parsed, find = list[str](), Documents.find

    def noted(self: Documents, text: str) -> Any:
        parsed.append(text)
        return find(self, text)

    monkeypatch.setattr(Documents, "find", noted)
    await poor(cities, "ines")
    async with bounded(cities, replace(TERMS, interval=3_600.0)) as stage:
        ines = stage.person("ines", "ikoma")
        assert (await ines.ask("{ organisations { totalCount } }")).status == 429
        assert (await ines.ask("{")).status == 429
        assert "{" not in parsed
        assert (await stage.person("sato", "ikoma").ask("{")).code == "GRAPHQL_PARSE_FAILED"


async def test_a_mutation_costs_its_work_and_its_payload(cities: Cities) -> None:
    organisation = (await cities.ines.ask("{ myOrganisation { id } }")).data["myOrganisation"]["id"]
    await poor(cities, "ines", MUTATION_COST + 1)
    given: Any = {"organisationId": organisation, "name": "Noda", "roles": ["DESK"]}
    async with bounded(cities) as stage:
        ines = stage.person("ines", "ikoma")
        assert "code" in await ines.do(INVITE, **given)
        async with cities.stage.sql() as sql:
            counting = "SELECT count(*) FROM tsunagari.person WHERE name = 'Noda'"
            before = await sql.fetchval(counting)
            refused(await ines.ask(INVITE, input=given))
            assert await sql.fetchval(counting) == before == 1


async def test_a_refusal_is_counted_without_saying_whose(cities: Cities) -> None:
    await poor(cities, "ines")
    async with bounded(cities) as stage:
        await stage.person("ines", "ikoma").ask("{ organisations { totalCount } }")
        text = (await stage.http.get("/metrics")).text
    assert 'graphql_budget_refusals_total{scope="person"} 1.0' in text
    assert 'graphql_requests_total{operation="query",outcome="rate_limited"} 1.0' in text
    assert "ikoma" not in text


async def test_as_shipped_hardly_anybody_meets_the_limit(cities: Cities) -> None:
    """3,000 board pages of cost 140 a second, all of one person, are within the default terms."""
    assert Terms().of_person().per_second > 3_000 * 140
    assert Terms().of_person().burst > LARGEST
    for _ in range(50):
        assert (await cities.ines.ask(DEAR)).status == 200


# --- sockets and streams

PROTOCOL = Subprotocol("graphql-transport-ws")
WATCH = "subscription ($id: ID!) { boardChanged(id: $id) { name } }"


@asynccontextmanager
async def a_socket(url: str, who: str) -> AsyncGenerator[ClientConnection]:
    async with connect(url, subprotocols=[PROTOCOL]) as opened:
        payload = {"authorization": f"Bearer {token_of(who)}", "actingFor": "ikoma"}
        await opened.send(json.dumps({"type": "connection_init", "payload": payload}))
        assert json.loads(await opened.recv())["type"] == "connection_ack"
        yield opened


async def asked(opened: ClientConnection, **payload: Any) -> dict[str, Any]:
    """The first message that answers this request."""
    await opened.send(json.dumps({"id": "1", "type": "subscribe", "payload": payload}))
    async with asyncio.timeout(10):
        return json.loads(await opened.recv())


async def test_a_socket_and_a_stream_are_charged_alike(cities: Cities) -> None:
    group = await a_group(cities, "訪問", "ines")
    await poor(cities, "ines")
    async with served(cities.stage, terms=TERMS) as platform:
        async with a_socket(platform.socket_url, "ines") as opened:
            told = await asked(opened, query=WATCH, variables={"id": group})
            assert told["type"] == "error"
            assert told["payload"][0]["extensions"]["code"] == "RATE_LIMITED"
        async with httpx.AsyncClient(trust_env=False) as client:
            response = await client.post(
                platform.url,
                json={"query": WATCH, "variables": {"id": group}},
                headers={
                    "Authorization": f"Bearer {token_of('ines')}",
                    "Tsunagari-Acting-For": "ikoma",
                    "Accept": "text/event-stream",
                },
            )
        assert "RATE_LIMITED" in response.text
