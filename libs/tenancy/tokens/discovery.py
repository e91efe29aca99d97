"""Fetching an issuer's keys by OpenID Connect Discovery 1.0, within bounds of size, time and place."""

import asyncio
from http import HTTPStatus
from typing import Any, TypeVar

import httpx
import msgspec

from libs.tenancy.tokens.addresses import is_permitted_for
from libs.tenancy.tokens.keys import IssuerKeys

FETCH_SECONDS = 5
MAX_DOCUMENT_BYTES = 256 * 1024

# Uncompressed, so that the bound on bytes is a bound on memory.
_HEADERS = {"accept": "application/json", "accept-encoding": "identity"}

_Document = TypeVar("_Document", bound=msgspec.Struct)


class KeysUnavailable(Exception):
    """The keys could not be had; `cause` is a code for the log. It ends in a Problem, never at a caller."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


class _Metadata(msgspec.Struct):
    issuer: str
    jwks_uri: str


class KeySetDocument(msgspec.Struct):
    """A JSON Web Key Set (RFC 7517, 5)."""

    keys: list[dict[str, Any]]


async def fetch_keys(client: httpx.AsyncClient, issuer: str) -> IssuerKeys:
    """The keys that `issuer` publishes now. Raises KeysUnavailable, whatever was wrong on the way."""
    try:
        async with asyncio.timeout(FETCH_SECONDS):
            uri = await _key_set_address(client, issuer)
            document = _decode(await _get(client, uri), KeySetDocument)
    except TimeoutError:
        raise KeysUnavailable("timeout") from None
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, UnicodeError) as error:
        raise KeysUnavailable(type(error).__name__) from error
    return IssuerKeys.from_jwks(document.keys)


async def _key_set_address(client: httpx.AsyncClient, issuer: str) -> str:
    metadata = _decode(await _get(client, _configuration_address(issuer)), _Metadata)
    if metadata.issuer != issuer:
        raise KeysUnavailable("issuer_differs")
    if not is_permitted_for(metadata.jwks_uri, issuer):
        raise KeysUnavailable("address_not_permitted")
    return metadata.jwks_uri


def _configuration_address(issuer: str) -> str:
    return issuer.removesuffix("/") + "/.well-known/openid-configuration"


async def _get(client: httpx.AsyncClient, url: str) -> bytes:
    async with client.stream("GET", url, headers=_HEADERS, follow_redirects=False) as response:
        if response.status_code != HTTPStatus.OK:
            raise KeysUnavailable("status")
        if response.headers.get("content-encoding", "identity") != "identity":
            raise KeysUnavailable("compressed")
        return await _bounded_body(response)


async def _bounded_body(response: httpx.Response) -> bytes:
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > MAX_DOCUMENT_BYTES:
            raise KeysUnavailable("too_large")
    return bytes(body)


def _decode(body: bytes, kind: type[_Document]) -> _Document:
    try:
        return msgspec.json.decode(body, type=kind)
    except (ValueError, RecursionError):
        raise KeysUnavailable("malformed") from None
