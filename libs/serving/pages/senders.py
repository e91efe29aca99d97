"""How often one address sends within a window: counted in memory under a hash that nobody can undo later.

The salt is drawn anew with each window and kept nowhere: no count says of an earlier one whose it was.
A count is of this process: several replicas allow several times as much.
"""

import hmac
import ipaddress
import math
import re
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from libs.serving.pages.requests import PageRequest
from libs.serving.problems import RateLimited

PEER: Final = "peer"
SOURCE: Final = re.compile(r"[a-z0-9-]{1,64}")
WINDOW: Final = timedelta(minutes=10)
REMEMBERED: Final = 20_000
_IPV6_HOME: Final = 64
"""What one household or telephone is given of IPv6: its prefix counts, not each of its addresses."""


class Senders:
    """`source` says whose word is taken: `peer`, the connection's own end; else the name of a header that the
    proxy in front sets itself. Without one nobody is counted: behind a proxy all would be one.
    """

    def __init__(self, source: str | None, most: int, now: Callable[[], datetime]) -> None:
        self._source = source
        self._most = most
        self._now = now
        self._until: datetime | None = None
        self._salt = b""
        self._counts: dict[bytes, int] = {}

    def admit(self, request: PageRequest) -> None:
        """Counts one more of its sender. Raises RateLimited, which says when the window is over."""
        address = self._address(request)
        if address is None:
            return
        left = self._window()
        key = hmac.digest(self._salt, f"{request.tenant} {address}".encode(), "sha256")
        count = self._counts.get(key, 0)
        if count >= self._most:
            raise RateLimited(max(1, math.ceil(left.total_seconds())))
        if count or len(self._counts) < REMEMBERED:
            self._counts[key] = count + 1

    def _window(self) -> timedelta:
        """What is left of it; a new one forgets all that was counted."""
        now = self._now()
        if self._until is None or now >= self._until:
            self._until, self._salt, self._counts = now + WINDOW, secrets.token_bytes(32), {}
        return self._until - now

    def _address(self, request: PageRequest) -> str | None:
        said = request.peer if self._source == PEER else self._header(request)
        try:
            address = ipaddress.ip_address((said or "").strip())
        except ValueError:
            return None
        if isinstance(address, ipaddress.IPv6Address):
            return str(ipaddress.ip_network((address, _IPV6_HOME), strict=False))
        return str(address)

    def _header(self, request: PageRequest) -> str | None:
        """The last that was added: what stands before it came from outside."""
        wanted = (self._source or "").encode()
        found = [value for name, value in request.headers if name.lower() == wanted]
        return found[-1].decode("latin-1").rpartition(",")[2] if found else None
