"""What reaches /graphql over HTTP: good requests in every form, and every malformed one a typed 4xx."""

import gzip
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.serving.conftest import LIMITS, Running
from tests.serving.engine import PERSON_TOKEN, SECRET

JSON = {"content-type": "application/json"}
NEW = "application/graphql-response+json"
HELLO = b'{"query":"{hello}"}'


def deep(text: str) -> bytes:
    return b'{"query":"{hello}","variables":{"a":' + text.encode() + b"}}"


BODIES: list[tuple[str, bytes]] = [
    ("empty", b""),
    ("no JSON", b"{ not JSON"),
    ("trailing", HELLO + b" x"),
    ("number", b"5"),
    ("null", b"null"),
    ("string", b'"x"'),
    ("true", b"true"),
    ("batch", b"[" + HELLO + b"]"),
    ("empty batch", b"[]"),
    ("invalid UTF-8", b'{"query":"\xff"}'),
    ("surrogate bytes", b'{"query":"\xed\xa0\x80"}'),
    ("UTF-16", '{"query":"{hello}"}'.encode("utf-16")),
    ("byte order mark", b"\xef\xbb\xbf" + HELLO),
    ("lone surrogate", b'{"query":"{hello}","variables":{"a":"\\ud800"}}'),
    ("NUL in a variable", b'{"query":"{hello}","variables":{"a":["\\u0000"]}}'),
    ("NUL in a key", b'{"query":"{hello}","variables":{"\\u0000":1}}'),
    ("deep arrays", deep("[" * 40_000 + "]" * 40_000)),
    ("deep objects", deep('{"a":' * 15_000 + "1" + "}" * 15_000)),
    ("deep in an unknown member", b'{"x":' + b"[" * 40_000 + b"]" * 40_000 + b"}"),
    ("giant integer", deep("9" * 5_000)),
    ("giant exponent", deep("1e999")),
    ("NaN", deep("NaN")),
    ("no query", b"{}"),
    ("misspelt query", b'{"qeury":"{hello}"}'),
    *[(f"query is {bad}", b'{"query":%b}' % bad.encode()) for bad in ("5", "true", "{}", "[]", "null")],
    *[
        (f"{member} is {bad}", b'{"query":"{hello}","%b":%b}' % (member.encode(), bad.encode()))
        for member, wrong in {
            "operationName": ("5", "false", "{}", "[]"),
            "variables": ("5", "false", '"x"', "[]"),
            "extensions": ("5", "false", '"x"', "[]"),
        }.items()
        for bad in wrong
    ],
]


def refused(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert response.status_code == status, response.text
    assert response.headers["content-type"].startswith("application/")
    answer = response.json()
    assert set(answer) == {"errors"}
    extensions = answer["errors"][0]["extensions"]
    assert extensions["code"] == code
    assert extensions["ja"]
    assert extensions["en"].isascii()
    return extensions


@pytest.mark.parametrize("accept", ["application/json", NEW])
async def test_malformed_bodies_are_400_under_both_media_types(served: Running, accept: str) -> None:
    for name, body in BODIES:
        response = await served.client.post("/graphql", content=body, headers={**JSON, "accept": accept})
        refused(response, 400, "BATCH_REFUSED" if "batch" in name else "BAD_REQUEST")
        assert response.headers["content-type"] == f"{accept}; charset=utf-8", name
    assert served.engine.executed == []
    assert (await served.post("{hello}")).json()["data"]["hello"] == "こんにちは、つながり"


async def test_a_wrong_member_is_named_and_its_value_is_not_quoted(served: Running) -> None:
    body = json.dumps({"query": "{hello}", "variables": SECRET}).encode()
    response = await served.client.post("/graphql", content=body, headers=JSON)
    assert refused(response, 400, "BAD_REQUEST")["field"] == "variables"
    assert SECRET not in response.text


async def test_good_requests_in_every_form(served: Running) -> None:
    members = {
        "query": "query A($n: String) { hello(name: $n) } query B { who }",
        "operationName": "A",
        "variables": {"n": "名\\u0000前"},  # the six characters, not U+0000
        "extensions": {"trace": "x"},
    }
    posted = await served.client.post("/graphql", json=members)
    parameters = {k: v if isinstance(v, str) else json.dumps(v) for k, v in members.items()}
    got = await served.client.get("/graphql", params=parameters)
    assert posted.json() == got.json() == {"data": {"hello": "こんにちは、名\\u0000前"}}
    assert served.engine.executed[0].read_only is False
    assert served.engine.executed[1].read_only is True


async def test_integers_beyond_64_bits_arrive_exactly(served: Running) -> None:
    await served.post("{hello}", headers=JSON)
    body = b'{"query":"{hello}","variables":{"n":123456789012345678901234567890}}'
    assert (await served.client.post("/graphql", content=body, headers=JSON)).status_code == 200
    assert served.engine.executed[-1].variables == {"n": 123456789012345678901234567890}


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "text/plain"},
        {"content-type": "application/x-www-form-urlencoded"},
        {"content-type": "multipart/form-data; boundary=x"},
        {"content-type": "application/json; charset=iso-8859-1"},
        {"content-type": "application/json, text/plain"},
        {"content-type": ""},
        {},
        {**JSON, "content-encoding": "gzip"},
        {**JSON, "content-encoding": "br"},
    ],
)
async def test_other_content_is_415(served: Running, headers: dict[str, str]) -> None:
    body = gzip.compress(HELLO) if "content-encoding" in headers else HELLO
    response = await served.client.post("/graphql", content=body, headers=headers)
    refused(response, 415, "UNSUPPORTED_MEDIA_TYPE")
    assert served.engine.executed == []


