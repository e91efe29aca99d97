"""Logs as JSON lines that carry no personal data, whoever writes them.

Our own events are fixed words with fields. A library's record keeps its template ("HTTP Request: %s") and
loses its arguments, for those are where documents, addresses and rows turn up.
"""

import copy
import json as jsonlib
import logging
import sys
from types import TracebackType
from typing import Any, Final, TextIO

import msgspec
import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from libs.observability.failures import describe
from libs.observability.requests import current

_OURS: Final = ("libs.", "services.")
# What these say at their usual level is the failing document, the policy, the URL or the body.
_QUIET: Final = {
    "strawberry": logging.CRITICAL + 1,
    "strawberry.execution": logging.CRITICAL + 1,
    "casbin": logging.ERROR,
    "litestar": logging.ERROR,
    "uvicorn.access": logging.CRITICAL + 1,
    "uvicorn.error": logging.WARNING,
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    "sqlalchemy": logging.WARNING,
    "asyncpg": logging.WARNING,
    "asyncio": logging.WARNING,
    # the letters of a name that is printed
    "fontTools": logging.CRITICAL + 1,
    "fpdf": logging.CRITICAL + 1,
    "websockets": logging.WARNING,
}
_LINE: Final = 200


def configure(stream: TextIO, level: str = "INFO", *, json: bool = True) -> None:
    """Send structlog and the standard library's logging to `stream`, one JSON object a line.

    `json=False` writes for eyes instead.

    Call once at a process's start, before the server; run uvicorn with `log_config=None, access_log=False`.
    """
    threshold = logging.getLevelNamesMapping()[level.upper()]
    renderer: Processor = _render_json if json else structlog.dev.ConsoleRenderer(colors=stream.isatty())
    structlog.configure(
        processors=[*_common(), renderer],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.WriteLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
    _configure_standard(stream, threshold, renderer)
    sys.excepthook = _uncaught


def _common() -> list[Processor]:
    return [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_request,
        _describe_failure,
    ]


def _configure_standard(stream: TextIO, threshold: int, renderer: Processor) -> None:
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        _WithoutArguments(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *_common()],
        )
    )
    logging.raiseExceptions = False  # a failing handler would print the record's arguments
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(threshold)
    for name, least in _QUIET.items():
        logger = logging.getLogger(name)
        logger.setLevel(max(least, threshold))
        logger.handlers.clear()
        logger.propagate = True


class _WithoutArguments(structlog.stdlib.ProcessorFormatter):
    """Formats a copy of a foreign record: its template's first line instead of its message."""

    def format(self, record: logging.LogRecord) -> str:
        if isinstance(record.msg, dict) or record.name.startswith(_OURS):
            return super().format(record)
        bare = copy.copy(record)
        bare.msg = _first_line(str(record.msg))
        bare.args = ()
        bare.stack_info = None
        return super().format(bare)


def _first_line(text: str) -> str:
    lines = text.splitlines()
    return lines[0][:_LINE] if lines else ""


def _add_request(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    record = current()
    if record is not None:
        event.setdefault("request_id", record.request_id)
        if record.tenant is not None:
            event.setdefault("tenant", record.tenant)
        if record.person is not None:
            event.setdefault("person", record.person)
    return event


def _describe_failure(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    error = _error_of(event.pop("exc_info", None))
    if error is not None:
        event["failure"] = describe(error)
    return event


def _error_of(exc_info: object) -> BaseException | None:
    if isinstance(exc_info, BaseException):
        return exc_info
    if isinstance(exc_info, tuple):
        return next((part for part in exc_info if isinstance(part, BaseException)), None)  # pyright: ignore[reportUnknownVariableType] -- a tuple of unknown members, narrowed here
    return sys.exc_info()[1] if exc_info else None


def _render_json(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    try:
        return _encoder.encode(event).decode()
    except (UnicodeError, OverflowError, TypeError):  # lone surrogates, giant numbers: a log line never fails
        return jsonlib.dumps(event, default=_kind, skipkeys=True)


def _kind(value: object) -> str:
    """Stands for a value that JSON has no form for; its repr might quote a row."""
    return f"<{type(value).__name__}>"


_encoder = msgspec.json.Encoder(enc_hook=_kind)


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> Any:  # noqa: ANN401 -- the hook's own signature
    if issubclass(kind, KeyboardInterrupt):
        return sys.__excepthook__(kind, error, trace)
    return structlog.get_logger("libs.observability").critical("process failed", exc_info=error)
