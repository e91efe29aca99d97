"""Clients that are slow or go away."""

import asyncio
import json

import httpx

from tests.serving.conftest import Running

HEAD = b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"


async def raw(served: Running, request: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
    writer.write(request)
    await writer.drain()
    return reader, writer


async def test_a_body_that_stops_halfway_is_408_and_the_connection_ends(served: Running) -> None:
    reader, writer = await raw(served, HEAD + b'content-length: 100\r\n\r\n{"query":')
    answer = await reader.read()  # until the server closes
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"REQUEST_TIMEOUT" in answer
    writer.close()


async def test_a_client_that_leaves_cancels_its_statement(served: Running) -> None:
    body = json.dumps({"query": "{slow}"}).encode()
    _, writer = await raw(served, HEAD + b"content-length: %d\r\n\r\n%b" % (len(body), body))
    await asyncio.wait_for(served.engine.started.wait(), 5)
    assert not served.engine.cancelled.is_set()
    writer.close()
    await asyncio.wait_for(served.engine.cancelled.wait(), 5)
    await until_counted(served, 'graphql_requests_total{operation="query",outcome="cancelled"} 1.0')
    assert "graphql_requests_in_flight 0.0" in (await served.client.get("/metrics")).text


async def test_a_client_that_stays_is_not_cancelled_by_another_that_leaves(served: Running) -> None:
    leaving = asyncio.create_task(served.post("{slow}"))
    await asyncio.wait_for(served.engine.started.wait(), 5)
    leaving.cancel()
    answers = await asyncio.gather(*(served.post("{hello}") for _ in range(20)))
    assert {answer.status_code for answer in answers} == {200}


async def test_a_client_that_leaves_while_it_sends_reaches_no_engine(served: Running) -> None:
    _, writer = await raw(served, HEAD + b'content-length: 100\r\n\r\n{"query":')
    writer.close()
    await until_counted(served, 'graphql_requests_total{operation="none",outcome="cancelled"} 1.0')
    assert served.engine.executed == []


async def test_kept_connections_answer_again_after_a_watched_request(served: Running) -> None:
    """The watch on a slow request must not swallow the next request of its connection."""
    limits = httpx.Limits(max_connections=1)
    async with httpx.AsyncClient(base_url=served.url, limits=limits) as client:
        for _ in range(3):
            events = {"accept": "text/event-stream"}
            await client.post("/graphql", json={"query": "subscription { count(to: 2) }"}, headers=events)
            assert (await client.post("/graphql", json={"query": "{hello}"})).status_code == 200


async def until_counted(served: Running, line: str) -> None:
    async with asyncio.timeout(5):
        while line not in served.metrics.exposition().decode():  # noqa: ASYNC110 -- counters have no event
            await asyncio.sleep(0.01)