@pytest.mark.parametrize(
    "declared",
    [
        "application/json",
        "Application/JSON",
        "application/json;charset=UTF-8",
        'application/json; charset="utf-8"',
    ],
)
async def test_json_is_taken_however_it_is_declared(served: Running, declared: str) -> None:
    headers = {"content-type": declared, "content-encoding": "identity"}
    assert (await served.client.post("/graphql", content=HELLO, headers=headers)).status_code == 200


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        (None, "application/json"),
        ("*/*", "application/json"),
        ("application/*", "application/json"),
        ("application/json", "application/json"),
        (NEW, NEW),
        (f"{NEW}, application/json;q=0.9", NEW),
        (f"application/json, {NEW}", NEW),
        (f"{NEW};q=0.1, application/json", "application/json"),
        ("application/json;q=0.5, */*", NEW),
        (f"{NEW};q=0, */*", "application/json"),
        ("text/event-stream;q=0.5, application/json", "application/json"),
        (f"{NEW}; charset=utf-8", NEW),
        ("text/html, application/xhtml+xml, */*;q=0.8", "application/json"),
        ("application/json;q=nonsense, */*;q=0.1", NEW),
    ],
)
async def test_accept_is_negotiated(served: Running, accept: str | None, media: str) -> None:
    request = served.client.build_request("POST", "/graphql", content=HELLO, headers=JSON)
    request.headers.pop("accept")
    if accept is not None:
        request.headers["accept"] = accept
    response = await served.client.send(request)
    assert response.status_code == 200
    assert response.headers["content-type"] == f"{media}; charset=utf-8"


@pytest.mark.parametrize(
    "accept", ["text/html", "", "image/*", "application/json;q=0", f"{NEW}; charset=shift_jis", "*/*;q=0"]
)
async def test_what_cannot_be_served_is_406(served: Running, accept: str) -> None:
    response = await served.client.post("/graphql", content=HELLO, headers={**JSON, "accept": accept})
    refused(response, 406, "NOT_ACCEPTABLE")


async def test_request_errors_are_400_only_under_the_new_media_type(served: Running) -> None:
    for query in ("{", "{ nope }", "query($id: Kind!) { hello board(kind: $id) { id } }", "{a:hello " * 30):
        old = await served.post(query, headers={"accept": "application/json"})
        new = await served.post(query, headers={"accept": NEW})
        assert (old.status_code, new.status_code) == (200, 400), query
        assert "data" not in old.json()
        assert "data" not in new.json()


async def test_other_methods_are_405_with_allow(served: Running) -> None:
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS"):
        response = await served.client.request(method, "/graphql")
        refused(response, 405, "METHOD_NOT_ALLOWED")
        assert response.headers["allow"] == "GET, POST"


async def test_a_mutation_by_get_is_405_and_changes_nothing(served: Running) -> None:
    response = await served.client.get("/graphql", params={"query": "mutation { touch }"})
    refused(response, 405, "METHOD_NOT_ALLOWED")
    assert served.engine.touched == 0
    assert (await served.post("mutation { touch }")).json() == {"data": {"touch": "touched"}}
    assert served.engine.touched == 1


@pytest.mark.parametrize(
    "query_string",
    [
        "",
        "query=",
        "query=%ff",
        "query={hello}&query={who}",
        "query={hello}&variables=5",
        "query={hello}&variables=[]",
        "query={hello}&variables={",
        "query={hello}&extensions=true",
        "query={hello}&variables={%22a%22:%22%00%22}",
        "query={hello}&" + "&".join(f"p{n}=1" for n in range(30)),
    ],
)
async def test_malformed_query_strings_are_400(served: Running, query_string: str) -> None:
    response = await served.client.get(f"/graphql?{query_string}", headers={"accept": NEW})
    assert response.status_code == 400
    assert response.json()["errors"][0]["extensions"]["code"] in ("BAD_REQUEST", "GRAPHQL_PARSE_FAILED")


