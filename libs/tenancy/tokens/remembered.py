"""Tokens whose signature was checked already, by their hash."""

from collections import OrderedDict

from libs.tenancy.tokens.claims import Acceptance


class RememberedTokens:
    """Least recently used go first. Holds SHA-256 digests of whole tokens, never a token.

    This remembers a signature only. Whether the person is still a member is asked of the database each time.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._accepted: OrderedDict[bytes, Acceptance] = OrderedDict()

    def __len__(self) -> int:
        return len(self._accepted)

    def get(self, digest: bytes) -> Acceptance | None:
        """What was accepted under this digest; its time and its issuer's keys are the caller's to check."""
        accepted = self._accepted.get(digest)
        if accepted is not None:
            self._accepted.move_to_end(digest)
        return accepted

    def remember(self, digest: bytes, accepted: Acceptance) -> None:
        """Keep it, at the cost of the least recently used one where the limit is reached."""
        self._accepted[digest] = accepted
        self._accepted.move_to_end(digest)
        while len(self._accepted) > self._limit:
            self._accepted.popitem(last=False)

    def forget_issuer(self, issuer: str) -> None:
        """Drop all tokens of an issuer: its keys changed, so each must prove itself again."""
        of_issuer = [digest for digest, it in self._accepted.items() if it.identity.issuer == issuer]
        for digest in of_issuer:
            del self._accepted[digest]
