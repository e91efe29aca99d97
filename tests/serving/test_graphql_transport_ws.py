"""The graphql-transport-ws protocol, message by message, with the `websockets` client."""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncGenerator
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin, Subprotocol

from tests.serving.conftest import Running
from tests.serving.engine import PERSON_TOKEN, SECRET

PROTOCOL = Subprotocol("graphql-transport-ws")


@contextlib.asynccontextmanager
async def socket(served: Running, **options: Any) -> AsyncGenerator[ClientConnection]:
    options = {"subprotocols": [PROTOCOL], **options}
    async with connect(f"ws://127.0.0.1:{served.port}/graphql", **options) as opened:
        yield opened


@contextlib.asynccontextmanager
async def initialised(served: Running, **payload: str) -> AsyncGenerator[ClientConnection]:
    async with socket(served) as opened:
        await say(opened, type="connection_init", payload=payload)
        assert await hear(opened) == {"type": "connection_ack"}
        yield opened


async def say(opened: ClientConnection, **message: Any) -> None:
    await opened.send(json.dumps(message))


async def hear(opened: ClientConnection) -> dict[str, Any]:
    return json.loads(await asyncio.wait_for(opened.recv(), 5))


async def subscribe(opened: ClientConnection, operation: str, query: str) -> None:
    await say(opened, id=operation, type="subscribe", payload={"query": query})


async def closed_with(opened: ClientConnection) -> int | None:
    with contextlib.suppress(ConnectionClosed):
        while True:
            await asyncio.wait_for(opened.recv(), 5)
    return opened.close_code


async def test_a_subscription_from_init_to_complete(served: Running) -> None:
    async with initialised(served) as opened:
        assert opened.subprotocol == PROTOCOL
        await subscribe(opened, "α", "subscription { count(to: 3) }")
        for number in range(3):
            assert await hear(opened) == {"id": "α", "type": "next", "payload": {"data": {"count": number}}}
        assert await hear(opened) == {"id": "α", "type": "complete"}
        await subscribe(opened, "α", "subscription { count(to: 0) }")  # the id is free again
        assert await hear(opened) == {"id": "α", "type": "complete"}


async def test_queries_and_mutations_run_too(served: Running) -> None:
    async with initialised(served) as opened:
        await subscribe(opened, "1", "{ hello }")
        assert (await hear(opened))["payload"]["data"]["hello"] == "こんにちは、つながり"
        assert (await hear(opened))["type"] == "complete"
        await subscribe(opened, "2", "mutation { touch }")
        assert (await hear(opened))["payload"] == {"data": {"touch": "touched"}}
        assert (await hear(opened))["type"] == "complete"


async def test_the_init_payload_says_who_asks(served: Running) -> None:
    async with initialised(served, authorization=PERSON_TOKEN, actingFor="ikoma/npo") as opened:
        await subscribe(opened, "1", "subscription { whoami }")
        whoami = json.loads((await hear(opened))["payload"]["data"]["whoami"])
        assert whoami == [PERSON_TOKEN, "ikoma/npo", None]


async def test_ping_is_answered_and_pong_ignored(served: Running) -> None:
    async with socket(served) as opened:
        await say(opened, type="ping", payload={"a": 1})
        assert await hear(opened) == {"type": "pong"}
        await say(opened, type="pong")
        await say(opened, type="ping")
        assert await hear(opened) == {"type": "pong"}


@pytest.mark.parametrize(
    "query", ["{", "{ nope }", "subscription { nope }", "{" + "a:hello " * 30 + "}", "subscription { count }"]
)
async def test_refused_operations_are_errors_and_the_socket_lives(served: Running, query: str) -> None:
    async with initialised(served) as opened:
        await subscribe(opened, "1", query)
        refusal = await hear(opened)
        assert (refusal["id"], refusal["type"]) == ("1", "error")
        assert refusal["payload"][0]["message"]
        await subscribe(opened, "1", "{ hello }")
        assert (await hear(opened))["type"] == "next"


async def test_a_fault_in_a_stream_is_masked(served: Running) -> None:
    async with initialised(served) as opened:
        await subscribe(opened, "1", "subscription { broken }")
        assert (await hear(opened))["payload"]["data"] == {"broken": 1}
        last = json.dumps(await hear(opened), ensure_ascii=False)
        assert "INTERNAL" in last
        assert SECRET not in last


async def test_complete_cancels_only_its_operation(served: Running) -> None:
    async with initialised(served) as opened:
        await subscribe(opened, "quiet", "subscription { quiet }")
        await asyncio.wait_for(served.engine.started.wait(), 5)
        await say(opened, id="unknown", type="complete")
        await subscribe(opened, "1", "{ hello }")
        assert (await hear(opened))["type"] == "next"
        assert not served.engine.cancelled.is_set()
        await say(opened, id="quiet", type="complete")
        await asyncio.wait_for(served.engine.cancelled.wait(), 5)


async def test_leaving_cancels_everything(served: Running) -> None:
    async with initialised(served) as opened:
        await subscribe(opened, "quiet", "subscription { quiet }")
        await asyncio.wait_for(served.engine.started.wait(), 5)
        assert "graphql_sockets 1.0" in served.metrics.exposition().decode()
    await asyncio.wait_for(served.engine.cancelled.wait(), 5)


