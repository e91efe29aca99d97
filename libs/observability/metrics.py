"""Prometheus measurements of one process. Every label comes from a closed list, so series cannot grow."""

from collections.abc import Iterable
from functools import cache
from typing import Final, Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

CONTENT_TYPE: Final = CONTENT_TYPE_PLAIN_0_0_4
_OPERATIONS: Final = ("query", "mutation", "subscription")
_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_COSTS: Final = (1, 10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000)


class Metrics:
    """The measurements of one app, in a registry of its own."""

    def __init__(self, outcomes: Iterable[str]) -> None:
        """`outcomes` closes the list of that label; another value counts as `other`."""
        self.registry = CollectorRegistry()
        self._outcomes = frozenset(outcomes)
        self.in_flight = Gauge(
            "graphql_requests_in_flight", "Requests being answered", registry=self.registry
        )
        self.sockets = Gauge("graphql_sockets", "Open graphql-transport-ws sockets", registry=self.registry)
        self.streams = Gauge("graphql_streams", "Open event streams", registry=self.registry)
        self._requests = Counter(
            "graphql_requests", "Requests answered", ("operation", "outcome"), registry=self.registry
        )
        self._seconds = Histogram(
            "graphql_request_seconds",
            "Time to answer; for a subscription the time it was open",
            ("operation",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._cost = Histogram(
            "graphql_request_cost", "Cost of the plan", ("operation",), buckets=_COSTS, registry=self.registry
        )
        self._refused = Counter(
            "graphql_budget_refusals",
            "Requests refused for their cost, by whose budget lacked it: a whole platform's or one person's",
            ("scope",),
            registry=self.registry,
        )

        # The library looks a series up under a lock each time; the lists are closed, so they can be kept.
        self._counted = cache(self._requests.labels)
        self._timed = cache(self._seconds.labels)

    def finished(self, operation: str | None, outcome: str, seconds: float, cost: int | None) -> None:
        """Count one request; `operation` is None when the document was never read."""
        kind = operation if operation in _OPERATIONS else "none"
        self._counted(kind, outcome if outcome in self._outcomes else "other").inc()
        self._timed(kind).observe(seconds)
        if cost is not None:
            self._cost.labels(kind).observe(cost)

    def refused(self, scope: Literal["platform", "person"]) -> None:
        """Count one request refused by its cost; whose it was is not said."""
        self._refused.labels(scope).inc()

    def exposition(self) -> bytes:
        """The text that Prometheus scrapes, of type `CONTENT_TYPE`."""
        return generate_latest(self.registry)
