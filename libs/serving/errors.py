"""Errors as GraphQL shows them: a problem with its texts, a fault of ours as an id, a bad document as is."""

import re
import uuid
from collections.abc import Iterable
from typing import Any, Final

import msgspec
import structlog
from graphql import GraphQLError, GraphQLSyntaxError

from libs.errors.problems import (
    InProgress,
    KeyReused,
    NotAllowed,
    NotFound,
    Problem,
    TooMuch,
    Unauthenticated,
)
from libs.observability.failures import describe
from libs.observability.requests import Outcome
from libs.serving.outages import outage
from libs.serving.problems import RateLimited, Refused, TransportProblem, Unavailable
from libs.serving.service import Answer, Language

_log: structlog.typing.FilteringBoundLogger = structlog.get_logger("libs.serving.errors")

# What a problem may say beside its texts. `Unauthenticated.reason` is for the log and is not in it.
_SHOWN: Final = ("field", "detail", "state", "current", "limit", "retry_after")
_OUTCOMES: Final[tuple[tuple[type[Problem], Outcome], ...]] = (
    (Unauthenticated, "unauthenticated"),
    (NotAllowed, "forbidden"),
    (NotFound, "not_found"),
    (TooMuch, "too_much"),
    (InProgress, "in_progress"),
    (KeyReused, "key_reused"),
)
# A suggestion holds names only, so it ends at its first question mark.
_SUGGESTION: Final = re.compile(r"[ ,]*\bdid you mean\b[^?]*\?", re.IGNORECASE)


def shape(problem: Problem, language: Language) -> dict[str, Any]:
    """The GraphQL error of a problem, its message in the caller's language and both texts beside it."""
    extensions: dict[str, Any] = {"code": problem.code, "ja": problem.ja, "en": problem.en}
    extensions |= {name: shown for name in _SHOWN if (shown := getattr(problem, name, None)) is not None}
    return {"message": problem.ja if language == "ja" else problem.en, "extensions": extensions}


def shape_fault(error: BaseException, language: Language) -> dict[str, Any]:
    """The GraphQL error of anything unexpected: an id, under which the log has the exception.

    The database's outages are expected: `Unavailable` says when to come again.
    """
    if (away := outage(error)) is not None:
        _log.warning("database away", failure=describe(error))
        return shape(away, language)
    fault = uuid.uuid4().hex
    _log.error("fault", fault=fault, failure=describe(error))
    ja = f"サーバーで問題が起きました。事務局に番号 {fault} をお伝えください。"
    en = f"Something went wrong on the server. Tell the coordinator this number: {fault}"
    return {
        "message": ja if language == "ja" else en,
        "extensions": {"code": "INTERNAL", "id": fault, "ja": ja, "en": en},
    }


def shape_graphql(error: GraphQLError, language: Language, *, anonymous: bool) -> dict[str, Any]:
    """An error of graphql-core, whatever raised it; an anonymous caller gets no suggestions."""
    cause = _cause(error)
    if isinstance(cause, Problem):
        shaped = shape(cause, language)
    elif cause is None:
        shaped = _shape_document_error(error, anonymous=anonymous)
    else:
        shaped = shape_fault(cause, language)
    if error.locations:
        shaped["locations"] = [{"line": at.line, "column": at.column} for at in error.locations]
    if error.path:
        shaped["path"] = list(error.path)
    return shaped


def without_suggestions(message: str) -> str:
    """The message without any 'Did you mean …?', which would spell out the schema to who may not see it."""
    return _SUGGESTION.sub("", message)


def outcome_of(problem: Problem) -> Outcome:
    """How a request ends that is refused as a whole by this problem."""
    if isinstance(problem, TransportProblem):
        return problem.outcome
    for kind, outcome in _OUTCOMES:
        if isinstance(problem, kind):
            return outcome
    return "request_error"


def refusal(problem: Problem, language: Language) -> Answer:
    """A whole answer that consists of the problem."""
    if isinstance(problem, Unauthenticated):
        _log.info("unauthenticated", reason=problem.reason)
    return Answer(body(errors_of(problem, language)), outcome_of(problem), _headers(problem))


def fault(error: BaseException, language: Language) -> Answer:
    """A whole answer for anything unexpected."""
    if (away := outage(error)) is not None:
        return Answer(body([shape_fault(error, language)]), away.outcome, _headers(away))
    return Answer(body([shape_fault(error, language)]), "internal")


def errors_of(problem: Problem, language: Language) -> list[dict[str, Any]]:
    """The problem as a list of GraphQL errors."""
    return problem.errors if isinstance(problem, Refused) else [shape(problem, language)]


def body(errors: Iterable[dict[str, Any]]) -> bytes:
    """A response without `data`."""
    return msgspec.json.encode({"errors": list(errors)})


def _cause(error: GraphQLError) -> Exception | None:
    """What was raised outside graphql-core; a scalar's ValueError on a given value is not meant."""
    cause = error.original_error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    coercing = error.path is None and isinstance(cause, ValueError | TypeError)
    return None if coercing else cause


def _shape_document_error(error: GraphQLError, *, anonymous: bool) -> dict[str, Any]:
    message = without_suggestions(error.message) if anonymous else error.message
    parse_failed = isinstance(error, GraphQLSyntaxError)
    return {
        "message": message,
        "extensions": {
            **(error.extensions or {}),
            "code": "GRAPHQL_PARSE_FAILED" if parse_failed else "GRAPHQL_VALIDATION_FAILED",
            "ja": f"GraphQLの問い合わせが正しくありません: {message}",
            "en": message,
        },
    }


def _headers(problem: Problem) -> tuple[tuple[bytes, bytes], ...]:
    if isinstance(problem, RateLimited | Unavailable):
        return ((b"retry-after", b"%d" % problem.retry_after),)
    return ()
