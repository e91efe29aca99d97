"""Documents registered at deploy: named by hash however a request comes, or the only ones answered."""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from libs.persistence.database import Database
from libs.persistence.roles import ONBOARDING
from libs.reading import trusted
from libs.reading.trusted import TrustedDocuments, hash_of, register
from tests.serving.test_rate_by_cost import a_socket, asked
from tests.stage.cities import Cities
from tests.stage.groups import a_group
from tests.stage.served import served
from tests.stage.stage import Stage, staged_on
from tests.stage.tokens import token_of

OWN = "query Own { myOrganisation { name } }"
LEAVE = "mutation Leave { __typename }"
WATCH = "subscription Watch($id: ID!) { boardChanged(id: $id) { name } }"
TWO = "query A { myOrganisation { id } } query B { myOrganisation { name } }"
UNKNOWN = hash_of("{ nobodyRegisteredMe }")
GRAPHQL = "application/graphql-response+json"


@asynccontextmanager
async def trusting(cities: Cities, mode: str = "optional") -> AsyncGenerator[Stage]:
    async with cities.stage.database(ONBOARDING) as database:
        await register(database, {"own": OWN, "leave": LEAVE, "watch": WATCH, "two": TWO})
    async with staged_on(cities.stage.name, trusted_documents=mode) as stage:
        yield stage


