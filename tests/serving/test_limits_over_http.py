"""The platform's bounds as anybody meets them, and what nobody learns of the schema without signing in."""

import asyncio
import json
from typing import Any

import asyncpg
import httpx
import pytest
from graphql import get_introspection_query
from websockets.asyncio.client import connect

from libs.persistence.database import Context, Database
from libs.persistence.roles import APP
from libs.serving.errors import fault, shape_fault
from libs.serving.outages import outage
from libs.serving.problems import Unavailable
from tests.serving.test_rate_by_cost import PROTOCOL, asked
from tests.stage.cities import Cities
from tests.stage.served import served
from tests.stage.stage import Said, staged_on

NESTED = "{ organisations(first: 100) { nodes { people(first: %d) { id } } } }"
BEYOND = {
    "tokens": "{ __typename } " + "# x\n" * 2_000,
    "depth": "{a" * 20 + "{b}" + "}" * 20,
    "aliases": "{ organisations { nodes { " + " ".join(f"a{n}: id" for n in range(101)) + " } } }",
    "directives": "{ organisations { nodes { " + "id @skip(if: false) " * 51 + " } } }",
    "root_fields": "{ " + " ".join(f"a{n}: myOrganisation {{ id }}" for n in range(21)) + " }",
    "fragments": "{ __typename }" + "".join(f"fragment F{n} on Organisation {{ id }}" for n in range(51)),
    "selections": "{ organisations { nodes { " + " ".join(f"f{n}" for n in range(1_001)) + " } } }",
    "overlaps": "{ organisations { nodes { " + "id " * 80 + "} } }",
    "cost": "{ events(first: 100) { nodes { occurrences(first: 100) { id } } } }",
}


@pytest.mark.parametrize("limit", BEYOND)
@pytest.mark.parametrize("who", ["ines", "anyone"])
async def test_what_passes_a_bound_is_refused_with_its_name(cities: Cities, who: str, limit: str) -> None:
    said = await cities.person(who).ask(BEYOND[limit])
    assert said.code == "TOO_MUCH"
    assert said.errors[0]["extensions"]["limit"] == limit
    assert "data" not in said.body


async def test_page_sizes_multiply(cities: Cities) -> None:
    costs = [(await cities.ines.ask(NESTED % size)).body["extensions"]["cost"] for size in (0, 1, 10)]
    assert costs[1] - costs[0] == 100
    assert costs[2] - costs[0] == 1_000


async def test_a_body_or_url_that_is_too_long_is_413(cities: Cities) -> None:
    long = "{ __typename } #" + "x" * 1_048_576
    posted = await cities.stage.http.post("/t/ikoma/graphql", json={"query": long})
    got = await cities.stage.http.get("/t/ikoma/graphql", params={"query": long[:17_000]})
    assert [posted.status_code, got.status_code] == [413, 413]
    assert [each.json()["errors"][0]["extensions"]["limit"] for each in (posted, got)] == ["body", "url"]


@pytest.mark.parametrize("count", [0, 1, 2, 1_000])
@pytest.mark.parametrize("accept", ["application/json", "application/graphql-response+json"])
async def test_a_batch_is_refused_whatever_its_length(cities: Cities, count: int, accept: str) -> None:
    body = " \n" + json.dumps([{"query": "{ __typename }"}] * count)
    headers = {"Content-Type": "application/json", "Accept": accept}
    response = await cities.stage.http.post("/t/ikoma/graphql", content=body, headers=headers)
    said = Said(response.status_code, response.json())
    assert (said.status, said.code) == (400, "BATCH_REFUSED")
    assert said.errors[0]["extensions"]["ja"]


