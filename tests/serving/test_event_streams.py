"""Subscriptions as server-sent events."""

import asyncio
import json
import time

from tests.serving.conftest import Running
from tests.serving.engine import PERSON_TOKEN, SECRET

EVENTS = {"accept": "text/event-stream"}


def events(text: str) -> list[tuple[str, object]]:
    """The events of a stream as a browser's EventSource takes them apart; comments fall away."""
    found: list[tuple[str, object]] = []
    for block in text.split("\n\n"):
        lines = [line.partition(": ") for line in block.split("\n") if line and not line.startswith(":")]
        if lines:
            data = "\n".join(value for name, _, value in lines if name == "data")
            named = next(value for name, _, value in lines if name == "event")
            found.append((named, json.loads(data) if data else None))
    return found


async def test_results_then_complete(served: Running) -> None:
    response = await served.post("subscription { count(to: 2) }", headers=EVENTS)
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert events(response.text) == [
        ("next", {"data": {"count": 0}}),
        ("next", {"data": {"count": 1}}),
        ("complete", None),
    ]


async def test_a_query_is_one_event(served: Running) -> None:
    response = await served.post("{ hello }", headers=EVENTS)
    assert events(response.text) == [
        ("next", {"data": {"hello": "こんにちは、つながり"}}),
        ("complete", None),
    ]


async def test_refusals_before_the_first_event_are_plain_answers(served: Running) -> None:
    bad_token = {**EVENTS, "authorization": "Bearer stolen"}
    assert (await served.post("subscription { quiet }", headers=bad_token)).status_code == 401
    invalid = await served.post("subscription { nope }", headers=EVENTS)
    assert invalid.headers["content-type"].startswith("application/json")
    assert invalid.json()["errors"]
    by_get = await served.client.get("/graphql", params={"query": "mutation { touch }"}, headers=EVENTS)
    assert by_get.status_code == 405
    assert served.engine.touched == 0


async def test_a_fault_is_the_last_event_and_masked(served: Running) -> None:
    response = await served.post("subscription { broken }", headers=EVENTS)
    (_, first), (_, fault), (last, _) = events(response.text)
    assert first == {"data": {"broken": 1}}
    assert "INTERNAL" in json.dumps(fault)
    assert last == "complete"
    assert SECRET not in response.text


async def test_a_quiet_stream_beats_and_ends_when_the_client_leaves(served: Running) -> None:
    body = {"query": "subscription { quiet }"}
    async with served.client.stream("POST", "/graphql", json=body, headers=EVENTS) as response:
        chunks = response.aiter_text()
        assert [await anext(chunks) for _ in range(2)] == [":\n\n", ":\n\n"]
        assert not served.engine.cancelled.is_set()
    await asyncio.wait_for(served.engine.cancelled.wait(), 5)


async def test_an_expired_token_ends_the_stream(served: Running) -> None:
    served.engine.expiry = time.time() + 0.3
    headers = {**EVENTS, "authorization": PERSON_TOKEN}
    response = await served.post("subscription { quiet }", headers=headers)
    (_, refusal), (last, _) = events(response.text)
    assert "UNAUTHENTICATED" in json.dumps(refusal)
    assert last == "complete"
    assert served.engine.cancelled.is_set()
