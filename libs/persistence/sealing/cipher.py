"""AES-256-GCM (NIST SP 800-38D) with a random nonce and associated data that names the place of the text."""

import secrets
from typing import Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_FORM: Final = b"\x01"
"""The first byte of every ciphertext, so that another form can stand beside this one later."""


class Unreadable(Exception):
    """A ciphertext that this key and place did not make: altered, moved, or sealed under another key."""


def new_key() -> bytes:
    return secrets.token_bytes(KEY_BYTES)


def encrypt(key: bytes, content: bytes, place: tuple[str, ...]) -> bytes:
    """`place` is authenticated and not stored: only who names it again can open the content."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return _FORM + nonce + AESGCM(key).encrypt(nonce, content, _associated(place))


def decrypt(key: bytes, ciphertext: bytes, place: tuple[str, ...]) -> bytes:
    """Raises Unreadable."""
    form, nonce, sealed = ciphertext[:1], ciphertext[1 : 1 + _NONCE_BYTES], ciphertext[1 + _NONCE_BYTES :]
    if form != _FORM or len(nonce) < _NONCE_BYTES:
        raise Unreadable
    try:
        return AESGCM(key).decrypt(nonce, sealed, _associated(place))
    except InvalidTag:
        raise Unreadable from None


def _associated(place: tuple[str, ...]) -> bytes:
    """As a JSON list: no two places have the same bytes."""
    return _FORM + msgspec.json.encode(place)
