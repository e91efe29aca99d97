"""From headers, path and host to who asks: bounded, plain, and nothing verified yet."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from libs.serving import negotiation
from libs.serving.asgi import Scope
from libs.serving.problems import BadRequest
from libs.serving.service import Caller

Headers = Mapping[bytes, bytes]
_TENANT: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_PLAIN: Final = re.compile(rb"[\x20-\x7e]*")
# Two of one of these would let a proxy and this server each believe another one.
_SINGLE: Final = (
    b"authorization",
    b"content-type",
    b"content-encoding",
    b"host",
    b"idempotency-key",
    b"tsunagari-acting-for",
)
_LENGTHS: Final = {b"authorization": 8_192, b"tsunagari-acting-for": 256, b"idempotency-key": 255}


@dataclass(frozen=True, slots=True)
class TenantNames:
    """Where anonymous callers name their tenant: `/t/{tenant}/graphql`, else `{tenant}.{domain}`."""

    domain: str | None = None

    def of(self, scope: Scope, headers: Headers) -> str | None:
        """The name in path or host, None without one. Raises `BadRequest` for an impossible one."""
        named: str | None = scope.get("path_params", {}).get("tenant")
        if named is not None:
            return _checked(named)
        return self._by_host(headers.get(b"host", b"")) if self.domain else None

    def _by_host(self, host: bytes) -> str | None:
        name = host.decode("latin-1").lower().partition(":")[0].removesuffix(".")
        label = name.removesuffix(f".{self.domain}")
        return _checked(label) if label != name else None


def single_headers(scope: Scope) -> dict[bytes, bytes]:
    """The headers by name. Raises `BadRequest` where one that must be single comes twice."""
    raw: list[tuple[bytes, bytes]] = scope["headers"]
    headers = dict(raw)
    if len(headers) != len(raw):
        names = [name for name, _ in raw]
        if any(names.count(name) > 1 for name in _SINGLE):
            raise BadRequest(
                "同じヘッダーが二度送られています。", "A header that must be single was sent twice."
            )
    return headers


def caller(headers: Headers, tenant_hint: str | None, request_id: str) -> Caller:
    """Raises `BadRequest` for a header that is too long or not plain ASCII."""
    return Caller(
        authorization=_plain(headers, b"authorization"),
        acting_for=_plain(headers, b"tsunagari-acting-for"),
        tenant_hint=tenant_hint,
        idempotency_key=_plain(headers, b"idempotency-key"),
        request_id=request_id,
        language=negotiation.language(headers.get(b"accept-language")),
    )


def caller_of_payload(who: Caller, payload: Mapping[str, Any]) -> Caller:
    """The caller with what connection_init says over what the headers said. Raises `BadRequest`."""
    named = {
        b"authorization": payload.get("authorization"),
        b"tsunagari-acting-for": payload.get("actingFor"),
    }
    headers: dict[bytes, bytes] = {}
    for name, value in named.items():
        if value is not None:
            headers[name] = _bytes(value)
    return replace(
        who,
        authorization=_plain(headers, b"authorization") or who.authorization,
        acting_for=_plain(headers, b"tsunagari-acting-for") or who.acting_for,
    )


def _bytes(value: object) -> bytes:
    if not isinstance(value, str):
        raise BadRequest("文字列を送ってください。", "This must be a string.")
    return value.encode()


def _plain(headers: Headers, name: bytes) -> str | None:
    value = headers.get(name)
    if value is None:
        return None
    if len(value) > _LENGTHS[name] or not _PLAIN.fullmatch(value):
        shown = name.decode()
        raise BadRequest(
            f"ヘッダー{shown}が長すぎるか、使えない文字を含みます。",
            f"The header {shown} is too long or holds characters other than plain ASCII.",
            field=shown,
        )
    return value.decode("ascii")


def _checked(name: str) -> str:
    if not _TENANT.fullmatch(name):
        raise BadRequest(
            "プラットフォームの名前が正しくありません。",
            "This cannot be the name of a platform.",
            field="tenant",
        )
    return name