def apollo(text: str) -> dict[str, Any]:
    return {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": hash_of(text)}}}


def headers(subject: str | None = "ines", accept: str = GRAPHQL) -> dict[str, str]:
    said = {"Tsunagari-Acting-For": "ikoma", "Accept": accept, "Accept-Language": "en"}
    return said if subject is None else {**said, "Authorization": f"Bearer {token_of(subject)}"}


async def post(
    stage: Stage, subject: str | None = "ines", accept: str = GRAPHQL, **body: Any
) -> httpx.Response:
    return await stage.http.post("/graphql", json=body, headers=headers(subject, accept))


async def get(stage: Stage, **parameters: Any) -> httpx.Response:
    given = {name: each if isinstance(each, str) else json.dumps(each) for name, each in parameters.items()}
    return await stage.http.get("/graphql", params=given, headers=headers())


def code(response: httpx.Response) -> str:
    body = response.json()
    assert "data" not in body
    extensions = body["errors"][0]["extensions"]
    assert extensions["ja"]
    assert extensions["en"].isascii()
    return extensions["code"]


OWN_NAME = {"myOrganisation": {"name": "NPO法人つながる生駒"}}


@pytest.mark.parametrize("mode", ["optional", "only"])
async def test_ines_names_a_registered_document_by_its_hash(cities: Cities, mode: str) -> None:
    async with trusting(cities, mode) as stage:
        for answer in (
            await post(stage, **apollo(OWN)),
            await post(stage, documentId=f"sha256:{hash_of(OWN)}"),
            await get(stage, **apollo(OWN)),
            await get(stage, documentId=f"sha256:{hash_of(OWN)}"),
            await post(stage, **apollo(TWO), operationName="B"),
            await post(stage, query=OWN),
            await post(stage, query=OWN, **apollo(OWN)),
        ):
            assert answer.status_code == 200, answer.text
            assert answer.json()["data"] == OWN_NAME


async def test_a_document_is_looked_up_once_and_remembered(
    cities: Cities, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked, read = list[str](), Database.read

    async def noted(self: Database, context: Any, sql: str, arguments: Any) -> Any:
        looked.extend([sql] if "trusted_document" in sql else [])
        return await read(self, context, sql, arguments)

    async with trusting(cities) as stage:
        monkeypatch.setattr(Database, "read", noted)
        for _ in range(5):
            assert (await post(stage, **apollo(OWN))).status_code == 200
        assert (await post(stage, query=OWN)).status_code == 200
    assert len(looked) == 1


async def test_an_unknown_hash_says_where_to_register(cities: Cities) -> None:
    async with trusting(cities) as stage:
        for answer in (
            await post(stage, extensions={"persistedQuery": {"version": 1, "sha256Hash": UNKNOWN}}),
            await post(stage, documentId=f"sha256:{UNKNOWN}"),
            await get(stage, documentId=f"sha256:{UNKNOWN}"),
        ):
            assert (answer.status_code, code(answer)) == (400, "PERSISTED_QUERY_NOT_FOUND")
            assert "tsunagari documents register" in answer.json()["errors"][0]["message"]
        plain = await post(stage, accept="application/json", documentId=f"sha256:{UNKNOWN}")
        assert (plain.status_code, code(plain)) == (200, "PERSISTED_QUERY_NOT_FOUND")


async def test_a_client_registers_nothing(cities: Cities) -> None:
    text = "{ myOrganisation { id } }"
    async with trusting(cities) as stage:
        for _ in range(2):
            assert code(await post(stage, query=text, **apollo(text))) == "PERSISTED_QUERY_NOT_SUPPORTED"
            assert code(await post(stage, **apollo(text))) == "PERSISTED_QUERY_NOT_FOUND"
        assert code(await post(stage, query=text, **apollo(OWN))) == "BAD_REQUEST"
        async with stage.sql() as sql:
            assert await sql.fetchval("SELECT count(*) FROM tsunagari.trusted_document") == 4


@pytest.mark.parametrize("subject", ["ines", None])
async def test_with_only_no_other_text_is_answered(cities: Cities, subject: str | None) -> None:
    async with trusting(cities, "only") as stage:
        for text in (
            "{ myOrganisation { name } }",
            OWN + " ",
            "{",
            "",
            "{ __schema { types { name } } }",
            "mutation { __typename }",
        ):
            answer = await post(stage, subject, query=text)
            assert (answer.status_code, code(answer)) == (400, "DOCUMENT_NOT_TRUSTED"), text
        assert (await stage.http.get("/t/ikoma/calendar.ics")).status_code == 200, (
            "the platform's own document"
        )


async def test_a_mutation_by_hash_is_still_refused_by_get(cities: Cities) -> None:
    async with trusting(cities) as stage:
        assert (await get(stage, **apollo(LEAVE))).status_code == 405
        assert (await post(stage, **apollo(LEAVE))).json() == {"data": {"__typename": "Mutation"}}


@pytest.mark.parametrize(
    "wrong",
    [
        {"extensions": {"persistedQuery": {"version": 2, "sha256Hash": UNKNOWN}}},
        {"extensions": {"persistedQuery": {"sha256Hash": UNKNOWN}}},
        {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": UNKNOWN.upper()}}},
        {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "' OR true --"}}},
        {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": 5}}},
        {"extensions": {"persistedQuery": "x"}},
        {"documentId": UNKNOWN},
        {"documentId": "sha256:"},
        {"documentId": f"md5:{UNKNOWN}"},
    ],
)
async def test_a_garbled_hash_is_told(cities: Cities, wrong: dict[str, Any]) -> None:
    async with trusting(cities) as stage:
        answer = await post(stage, **wrong)
        assert (answer.status_code, code(answer)) == (400, "BAD_REQUEST")


async def test_a_socket_and_a_stream_take_hashes_too(cities: Cities) -> None:
    group = await a_group(cities, "訪問", "ines")
    async with trusting(cities), served(cities.stage, trusted_documents="only") as platform:
        async with a_socket(platform.socket_url, "ines") as opened:
            told = await asked(opened, **apollo(OWN))
            assert told["payload"]["data"] == OWN_NAME
        async with a_socket(platform.socket_url, "ines") as opened:
            told = await asked(opened, query="{ myOrganisation { id } }")
            assert told["payload"][0]["extensions"]["code"] == "DOCUMENT_NOT_TRUSTED"
        async with httpx.AsyncClient(trust_env=False) as client:
            for body, expected in (
                (apollo(OWN), "NPO法人つながる生駒"),
                ({"query": WATCH + " ", "variables": {"id": group}}, "DOCUMENT_NOT_TRUSTED"),
            ):
                answer = await client.post(
                    platform.url, json=body, headers=headers(accept="text/event-stream")
                )
                assert expected in answer.text


async def test_two_requests_by_hash_under_one_idempotency_key_are_told_apart(cities: Cities) -> None:
    """What a key is compared with is the document, not its absence."""
    one, other = (f"mutation {name} {INVITING}" for name in ("One", "Other"))
    organisation = (await cities.ines.ask("{ myOrganisation { id } }")).data["myOrganisation"]["id"]
    variables = {"input": {"organisationId": organisation, "name": "Noda", "roles": ["DESK"]}}
    async with cities.stage.database(ONBOARDING) as database:
        await register(database, {"one": one, "other": other})
    key = {**headers(), "Idempotency-Key": "k-1"}
    statuses = [
        (await cities.stage.http.post("/graphql", json={**apollo(text), "variables": variables}, headers=key))
        for text in (one, one, other)
    ]
    assert [each.status_code for each in statuses] == [200, 200, 422]


INVITING = """($input: InviteInput!) { invitePerson(input: $input) {
  __typename ... on InvitationPayload { person { id } } ... on UserError { en } } }"""


async def test_what_is_remembered_is_bounded(cities: Cities, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trusted, "DOCUMENTS_REMEMBERED", 2)
    async with trusting(cities), cities.stage.database() as database:
        documents = TrustedDocuments(database)
        for text in (OWN, LEAVE, WATCH, TWO, OWN):
            assert await documents.text(hash_of(text)) == text
        assert len(documents) == 2