# as the schema would be guessed at: a word almost right for each kind of thing that has a name
ALMOST: dict[str, tuple[str, dict[str, Any]]] = {
    "field of the root": ("{ organisation { id } organisationz { id } }", {}),
    "field": ("{ organisations { nodes { nam } } }", {}),
    "field of a sub-type": ("{ node(id: 1) { services } }", {}),
    "selection": ("{ organisations }", {}),
    "argument": ("{ organisations(frst: 1) { totalCount } }", {}),
    "directive's argument": ("{ __typename @skip(iff: true) }", {}),
    "type of a variable": ("query ($k: OrganisationKin) { organisations(kind: $k) { totalCount } }", {}),
    "type of a fragment": ("{ node(id: 1) { ... on Organisatio { id } } }", {}),
    "enum value": ("{ organisations(kind: NPOO) { totalCount } }", {}),
    "enum as text": ('{ organisations(kind: "NPO") { totalCount } }', {}),
    "enum in a variable": (
        "query ($k: OrganisationKind) { organisations(kind: $k) { totalCount } }",
        {"k": "NPOO"},
    ),
    "input field": ('mutation { invitePerson(input: {nam: "x"}) { __typename } }', {}),
    "input field in a variable": (
        "mutation ($i: InviteInput!) { invitePerson(input: $i) { __typename } }",
        {"i": {"nam": "x"}},
    ),
    "mutation": ("mutation { invitePersons { __typename } }", {}),
    "subscription": ("subscription { boardChange(id: 1) { name } }", {}),
}


@pytest.mark.parametrize("name", ALMOST)
async def test_anybody_is_told_what_is_wrong_and_nothing_that_would_be_right(
    cities: Cities, name: str
) -> None:
    text, variables = ALMOST[name]
    signed_in = await cities.stage.person("stranger", "ikoma").ask(text, **variables)
    anyone = await cities.anyone.ask(text, **variables)
    got = await cities.stage.http.get(
        "/t/ikoma/graphql", params={"query": text, "variables": json.dumps(variables)}
    )
    assert "did you mean" in json.dumps(signed_in.body).lower(), "the control: there was one to strip"
    assert anyone.errors
    for said in (anyone.body, got.json()):
        assert "did you mean" not in json.dumps(said).lower()
        assert "extensions" in said["errors"][0]


INTROSPECTION = [
    "{ __schema { types { name } } }",
    '{ __type(name: "Organisation") { name } }',
    "{ a: __schema { b: types { c: name } } }",
    "{ ...F } fragment F on Query { __schema { queryType { name } } }",
    '{ ...F } fragment F on Query { ...G } fragment G on Query { x: __type(name: "Query") { name } }',
    "{ ... on Query { __schema { directives { name } } } }",
    "{ ... @include(if: true) { __schema { directives { name } } } }",
    "{ organisations { totalCount } __schema { types { name } } }",
    '{ __typename __type(name: "Query") { fields { name } } }',
    "query A { __schema { types { name } } } ",
    get_introspection_query(),
]


@pytest.mark.parametrize("text", INTROSPECTION)
async def test_introspection_is_closed_to_anybody_however_it_is_written(cities: Cities, text: str) -> None:
    got = await cities.stage.http.get("/t/ikoma/graphql", params={"query": text})
    nowhere = await cities.stage.http.post("/graphql", json={"query": text})
    posted = await cities.anyone.ask(text)
    for said in (posted, *(Said(each.status_code, each.json()) for each in (got, nowhere))):
        assert "data" not in said.body
        if "organisations" not in text:
            assert (said.status, said.code) == (403, "NOT_ALLOWED")
    assert (await cities.ines.ask(text)).status == 200


@pytest.mark.parametrize("operation", ["mutation", "subscription"])
async def test_other_operations_are_no_way_around(cities: Cities, operation: str) -> None:
    for who in ("anyone", "ines"):
        said = await cities.person(who).ask(f"{operation} {{ __schema {{ types {{ name }} }} }}")
        assert said.code == "GRAPHQL_VALIDATION_FAILED"


