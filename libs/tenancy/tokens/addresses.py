"""Which addresses an issuer may have and its keys may come from."""

from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit


def is_permitted(url: str) -> bool:
    """An absolute address of https, or of http on this very machine, without credentials and fragment."""
    parts = _split(url)
    return parts is not None and (parts.scheme == "https" or is_loopback(url))


def is_permitted_for(url: str, issuer: str) -> bool:
    """Whether `url` may serve keys for `issuer`: an https issuer cannot be led down to http."""
    return is_permitted(url) and (not is_loopback(url) or is_loopback(issuer))


def is_loopback(url: str) -> bool:
    """Whether this is plain http to a loopback host (tests, a provider beside us)."""
    parts = _split(url)
    return parts is not None and parts.scheme == "http" and _is_loopback_host(parts.hostname or "")


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises where the port is no number
    except ValueError:
        return None
    plain = url.isascii() and url.isprintable() and " " not in url
    return parts if plain and parts.hostname and "@" not in parts.netloc and not parts.fragment else None


def _is_loopback_host(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
