"""Where a webhook may lead: to the public internet, and never into the deployment's own network (SSRF)."""

import asyncio
import ipaddress
import socket
from typing import Final

from services.platform.notices.sending.outcome import NotSent

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_GLOBAL_V6: Final = ipaddress.ip_network("2000::/3")
# these hold an IPv4 address, and a gateway would go there
_TRANSLATED: Final = (ipaddress.ip_network("2002::/16"), ipaddress.ip_network("2001::/32"))


async def resolved(host: str, port: int, *, private: bool) -> str:
    """The address to connect to. Raises NotSent where the name has none, or any that is not public.

    `private` admits all: for a deployment whose receivers are in its own network, and for tests.
    """
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotSent("name") from None
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses or not (private or all(is_public(each) for each in addresses)):
        raise NotSent("address")
    return addresses[0]


def is_public(text: str) -> bool:
    """Whether this address belongs to the internet and to nothing nearer."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:  # an IPv6 address with a zone is on this link
        return False
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(str(address.ipv4_mapped))
        if address not in _GLOBAL_V6 or any(address in network for network in _TRANSLATED):
            return False
    return address.is_global and not address.is_multicast
