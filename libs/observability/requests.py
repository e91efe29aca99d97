"""One line of log and one set of measurements per request: who, what kind, how long, how it ended.

A record holds identifiers and counts only. Documents, variables, bodies, tokens, names and addresses have no
field to stand in, so they cannot be logged by oversight.
"""

import os
import re
from contextvars import ContextVar
from dataclasses import dataclass, field
from hashlib import sha256
from time import perf_counter
from typing import Literal, get_args

import structlog

from libs.observability.metrics import Metrics

Transport = Literal["http", "sse", "websocket"]
Operation = Literal["query", "mutation", "subscription"]
Outcome = Literal[
    "ok",
    "request_error",
    "bad_request",
    "unauthenticated",
    "forbidden",
    "not_found",
    "method_not_allowed",
    "not_acceptable",
    "timeout",
    "too_large",
    "unsupported_media",
    "in_progress",
    "key_reused",
    "too_much",
    "rate_limited",
    "internal",
    "unavailable",
    "cancelled",
]
OUTCOMES: frozenset[str] = frozenset(get_args(Outcome))

_OFFERED_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
_GRAPHQL_NAME = re.compile(r"[_A-Za-z][_0-9A-Za-z]{0,63}")
_current: ContextVar["RequestRecord | None"] = ContextVar("request_record", default=None)
_log: structlog.typing.FilteringBoundLogger = structlog.get_logger("libs.observability.requests")


@dataclass(slots=True)
class RequestRecord:
    """What is known of the request under way. The service fills in the middle part as it learns it.

    `tenant` and `person` are internal identifiers, never names. `document` is `document_hash(text)`.
    `cost` is the plan's own unit.
    """

    request_id: str
    transport: Transport
    operation: Operation | None = None
    operation_name: str | None = None
    document: str | None = None
    tenant: str | None = None
    person: str | None = None
    cost: int | None = None
    started: float = field(default_factory=perf_counter)


def current() -> RequestRecord | None:
    """The record of the request that runs in this context, if one does."""
    return _current.get()


def begin(transport: Transport, request_id: str, metrics: Metrics) -> RequestRecord:
    """Open a record, count it as in flight and make it `current()` for this task and what it starts."""
    record = RequestRecord(request_id, transport)
    _current.set(record)
    metrics.in_flight.inc()
    return record


def finish(record: RequestRecord, outcome: Outcome, metrics: Metrics) -> None:
    """Close a record: count it, write its line."""
    seconds = perf_counter() - record.started
    metrics.in_flight.dec()
    metrics.finished(record.operation, outcome, seconds, record.cost)
    _log.info("request", **_line(record, outcome, seconds))


def request_id(offered: str | None) -> str:
    """The caller's X-Request-Id where it is plain (8 to 64 letters, digits, `._-`), else a new one."""
    if offered is not None and _OFFERED_ID.fullmatch(offered):
        return offered
    return os.urandom(16).hex()


def document_hash(text: str) -> str:
    """How a document is named in logs: by 16 hex digits of its SHA-256, for its literals may be personal."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _line(record: RequestRecord, outcome: Outcome, seconds: float) -> dict[str, object]:
    fields: dict[str, object] = {
        "request_id": record.request_id,
        "transport": record.transport,
        "outcome": outcome,
        "duration_ms": round(seconds * 1000, 3),
        "tenant": record.tenant,
        "person": record.person,
        "operation": record.operation,
        "operation_name": _plain_name(record.operation_name),
        "document": record.document,
        "cost": record.cost,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _plain_name(name: str | None) -> str | None:
    if name is None or _GRAPHQL_NAME.fullmatch(name):
        return name
    return "(not a name)"
