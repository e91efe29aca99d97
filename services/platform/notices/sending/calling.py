"""Calls of webhooks, signed as Standard Webhooks asks (standardwebhooks.com): kind, object and time."""

import asyncio
import base64
import hashlib
import hmac
import secrets
import ssl
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

import httpx
import msgspec

from services.platform.notices.sending.addresses import resolved
from services.platform.notices.sending.outcome import NotSent

SECONDS: Final = 15
MOST_BYTES: Final = 4_096
"""Of an answer: its status is all that counts."""
SECRET_BYTES: Final = 32
_PREFIX: Final = "whsec_"
_GONE: Final = 410


@dataclass(frozen=True, slots=True)
class Call:
    """One message to one receiver; `secrets` are the new one and, for a time, the one before it."""

    url: str
    secrets: Sequence[str] = field(repr=False)
    delivery: uuid.UUID
    kind: str
    about: str
    happened_at: datetime


def new_secret() -> str:
    return _PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def body(call: Call) -> bytes:
    return msgspec.json.encode(
        {"type": call.kind, "timestamp": call.happened_at.isoformat(), "data": {"id": call.about}}
    )


def signature(secret: str, identity: uuid.UUID, at: int, content: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(_PREFIX))
    signed = hmac.new(key, f"{identity}.{at}.".encode() + content, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(signed).decode()}"


async def call(said: Call, at: datetime, trust: ssl.SSLContext, *, private: bool) -> None:
    """Raises NotSent. Redirects are not followed: the receiver says its own address."""
    try:
        async with asyncio.timeout(SECONDS):
            status = await _posted(said, int(at.timestamp()), trust, private=private)
    except TimeoutError:
        raise NotSent("timeout") from None
    except (httpx.HTTPError, httpx.InvalidURL, OSError):
        raise NotSent("connection") from None
    if status == _GONE:
        raise NotSent("gone", final=True)
    if not httpx.codes.is_success(status):
        raise NotSent(f"http_{status}")


async def _posted(said: Call, at: int, trust: ssl.SSLContext, *, private: bool) -> int:
    """Connects to the address that was looked at, whatever the name resolves to a moment later."""
    parts = urlsplit(said.url)
    host, port = parts.hostname or "", parts.port or 443
    address = await resolved(host, port, private=private)
    content = body(said)
    headers = {
        "Host": parts.netloc,
        "Content-Type": "application/json",
        "User-Agent": "Tsunagari-Webhooks/1",
        "webhook-id": str(said.delivery),
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(signature(each, said.delivery, at, content) for each in said.secrets),
    }
    literal = f"[{address}]" if ":" in address else address
    target = f"{parts.scheme}://{literal}:{port}{parts.path or '/'}" + (
        f"?{parts.query}" if parts.query else ""
    )
    async with (
        httpx.AsyncClient(verify=trust, trust_env=False, follow_redirects=False, timeout=SECONDS) as client,
        client.stream(
            "POST", target, content=content, headers=headers, extensions={"sni_hostname": host}
        ) as answer,
    ):
        read = 0
        async for part in answer.aiter_raw():
            read += len(part)
            if read > MOST_BYTES:
                break
        return answer.status_code
