"""Which media type a request is answered in, and which it may come in (RFC 9110, GraphQL over HTTP)."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from libs.serving.problems import NotAcceptable, UnsupportedMedia
from libs.serving.service import Language

JSON: Final = b"application/json"
GRAPHQL: Final = b"application/graphql-response+json"
EVENTS: Final = b"text/event-stream"
_CACHED_LENGTH: Final = 512  # of a header: longer ones are worked out each time, so the caches stay small


@dataclass(frozen=True, slots=True)
class _Range:
    """One member of an Accept-like header: its name in lower case, its parameters, its weight."""

    name: str
    parameters: dict[str, str]
    weight: float


def answer_media(accept: bytes | None) -> bytes:
    """The best of JSON, GRAPHQL and EVENTS. Without Accept, or for a bare */*, it is JSON.

    Raises `NotAcceptable`.
    """
    if accept is None:
        return JSON
    media = _negotiate(accept) if len(accept) <= _CACHED_LENGTH else _negotiate.__wrapped__(accept)
    if media is None:
        raise NotAcceptable
    return media


def require_json(content_type: bytes | None, content_encoding: bytes | None) -> None:
    """Raise `UnsupportedMedia` for a body that is not declared as plain UTF-8 JSON.

    A form or text body would travel without a preflight (cross-site request forgery); a compressed one could
    swell without bound.
    """
    if content_type not in (JSON, b"application/json; charset=utf-8") and not _is_json(content_type):
        raise UnsupportedMedia
    if not is_plain(content_encoding):
        raise UnsupportedMedia


def is_plain(content_encoding: bytes | None) -> bool:
    """Whether a body comes as it is: a compressed one could swell without bound."""
    return content_encoding is None or content_encoding.strip().lower() == b"identity"


def language(accept_language: bytes | None) -> Language:
    """English only where it is preferred to Japanese; Japanese otherwise."""
    if accept_language is None:
        return "ja"
    if len(accept_language) <= _CACHED_LENGTH:
        return _language(accept_language)
    return _language.__wrapped__(accept_language)


@lru_cache(maxsize=256)
def _negotiate(accept: bytes) -> bytes | None:
    ranges = [each for each in _ranges(accept) if each.parameters.get("charset", "utf-8").lower() == "utf-8"]
    candidates = [(*_quality(ranges, media.decode()), media) for media in (EVENTS, JSON, GRAPHQL)]
    weight, exact, media = max(candidates, key=lambda each: (each[0], each[1], _preference(each[1], each[2])))
    return media if weight > 0 and (exact == _EXACT or media != EVENTS) else None


_EXACT: Final = 2


def _quality(ranges: list[_Range], media: str) -> tuple[float, int]:
    """The weight of the most specific range that matches, and how specific it is."""
    best = (0.0, -1)
    for each in ranges:
        specific = _specific(each.name, media)
        if specific > best[1]:
            best = (each.weight, specific)
    return best if media != EVENTS.decode() or best[1] == _EXACT else (0.0, -1)


def _specific(name: str, media: str) -> int:
    if name == media:
        return _EXACT
    if name == media.split("/", maxsplit=1)[0] + "/*":
        return 1
    return 0 if name == "*/*" else -1


def _preference(exact: int, media: bytes) -> int:
    """Between equals: the specification's own type where it is named, plain JSON where all will do."""
    order = (EVENTS, JSON, GRAPHQL) if exact == _EXACT else (EVENTS, GRAPHQL, JSON)
    return order.index(media)


@lru_cache(maxsize=64)
def _is_json(content_type: bytes | None) -> bool:
    ranges = _ranges(content_type or b"")
    if len(ranges) != 1 or ranges[0].name != JSON.decode():
        return False
    return ranges[0].parameters.get("charset", "utf-8").lower() in ("utf-8", "utf8")


@lru_cache(maxsize=256)
def _language(accept_language: bytes) -> Language:
    weights = {"ja": 0.0, "en": 0.0}
    for each in _ranges(accept_language):
        tongue = each.name.split("-")[0]
        if tongue in weights:
            weights[tongue] = max(weights[tongue], each.weight)
    return "en" if weights["en"] > weights["ja"] else "ja"


def _ranges(header: bytes) -> list[_Range]:
    return [_range(part) for part in header.decode("latin-1").split(",") if part.strip()]


def _range(text: str) -> _Range:
    name, *parts = (part.strip() for part in text.split(";"))
    parameters = {
        key.strip().lower(): value.strip().strip('"') for key, _, value in (p.partition("=") for p in parts)
    }
    return _Range(name.lower(), parameters, _weight(parameters.get("q", "1")))


def _weight(text: str) -> float:
    try:
        weight = float(text)
    except ValueError:
        return 0.0
    return weight if 0.0 <= weight <= 1.0 else 0.0