async def test_nor_is_a_socket_or_a_stream(cities: Cities) -> None:
    async with served(cities.stage) as platform:
        url = platform.socket_url.replace("/graphql", "/t/ikoma/graphql")
        for text in INTROSPECTION[:4]:
            async with connect(url, subprotocols=[PROTOCOL]) as opened:
                await opened.send(json.dumps({"type": "connection_init"}))
                await opened.recv()
                told = await asked(opened, query=text)
                assert (told["type"], told["payload"][0]["extensions"]["code"]) == ("error", "NOT_ALLOWED")
        async with httpx.AsyncClient(trust_env=False) as client:
            streamed = await client.post(
                platform.url.replace("/graphql", "/t/ikoma/graphql"),
                json={"query": INTROSPECTION[0]},
                headers={"Accept": "text/event-stream"},
            )
        assert "NOT_ALLOWED" in streamed.text
        assert "types" not in streamed.text


LOCKED = "LOCK TABLE tsunagari.organisation IN ACCESS EXCLUSIVE MODE"


async def test_a_statement_that_takes_too_long_is_ended_and_told_as_such(cities: Cities) -> None:
    """Whether it computes or waits: here it waits for a lock that nobody gives back."""
    approve = """mutation ($input: ReviewInput!) { approveMember(input: $input) { __typename } }"""
    organisation = (await cities.ines.ask("{ myOrganisation { id } }")).data["myOrganisation"]["id"]
    async with staged_on(cities.stage.name, statement_seconds=1) as stage, stage.sql() as sql:
        ines, mori = stage.person("ines", "ikoma"), stage.person("mori", "ikoma")
        await ines.ask("{ organisations { totalCount } }")
        await mori.ask("{ organisations { totalCount } }")
        await sql.execute("BEGIN")
        await sql.execute(LOCKED)
        read, changed = await asyncio.gather(
            ines.ask("{ organisations { totalCount } }"),
            mori.ask(approve, input={"id": organisation, "version": 1}),
        )
        await sql.execute("ROLLBACK")
        assert (read.status, read.code) == (503, "UNAVAILABLE")
        assert changed.code == "UNAVAILABLE"
        assert (await ines.ask("{ organisations { totalCount } }")).status == 200


async def test_a_slow_statement_is_cancelled_by_the_database_and_is_an_outage(cities: Cities) -> None:
    url = cities.stage.url(APP)
    database = await Database.open(url, name="tests", size=1, statement_timeout_ms=50)
    with pytest.raises(asyncpg.QueryCanceledError) as slow:
        await database.read(Context(None), "SELECT pg_sleep(60)", [])
    await database.close()
    assert isinstance(outage(slow.value), Unavailable)
    assert shape_fault(slow.value, "en")["extensions"]["code"] == "UNAVAILABLE"
    assert fault(slow.value, "ja").headers == ((b"retry-after", b"5"),)


async def test_connections_that_the_server_ends_are_no_fault_of_ours(cities: Cities) -> None:
    """Idle or in the middle of a statement: whoever is struck is told to come again, the next is answered."""
    asking = "{ organisations { totalCount } }"
    said: list[Said] = []
    async with cities.stage.sql() as sql:
        for _ in range(20):
            asked = [asyncio.create_task(cities.ines.ask(asking)) for _ in range(4)]
            await sql.execute(END)
            asked.append(asyncio.create_task(cities.ines.ask(asking)))
            said += await asyncio.gather(*asked)
    struck = [each for each in said if each.status != 200]
    assert {(each.status, each.code) for each in struck} <= {(503, "UNAVAILABLE")}
    assert struck, "the control: somebody was struck"


END = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE datname = current_database() AND application_name = 'tsunagari-platform'"""


def test_a_fault_of_ours_is_no_outage() -> None:
    faults = [
        ValueError(),
        asyncpg.UniqueViolationError(),
        asyncpg.DataError("x"),
        asyncpg.InterfaceError("x"),
    ]
    assert [outage(each) for each in faults] == [None] * len(faults)
    assert isinstance(outage(asyncpg.LockNotAvailableError("x")), Unavailable)
