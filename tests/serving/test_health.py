"""Liveness, readiness, metrics."""

import asyncio

from libs.serving.health import Readiness
from tests.serving.conftest import Running
from tests.serving.engine import SECRET


async def works() -> None:
    await asyncio.sleep(0)


async def fails() -> None:
    raise ConnectionError(SECRET)


async def hangs() -> None:
    await asyncio.sleep(60)


async def test_liveness_needs_nothing(served: Running) -> None:
    served.readiness.end()
    assert (await served.client.get("/healthz")).json() == {"alive": True}
    assert (await served.client.post("/healthz")).status_code == 405


async def test_readiness_over_http(served: Running) -> None:
    assert (await served.client.get("/readyz")).status_code == 200
    served.readiness.end()
    ending = await served.client.get("/readyz")
    assert ending.status_code == 503
    assert ending.json() == {"ready": False, "checks": {"process": "ending"}}


async def test_each_check_is_reported_without_its_message() -> None:
    readiness = Readiness({"database": works, "issuer": fails, "worker": hangs}, timeout=0.05)
    assert await readiness.state() == {"database": "ok", "issuer": "failed", "worker": "timeout"}


async def test_callers_at_the_same_time_share_one_run() -> None:
    runs: list[int] = []

    async def counted() -> None:
        runs.append(1)
        await asyncio.sleep(0.01)

    readiness = Readiness({"database": counted})
    await asyncio.gather(*(readiness.state() for _ in range(50)))
    assert len(runs) == 1
    await readiness.state()
    assert len(runs) == 2


async def test_metrics_count_requests_by_operation_and_outcome_only(served: Running) -> None:
    await served.post("query Secret_4711 { hello }")
    await served.post("mutation { touch }")
    await served.post("{ nope }")
    await served.client.post("/graphql", content=b"5", headers={"content-type": "application/json"})
    text = (await served.client.get("/metrics")).text
    for line in (
        'graphql_requests_total{operation="query",outcome="ok"} 1.0',
        'graphql_requests_total{operation="mutation",outcome="ok"} 1.0',
        'graphql_requests_total{operation="none",outcome="request_error"} 1.0',
        'graphql_requests_total{operation="none",outcome="bad_request"} 1.0',
        'graphql_request_seconds_count{operation="query"} 1.0',
        'graphql_request_cost_sum{operation="query"} 7.0',
        "graphql_requests_in_flight 0.0",
    ):
        assert line in text, line
    assert "4711" not in text
    assert "tenant" not in text
