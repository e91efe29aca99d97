"""Secrets planted in every part of every kind of request: the log of a whole run names none of them."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from libs.observability import logs
from tests.serving.conftest import Running
from tests.serving.engine import PERSON_TOKEN, SECRET
from tests.serving.test_graphql_transport_ws import hear, initialised, say, socket, subscribe

PLANTED = "planted7351"


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root, written = logging.getLogger(), io.StringIO()
    before, config = (root.handlers[:], root.level), structlog.get_config()
    logs.configure(written, "DEBUG")
    yield written
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    structlog.configure(**config)


async def test_no_planted_secret_is_ever_logged(stream: io.StringIO, served: Running) -> None:
    document = f'query Board($n: String) {{ a{PLANTED}: hello(name: $n) b: hello(name: "{PLANTED}") boom }}'
    who = {
        "authorization": PERSON_TOKEN,
        "idempotency-key": PLANTED,
        "user-agent": PLANTED,
        "cookie": PLANTED,
    }
    members = {"query": document, "variables": {"n": PLANTED}, "extensions": {"x": PLANTED}}
    answer = await served.client.post("/graphql", json=members, headers=who)
    assert answer.json()["data"][f"a{PLANTED}"] == f"こんにちは、{PLANTED}"
    await served.client.get("/graphql", params={"query": f'{{hello(name: "{PLANTED}")}}'})
    await served.post(f"{{ {PLANTED} ")
    await served.post(f"{{ {PLANTED} }}")
    await served.post("{hello}", headers={"authorization": f"Bearer {PLANTED}"})
    await served.client.post("/graphql", content=PLANTED.encode())
    await served.client.post(f"/{PLANTED}?q={PLANTED}", content=PLANTED)
    await served.post(
        f"subscription S {{ broken {PLANTED}: broken }}", headers={"accept": "text/event-stream"}
    )
    async with initialised(served, authorization=PERSON_TOKEN) as opened:
        await subscribe(opened, PLANTED, "subscription { broken }")
        await hear(opened)
        await hear(opened)
    async with socket(served) as opened:
        await say(opened, type="connection_init", payload={"authorization": f"Bearer {PLANTED}"})

    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    for secret in (PLANTED, SECRET, PERSON_TOKEN.removeprefix("Bearer ")):
        assert secret not in stream.getvalue()
    outcomes = [line["outcome"] for line in lines if line["event"] == "request"]
    assert {"ok", "request_error", "unauthenticated", "unsupported_media", "internal"} <= set(outcomes)
    assert any(line["event"] == "fault" and line["failure"][0]["frames"] for line in lines)
    assert any(line.get("operation_name") == "Board" and line["document"] for line in lines)
