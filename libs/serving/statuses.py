"""HTTP's status for each way in which a request can end."""

from typing import Final

from libs.observability.requests import Outcome

STATUS: Final[dict[Outcome, int]] = {
    "ok": 200,
    "request_error": 400,
    "bad_request": 400,
    "too_much": 400,
    "unauthenticated": 401,
    "forbidden": 403,
    "not_found": 404,
    "method_not_allowed": 405,
    "not_acceptable": 406,
    "timeout": 408,
    "in_progress": 409,
    "too_large": 413,
    "unsupported_media": 415,
    "key_reused": 422,
    "rate_limited": 429,
    "internal": 500,
    "unavailable": 503,
}
