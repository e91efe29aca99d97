"""A key service's master key, which never leaves it: the HTTP interface of Vault's transit engine.

https://developer.hashicorp.com/vault/api-docs/secret/transit (OpenBao speaks it too). A key is asked for at
each use: whoever takes the service's permission away closes everything at once.
"""

import base64
import binascii
import ssl
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
import msgspec

from libs.errors.problems import InvalidInput
from libs.persistence.sealing.cipher import Unreadable
from libs.persistence.sealing.master_key import Where

SECONDS: Final = 5.0
_KEYS: Final = "/keys/"
_MARK: Final = b"vault:"
"""How the service's ciphertexts begin: what begins otherwise was never its own."""
_OK: Final = 200
_REFUSED: Final = 400
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


class KeyServiceAway(ConnectionError):
    """The key service does not answer, or refuses us: come again. Says a status, never a body."""


class TransitMasterKey:
    """`address` is the key's own, `https://vault.example.jp/v1/transit/keys/tsunagari`.

    The token is read from its file at each use, so that an agent can renew it; `authority` is the file of the
    certificates that vouch for the service, where those of the machine do not. Raises InvalidInput for an
    address that is none or would send keys unencrypted over a network.
    """

    def __init__(
        self,
        address: str,
        token_file: Path,
        authority: Path | None = None,
    ) -> None:
        _check(address)
        self._address = address
        self._token_file = token_file
        # no proxy of the environment, no redirect: keys go to this address alone
        self._client = httpx.Client(
            timeout=SECONDS, trust_env=False, follow_redirects=False, verify=_trust(authority)
        )

    def wrap(self, key: bytes, place: Where) -> bytes:
        answer = self._ask("encrypt", {"plaintext": _base64(key)}, place)
        wrapped = answer.get("ciphertext", "").encode()
        if not wrapped.startswith(_MARK):
            raise KeyServiceAway("no ciphertext in the answer")
        return wrapped

    def unwrap(self, wrapped: bytes, place: Where) -> bytes:
        if not wrapped.startswith(_MARK):
            raise Unreadable
        try:
            text = wrapped.decode("ascii")
            answer = self._ask("decrypt", {"ciphertext": text}, place)
            return base64.b64decode(answer.get("plaintext", ""), validate=True)
        except (UnicodeDecodeError, binascii.Error):
            raise Unreadable from None

    def _ask(self, verb: str, given: dict[str, str], place: Where) -> dict[str, str]:
        try:
            response = self._client.post(
                self._address.replace(_KEYS, f"/{verb}/"),
                json={**given, "associated_data": _base64(msgspec.json.encode(place))},
                headers={"X-Vault-Token": self._token_file.read_text(encoding="ascii").strip()},
            )
        except httpx.HTTPError as error:
            # its text may hold the address with what was sent
            raise KeyServiceAway(type(error).__name__) from None
        if response.status_code == _REFUSED and verb == "decrypt":
            raise Unreadable
        if response.status_code != _OK:
            raise KeyServiceAway(str(response.status_code))
        return _data(response.content)


def _trust(authority: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=authority)
    except OSError:  # ssl.SSLError is one
        raise InvalidInput(
            "master_key_authority_file",
            "鍵サービスの認証局の証明書(PEM)のファイルを指定してください。",
            "Name a file with the certificates (PEM) of the key service's authority.",
        ) from None


def _data(body: bytes) -> dict[str, str]:
    try:
        return msgspec.json.decode(body, type=dict[str, Any])["data"]
    except (msgspec.MsgspecError, KeyError):
        raise KeyServiceAway("an answer of another form") from None


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _check(address: str) -> None:
    parts = urlsplit(address)
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    if not safe or address.count(_KEYS) != 1 or parts.username or parts.query:
        example = "https://vault.example.jp/v1/transit/keys/tsunagari"
        raise InvalidInput(
            "master_key_url",
            f"鍵サービスの鍵のURLを {example} の形で指定してください。",
            f"Name the key of the key service like {example}",
        )
