"""The demo's own issuer of tokens: one ES256 key in a private file, no password, no sign-in page.

Never for real people: production settings refuse every issuer that begins with EMBEDDED_ISSUER_PREFIX, and
no embedded issuer can be made without it. The name lies under `.invalid` (RFC 2606), so it resolves nowhere,
and does not depend on the port, so that the demo's people keep their accounts. Verifiers know its keys
beforehand: `TrustedIssuer(issuer.issuer, audience, jwks=issuer.key_set())`.
"""

import os
import secrets
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from libs.errors.problems import InvalidInput

EMBEDDED_ISSUER_PREFIX = "https://embedded-issuer.tsunagari.invalid/"
KEY_FILE = "embedded-issuer-key.pem"

_ALGORITHM = "ES256"
_OTHERS = 0o077


class EmbeddedIssuer:
    """Signs RFC 9068 access tokens for whatever subject it is told. Use `load_or_create`."""

    def __init__(self, issuer: str, key: ECKey) -> None:
        if not issuer.startswith(EMBEDDED_ISSUER_PREFIX):
            raise InvalidInput(
                "issuer",
                f"デモ用発行者のissuerは {EMBEDDED_ISSUER_PREFIX} で始めてください。",
                f"Let the embedded issuer's name begin with {EMBEDDED_ISSUER_PREFIX}",
            )
        self.issuer = issuer
        self._key = key

    @classmethod
    def load_or_create(cls, folder: Path, issuer: str) -> Self:
        """The issuer whose key lies in `folder`, made there (mode 0600) at first use.

        Processes that start together end up with the same key. Raises InvalidInput where the key file is
        readable by others or no key.
        """
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / KEY_FILE
        if not path.exists():
            _publish(ECKey.generate_key("P-256").as_pem(private=True), path)
        return cls(issuer, _load(path))

    def sign(self, subject: str, *, audience: str, lifetime: int, now: float | None = None) -> str:
        """A token for `subject`, good for `lifetime` seconds from `now` (unix seconds; None: the present)."""
        issued_at = int(time.time() if now is None else now)
        claims = {
            "iss": self.issuer,
            "sub": subject,
            "aud": audience,
            "client_id": "tsunagari-demo",
            "iat": issued_at,
            "exp": issued_at + lifetime,
            "jti": secrets.token_urlsafe(12),
        }
        return jwt.encode(
            {"alg": _ALGORITHM, "typ": "at+jwt", "kid": self._key.thumbprint()}, claims, self._key
        )

    def key_set(self) -> dict[str, Any]:
        """The public half as a JSON Web Key Set."""
        return {"keys": [self._key.as_dict(kid=self._key.thumbprint(), alg=_ALGORITHM, use="sig")]}

    def discovery(self) -> dict[str, Any]:
        """The metadata of OpenID Connect Discovery, for peers that insist on reading it."""
        return {
            "issuer": self.issuer,
            "jwks_uri": self.issuer.removesuffix("/") + "/jwks.json",
            "id_token_signing_alg_values_supported": [_ALGORITHM],
            "subject_types_supported": ["public"],
        }


def _publish(pem: bytes, path: Path) -> None:
    """Write whole or not at all: readers never see half a key, and of several writers the first one stays."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _load(path: Path) -> ECKey:
    if os.name == "posix" and path.stat().st_mode & _OTHERS:
        raise _unusable(path, "他のユーザーから読める状態です", "can be read by other users")
    try:
        key = ECKey.import_key(path.read_bytes())
    except (JoseError, ValueError):
        raise _unusable(path, "読み取れません", "cannot be read") from None
    if not key.is_private or key.curve_name != "P-256":
        raise _unusable(path, "P-256の秘密鍵ではありません", "is no private P-256 key")
    return key


def _unusable(path: Path, ja: str, en: str) -> InvalidInput:
    return InvalidInput(
        "embedded_issuer",
        f"デモ用発行者の鍵 {path.name} は{ja}。削除して起動し直してください。",
        f"The embedded issuer's key {path.name} {en}. Delete it and start again.",
    )
