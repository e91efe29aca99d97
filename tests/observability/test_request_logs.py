"""What the log says of requests and failures, and above all what it never says."""

import asyncio
import hashlib
import io
import json
import logging
import sys
from collections.abc import Iterator
from typing import Any

import asyncpg
import pytest
import structlog

from libs.observability import logs, requests
from libs.observability.failures import describe
from libs.observability.metrics import Metrics

SECRET = "山田花子-090-1234-5678"
ASCII_SECRET = "hanako4711"


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """The configured log; afterwards everything is as it was."""
    root = logging.getLogger()
    before = (root.handlers[:], root.level, sys.excepthook, logging.raiseExceptions, structlog.get_config())
    levels = {name: logging.getLogger(name).level for name in logging.root.manager.loggerDict}
    written = io.StringIO()
    logs.configure(written, "DEBUG")
    yield written
    root.handlers[:], _, sys.excepthook, logging.raiseExceptions, config = before
    root.setLevel(before[1])
    structlog.configure(**config)
    for name in logging.root.manager.loggerDict:
        logging.getLogger(name).setLevel(levels.get(name, logging.NOTSET))


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def failing() -> None:
    row = SECRET  # a local that a traceback with locals would print
    try:
        {}[row]
    except KeyError as cause:
        error = asyncpg.UniqueViolationError(f"Key (name)=({row}) already exists")
        vars(error).update(sqlstate="23505", constraint_name="person_name_key", detail=f"Key (name)=({row})")
        raise error from cause


def test_one_line_per_request_with_all_its_fields(stream: io.StringIO) -> None:
    metrics = Metrics(requests.OUTCOMES)
    record = requests.begin("http", "trace-12345678", metrics)
    record.tenant, record.person, record.operation = "t-1", "p-1", "query"
    record.operation_name, record.document, record.cost = "Board", requests.document_hash("{a}"), 42
    structlog.get_logger("libs.x").info("something")
    requests.finish(record, "ok", metrics)
    during, line = lines(stream)
    assert {"request_id": "trace-12345678", "tenant": "t-1", "person": "p-1"}.items() <= during.items()
    assert line.pop("duration_ms") >= 0
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "request",
        "level": "info",
        "request_id": "trace-12345678",
        "transport": "http",
        "outcome": "ok",
        "tenant": "t-1",
        "person": "p-1",
        "operation": "query",
        "operation_name": "Board",
        "document": hashlib.sha256(b"{a}").hexdigest()[:16],
        "cost": 42,
    }


def test_an_operation_name_that_is_no_name_is_not_written(stream: io.StringIO) -> None:
    metrics = Metrics(requests.OUTCOMES)
    for name in (SECRET, "a b", "x" * 65, "A\nB"):
        record = requests.begin("http", "trace-12345678", metrics)
        record.operation_name = name
        requests.finish(record, "ok", metrics)
    assert {line["operation_name"] for line in lines(stream)} == {"(not a name)"}


def test_failures_are_types_codes_and_frames_without_any_text(stream: io.StringIO) -> None:
    try:
        failing()
    except asyncpg.UniqueViolationError:
        structlog.get_logger("libs.x").exception("work failed")
        logging.getLogger("libs.x").exception("work failed")
        logging.getLogger("somebody.elses").exception("failed for %s", SECRET)
    assert SECRET not in stream.getvalue()
    assert len(lines(stream)) == 3
    for line in lines(stream):
        first, cause = line["failure"]
        assert first["type"] == "asyncpg.exceptions.UniqueViolationError"
        assert first["sqlstate"] == "23505"
        assert first["constraint_name"] == "person_name_key"
        assert "failing" in first["frames"][-1]
        assert cause["type"] == "builtins.KeyError"


def test_groups_and_loops_of_causes_are_described() -> None:
    first, second = ValueError(SECRET), TypeError(SECRET)
    first.__cause__, second.__cause__ = second, first
    (group,) = describe(ExceptionGroup(SECRET, [first]))
    assert [each["type"] for each in group["members"][0]] == ["builtins.ValueError", "builtins.TypeError"]
    assert SECRET not in json.dumps(group, ensure_ascii=False)


@pytest.mark.parametrize(
    "logger",
    ["httpx", "uvicorn.error", "uvicorn.access", "sqlalchemy.engine", "litestar", "asyncpg", "unheard.of"],
)
def test_other_libraries_keep_their_template_and_lose_their_arguments(
    stream: io.StringIO, logger: str
) -> None:
    for level in (logging.INFO, logging.WARNING, logging.ERROR):
        logging.getLogger(logger).log(level, "request %s of %s\n%s", SECRET, {"token": SECRET}, SECRET)
    logging.getLogger(logger).error(f"no arguments\nbut a second line of {SECRET}")  # noqa: G004 -- as libraries do
    assert SECRET not in stream.getvalue()


@pytest.mark.parametrize("logger", ["strawberry.execution", "uvicorn.access"])
def test_loggers_that_quote_documents_and_urls_are_silent(stream: io.StringIO, logger: str) -> None:
    logging.getLogger(logger).critical(SECRET)
    logging.getLogger("libs.x").info("the control")
    assert [line["event"] for line in lines(stream)] == ["the control"]


async def test_asyncio_says_that_a_task_failed_and_not_with_what(stream: io.StringIO) -> None:
    loop = asyncio.get_running_loop()
    loop.call_exception_handler(
        {"message": "Task exception was never retrieved", "exception": ValueError(SECRET)}
    )
    (line,) = lines(stream)
    assert line["event"] == "Task exception was never retrieved"
    assert SECRET not in stream.getvalue()


def test_uncaught_exceptions_are_logged_likewise(stream: io.StringIO) -> None:
    try:
        failing()
    except asyncpg.UniqueViolationError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    assert lines(stream)[0]["event"] == "process failed"
    assert SECRET not in stream.getvalue()


def test_a_line_is_written_whatever_its_values(stream: io.StringIO) -> None:
    class Row:
        def __repr__(self) -> str:
            return SECRET

    structlog.get_logger("libs.x").info("odd", row=Row(), half="\ud800", number=2**80)
    logging.getLogger("libs.x").info("%d", "not a number")
    assert lines(stream)[0]["event"] == "odd"
    assert SECRET not in stream.getvalue()


def test_line_breaks_cannot_forge_lines(stream: io.StringIO) -> None:
    structlog.get_logger("libs.x").info("a", value='x"}\n{"event":"forged"}')
    assert [line["event"] for line in lines(stream)] == ["a"]


def test_a_level_holds_for_both_kinds_of_logger(stream: io.StringIO) -> None:
    logs.configure(stream, "WARNING")
    for write in (structlog.get_logger("libs.x"), logging.getLogger("libs.x")):
        write.info("quiet")
        write.warning("loud")
    assert [line["event"] for line in lines(stream)] == ["loud", "loud"]


def test_labels_come_from_closed_lists() -> None:
    metrics = Metrics(requests.OUTCOMES)
    for number in range(100):
        metrics.finished(f"operation{number}", f"{ASCII_SECRET}{number}", 0.1, number)
    text = metrics.exposition().decode()
    assert ASCII_SECRET not in text
    assert 'graphql_requests_total{operation="none",outcome="other"} 100.0' in text


def test_request_ids_are_taken_only_where_plain() -> None:
    assert requests.request_id("trace-12345678") == "trace-12345678"
    for offered in (None, "", "short", "x" * 65, "a@example.jp", "a\nb45678901", "-leading-dash"):
        assert requests.request_id(offered) != offered
        assert len(requests.request_id(offered)) == 32