async def test_operations_per_socket_are_bounded(served: Running) -> None:
    async with initialised(served) as opened:
        for number in range(3):
            await subscribe(opened, str(number), "subscription { quiet }")
        await subscribe(opened, "one too many", "{ hello }")
        refusal = await hear(opened)
        assert refusal["id"] == "one too many"
        assert refusal["payload"][0]["extensions"]["code"] == "TOO_MUCH"
        await say(opened, id="0", type="complete")
        await asyncio.wait_for(served.engine.cancelled.wait(), 5)
        await subscribe(opened, "3", "{ hello }")
        assert (await hear(opened))["type"] == "next"


@pytest.mark.parametrize(
    "message",
    [
        "",
        "not JSON",
        "5",
        "null",
        "[]",
        '"x"',
        "{}",
        '{"type":5}',
        '{"type":"start","id":"1","payload":{"query":"{hello}"}}',
        '{"type":"subscribe","payload":{"query":"{hello}"}}',
        '{"type":"subscribe","id":5,"payload":{"query":"{hello}"}}',
        '{"type":"subscribe","id":"","payload":{"query":"{hello}"}}',
        json.dumps({"type": "subscribe", "id": "x" * 129, "payload": {"query": "{hello}"}}),
        '{"type":"subscribe","id":"1"}',
        '{"type":"subscribe","id":"1","payload":[]}',
        '{"type":"subscribe","id":"1","payload":{}}',
        '{"type":"subscribe","id":"1","payload":{"query":5}}',
        '{"type":"subscribe","id":"1","payload":{"query":"{hello}","variables":[]}}',
        '{"type":"subscribe","id":"1","payload":{"query":"{hello}","operationName":{}}}',
        '{"type":"subscribe","id":"1","payload":{"query":"{hello}","variables":{"a":"\\u0000"}}}',
        '{"type":"complete"}',
        '{"type":"ping","payload":5}',
        '{"type":"ping","payload":' + "[" * 20_000 + "]" * 20_000 + "}",
        '{"type":"ping","payload":{"a":' + "9" * 5_000 + "}}",
    ],
)
async def test_malformed_messages_close_with_4400(served: Running, message: str) -> None:
    async with initialised(served) as opened:
        await opened.send(message)
        assert await closed_with(opened) == 4400
    assert served.engine.executed == []


@pytest.mark.parametrize(
    "payload", [5, "x", [], {"authorization": 5}, {"actingFor": []}, {"authorization": "é"}]
)
async def test_malformed_init_payloads_close_with_4400(served: Running, payload: Any) -> None:
    async with socket(served) as opened:
        await say(opened, type="connection_init", payload=payload)
        assert await closed_with(opened) == 4400


async def test_binary_and_oversized_messages_close(served: Running) -> None:
    async with initialised(served) as opened:
        await opened.send(b'{"type":"ping"}')
        assert await closed_with(opened) == 4400
    for size in (55_000, 70_000):  # past the app's bound, past the server's
        async with initialised(served) as opened:
            await opened.send(json.dumps({"type": "ping", "payload": {"a": "x" * size}}))
            assert await closed_with(opened) == 1009


async def test_the_closing_codes_of_the_protocol(served: Running) -> None:
    async with socket(served) as opened:
        await subscribe(opened, "1", "{ hello }")
        assert await closed_with(opened) == 4401
    async with initialised(served) as opened:
        await say(opened, type="connection_init")
        assert await closed_with(opened) == 4429
    async with initialised(served) as opened:
        await subscribe(opened, "1", "subscription { quiet }")
        await subscribe(opened, "1", "subscription { quiet }")
        assert await closed_with(opened) == 4409
    async with socket(served) as opened:
        assert await closed_with(opened) == 4408  # no connection_init in time
    async with socket(served) as opened:
        await say(opened, type="connection_init", payload={"authorization": "Bearer stolen"})
        assert await closed_with(opened) == 4403


@pytest.mark.parametrize("offered", [None, [Subprotocol("graphql-ws")]])
async def test_other_subprotocols_close_with_4406(served: Running, offered: list[Subprotocol] | None) -> None:
    async with socket(served, subprotocols=offered) as opened:
        assert opened.subprotocol is None
        assert await closed_with(opened) == 4406


async def test_an_expired_token_ends_the_socket_and_its_operations(served: Running) -> None:
    served.engine.expiry = time.time() + 0.3
    async with initialised(served, authorization=PERSON_TOKEN) as opened:
        await subscribe(opened, "1", "subscription { quiet }")
        assert await closed_with(opened) == 4403
    assert served.engine.cancelled.is_set()


async def test_pages_of_other_origins_are_refused_before_the_handshake(served: Running) -> None:
    for origin in ("https://evil.test", "null", f"http://127.0.0.1:{served.port}.evil.test"):
        with pytest.raises(InvalidStatus) as refused:
            async with socket(served, origin=Origin(origin)):
                pass
        assert refused.value.response.status_code == 403
    for origin in ("https://pages.test", f"http://127.0.0.1:{served.port}"):
        async with socket(served, origin=Origin(origin)) as opened:
            assert opened.subprotocol == PROTOCOL
