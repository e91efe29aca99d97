"""AES-256-GCM over a stream: sealed in segments, so that nothing is held whole and nothing can be cut off.

Each stream has a key of its own (HKDF, RFC 5869, with a random salt that stands in front), so that a
segment's nonce is its number. The last segment says that it is the last (the STREAM construction, Hoang,
Reyhanitabar, Rogaway, Vizár 2015): order, length and place are authenticated.
"""

import secrets
from collections.abc import AsyncIterator
from typing import Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from libs.persistence.sealing.cipher import KEY_BYTES, Unreadable

SEGMENT: Final = 65_536
"""Of the plain stream."""
_TAG: Final = 16
_SALT: Final = 32
_FORM: Final = b"\x01"
_HEAD: Final = len(_FORM) + _SALT


async def sealed(key: bytes, place: tuple[str, ...], plain: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The sealed stream: form and salt, then each segment with its tag; an empty stream is one segment."""
    salt = secrets.token_bytes(_SALT)
    cipher = _cipher(key, salt, place)
    yield _FORM + salt
    number = 0
    async for segment, is_last in _segments(plain, SEGMENT):
        yield cipher.encrypt(_nonce(number, is_last=is_last), segment, None)
        number += 1


async def opened(key: bytes, place: tuple[str, ...], stream: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The plain stream, each segment only once it is authentic. Raises Unreadable."""
    head, rest = await _head(stream)
    if head[: len(_FORM)] != _FORM or len(head) < _HEAD:
        raise Unreadable
    cipher = _cipher(key, head[len(_FORM) :], place)
    number = 0
    async for segment, is_last in _segments(rest, SEGMENT + _TAG):
        try:
            yield cipher.decrypt(_nonce(number, is_last=is_last), segment, None)
        except InvalidTag:
            raise Unreadable from None
        number += 1


def _cipher(key: bytes, salt: bytes, place: tuple[str, ...]) -> AESGCM:
    named = _FORM + msgspec.json.encode(place)
    return AESGCM(HKDF(SHA256(), KEY_BYTES, salt, named).derive(key))


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


async def _head(stream: AsyncIterator[bytes]) -> tuple[bytes, AsyncIterator[bytes]]:
    held = b""
    while len(held) < _HEAD and (piece := await anext(stream, None)) is not None:
        held += piece
    return held[:_HEAD], _after(held[_HEAD:], stream)


async def _after(first: bytes, stream: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in stream:
        yield piece


async def _segments(stream: AsyncIterator[bytes], size: int) -> AsyncIterator[tuple[bytes, bool]]:
    """Whole segments and a last one, which may be short or empty."""
    held = bytearray()
    async for piece in stream:
        held += piece
        while len(held) > size:
            yield bytes(held[:size]), False
            del held[:size]
    yield bytes(held), True
