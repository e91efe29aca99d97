"""What every page says to the browser, and whose forms are taken."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from libs.serving.problems import ForeignForm
from libs.serving.responses import Header

HEADERS: Final[tuple[Header, ...]] = (
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (b"referrer-policy", b"no-referrer"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-robots-tag", b"noindex, noarchive"),
)


def refuse_foreign(headers: Mapping[bytes, bytes]) -> None:
    """Raises ForeignForm for a form that another site's page sent.

    Sec-Fetch-Site decides where the browser sends it. Older ones send Origin, and "null" from a page of ours
    (it says no-referrer): those pass. No page knows its reader by a cookie, so a foreign form gains nothing
    but the visitor's address.
    """
    site = headers.get(b"sec-fetch-site")
    if site is not None:
        if site != b"same-origin":
            raise ForeignForm
        return
    origin = headers.get(b"origin", b"null")
    if origin != b"null" and not _is_here(origin, headers.get(b"host", b"")):
        raise ForeignForm


def _is_here(origin: bytes, host: bytes) -> bool:
    try:
        return urlsplit(origin.decode("latin-1")).netloc.lower() == host.decode("latin-1").lower()
    except ValueError:
        return False
