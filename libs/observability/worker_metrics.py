"""Prometheus measurements of a worker. Kinds come from its own list, so that series cannot grow."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final, Literal

from prometheus_client import CollectorRegistry, Counter, Gauge
from prometheus_client.exposition import generate_latest

Done = Literal["done", "failed", "dead"]
Carried = Literal["sent", "skipped", "retried", "dead"]
CHANNELS: Final = ("mail", "digest", "letter", "webhook")
_OTHER: Final = "other"


class WorkerMetrics:
    """What one worker did since it began, and what waits in the database for any of them."""

    def __init__(self, kinds: Iterable[str] = ()) -> None:
        """`kinds` closes the list of that label; another one counts as `other`."""
        self.registry = CollectorRegistry()
        self._kinds = frozenset(kinds)
        self._waiting = self._gauge("work_due", "Due work that waits, of all workers", "kind")
        self._oldest = self._gauge("work_due_oldest_seconds", "Since when the oldest of it is due", "kind")
        self._dead = self._gauge("work_dead", "Due work that was given up and waits for somebody", "kind")
        self._dead_letters = self._gauge(
            "dead_letters", "Deliveries that were given up and wait for somebody, of all workers", "channel"
        )
        self._done = self._counter("work_done", "Due work taken in hand here", "kind", "outcome")
        self._rounds = self._counter("worker_rounds", "Rounds of a loop", "loop", "outcome")
        self._turned = self._gauge(
            "worker_last_round_seconds", "Unix time of a loop's last good round", "loop"
        )
        self._deliveries = self._counter(
            "deliveries", "Notices carried out of the house here", "channel", "outcome"
        )

    def worked(self, kind: str, outcome: Done) -> None:
        """One job or errand that was done, failed and is tried again, or was given up."""
        self._done.labels(self._known(kind), outcome).inc()

    def delivered(self, channel: str, outcome: Carried) -> None:
        """One try at a delivery here; a dead one became a dead letter."""
        self._deliveries.labels(channel if channel in CHANNELS else _OTHER, outcome).inc()

    def dead_letters(self, dead: Mapping[str, int]) -> None:
        """What the database holds at this moment, by channel; one that is gone from it is nought again."""
        for channel in CHANNELS:
            self._dead_letters.labels(channel).set(dead.get(channel, 0))
        self._dead_letters.labels(_OTHER).set(
            sum(count for name, count in dead.items() if name not in CHANNELS)
        )

    def turned(self, loop: str, at: datetime) -> None:
        self._rounds.labels(loop, "ok").inc()
        self._turned.labels(loop).set(at.timestamp())

    def stumbled(self, loop: str) -> None:
        """One round that raised; the loop goes on."""
        self._rounds.labels(loop, "failed").inc()

    def counted(
        self, waiting: Mapping[str, tuple[int, datetime]], dead: Mapping[str, int], now: datetime
    ) -> None:
        """What the database holds at this moment; a kind that is gone from it is nought again."""
        for kind in self._kinds | {_OTHER}:
            found = [each for name, each in waiting.items() if self._known(name) == kind]
            oldest = min((since for _, since in found), default=now)
            self._waiting.labels(kind).set(sum(count for count, _ in found))
            self._oldest.labels(kind).set(max(0.0, (now - oldest).total_seconds()))
            given_up = sum(count for name, count in dead.items() if self._known(name) == kind)
            self._dead.labels(kind).set(given_up)

    def exposition(self) -> bytes:
        """The text that Prometheus scrapes."""
        return generate_latest(self.registry)

    def _known(self, kind: str) -> str:
        return kind if kind in self._kinds else _OTHER

    def _gauge(self, name: str, said: str, *labels: str) -> Gauge:
        return Gauge(f"tsunagari_{name}", said, labels, registry=self.registry)

    def _counter(self, name: str, said: str, *labels: str) -> Counter:
        return Counter(f"tsunagari_{name}", said, labels, registry=self.registry)
