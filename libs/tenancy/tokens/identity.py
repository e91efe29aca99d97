"""Who signed in, as a verified token says it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Identity:
    """A subject of an issuer. Subjects of different issuers are different people (OpenID Connect Core, 5.7).

    `expires_at` is in unix seconds: whatever rests on this identity (a socket, a cache) ends then.
    """

    issuer: str
    subject: str
    expires_at: int
