"""Signed links: who may open which file until when. A link proves that it was given; it grants nothing.

It stands in people's address bars and histories, so it is short-lived, and the policy is asked again at the
moment of download.
"""

import base64
import binascii
import hmac
import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from libs.persistence.sealing.vault import Sealer

PAGE: Final = "files/"
LIFETIME: Final = timedelta(minutes=5)
_PURPOSE: Final = "file link"
_SHAPE: Final = re.compile(
    r"([a-z_]{1,20})-([0-9a-f]{32})-([0-9a-f]{32})-([0-9a-f]{32})-([0-9a-f]{8})-([A-Za-z0-9_-]{43})"
)


@dataclass(frozen=True, slots=True)
class FileLink:
    """`prefix` is that of the row's global id; the person opens it for the organisation."""

    prefix: str
    row: uuid.UUID
    person: uuid.UUID
    organisation: uuid.UUID
    expires: datetime

    @classmethod
    def lasting(
        cls, prefix: str, row: uuid.UUID, person: uuid.UUID, organisation: uuid.UUID, now: datetime
    ) -> "FileLink":
        expires = (now + LIFETIME).replace(microsecond=0)
        return cls(prefix, row, person, organisation, expires)

    def signed(self, sealer: Sealer) -> str:
        """Its text in the URL, under the tenant's own key."""
        return f"{self._text()}-{base64.urlsafe_b64encode(self._mark(sealer)).rstrip(b'=').decode()}"

    def has_ended(self, now: datetime) -> bool:
        return self.expires <= now

    def is_marked(self, sealer: Sealer, mark: bytes) -> bool:
        return hmac.compare_digest(self._mark(sealer), mark)

    def _mark(self, sealer: Sealer) -> bytes:
        return sealer.mark(_PURPOSE, self._text())

    def _text(self) -> str:
        ids = "-".join(each.hex for each in (self.row, self.person, self.organisation))
        return f"{self.prefix}-{ids}-{int(self.expires.timestamp()):08x}"


def read_link(text: str) -> tuple[FileLink, bytes] | None:
    """The link and the mark under it, not yet compared; None for what is no link."""
    found = _SHAPE.fullmatch(text)
    if found is None:
        return None
    row, person, organisation = (uuid.UUID(found[number]) for number in (2, 3, 4))
    expires = datetime.fromtimestamp(int(found[5], 16), UTC)
    try:
        mark = base64.urlsafe_b64decode(found[6] + "=")
    except binascii.Error:
        return None
    return FileLink(found[1], row, person, organisation, expires), mark