async def test_a_long_url_is_413(served: Running) -> None:
    refused(await served.client.get("/graphql", params={"query": "#" * 20_000}), 413, "TOO_MUCH")


async def test_bodies_are_bounded_as_they_stream(served: Running) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(30):
            yield b" " * 10_000

    response = await served.client.post("/graphql", content=chunks(), headers=JSON)
    assert refused(response, 413, "TOO_MUCH")["limit"] == "body"
    padding = LIMITS.body_bytes - len(HELLO)
    at_the_bound = await served.client.post("/graphql", content=HELLO + b" " * padding, headers=JSON)
    assert at_the_bound.status_code == 200
    beyond = await served.client.post("/graphql", content=HELLO + b" " * (padding + 1), headers=JSON)
    assert beyond.status_code == 413


async def test_who_asks_is_handed_on(served: Running) -> None:
    headers = {"authorization": PERSON_TOKEN, "tsunagari-acting-for": "ikoma/npo", "idempotency-key": "k-1"}
    by_path = await served.client.post("/t/ikoma/graphql", json={"query": "{who}"}, headers=headers)
    assert json.loads(by_path.json()["data"]["who"]) == [PERSON_TOKEN, "ikoma/npo", "ikoma"]
    assert served.engine.callers[-1].idempotency_key == "k-1"
    assert served.engine.callers[-1].language == "ja"
    english = {"host": "takamatsu.tsunagari.test:8000", "accept-language": "fr, en-GB;q=0.8, ja;q=0.2"}
    await served.post("{who}", headers=english)
    assert served.engine.callers[-1].tenant_hint == "takamatsu"
    assert served.engine.callers[-1].language == "en"
    await served.post("{who}", headers={"host": "elsewhere.test"})
    assert served.engine.callers[-1].tenant_hint is None


@pytest.mark.parametrize(
    "headers",
    [
        [("authorization", "a"), ("authorization", "b")],
        [("idempotency-key", "x" * 256)],
        [("idempotency-key", b"\xe5\x90\x8d")],
        [("authorization", "x" * 9_000)],
    ],
)
async def test_ambiguous_or_oversized_headers_are_400(served: Running, headers: list[Any]) -> None:
    response = await served.client.post("/graphql", content=HELLO, headers=[*headers, *JSON.items()])
    refused(response, 400, "BAD_REQUEST")


async def test_impossible_tenant_names_are_refused(served: Running) -> None:
    for path in ("/t/UPPER/graphql", "/t/a%20b/graphql", "/t/-a/graphql"):
        assert (await served.client.post(path, json={"query": "{who}"})).status_code == 400
    assert (await served.client.post("/t/ikoma/other", json={"query": "{who}"})).status_code == 404


async def test_a_bad_token_is_401_with_a_challenge(served: Running) -> None:
    response = await served.post("{hello}", headers={"authorization": "Bearer stolen-secret"})
    refused(response, 401, "UNAUTHENTICATED")
    assert response.headers["www-authenticate"].startswith("Bearer")
    assert "unknown_token" not in response.text
    assert (await served.post("{hello}", headers={"authorization": PERSON_TOKEN})).status_code == 200


async def test_errors_speak_the_callers_language_and_mask_faults(served: Running) -> None:
    masked = (await served.post("{boom}", headers={"accept-language": "en"})).json()
    assert masked["data"] == {"boom": None}
    assert masked["errors"][0]["extensions"]["code"] == "INTERNAL"
    assert masked["errors"][0]["message"] == masked["errors"][0]["extensions"]["en"]
    assert SECRET not in json.dumps(masked, ensure_ascii=False)
    problem = (await served.post("{missing}")).json()["errors"][0]
    assert problem["message"] == problem["extensions"]["ja"]
    assert problem["extensions"]["code"] == "NOT_FOUND"
    assert problem["path"] == ["missing"]


async def test_answers_are_not_cached_and_carry_the_request_id(served: Running) -> None:
    response = await served.post("{hello}", headers={"x-request-id": "trace-12345678"})
    assert response.headers["x-request-id"] == "trace-12345678"
    assert response.headers["cache-control"] == "no-store"
    for bad in ("a b c d e f g h", "x" * 65, "short", "山田".encode()):
        made = (await served.post("{hello}", headers={"x-request-id": bad})).headers["x-request-id"]
        assert len(made) == 32
