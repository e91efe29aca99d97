"""A link by which one organisation answers one referral once, and what of it is a secret.

Nothing here is a secret itself: what opens a link is kept as its hash, a code as a keyed hash of which the
link's own secret is the key: whoever reads this table can neither use a link nor try out its codes.
"""

import base64
import hashlib
import hmac
import re
import secrets
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

import sqlalchemy as sa

from libs.persistence.tables import one_of, references, tenant_table
from libs.tenancy.models import TIME

ENDS: Final = ("answered", "tries", "revoked", "replaced")
"""Why a link ended before its time: it was used, its codes ran out, the sender ended it or sent another."""
CODE_WAYS: Final = ("mail", "telephone")
"""How a code reaches who answers: mailed when asked for, or told by the sender, who saw it once."""
CODES: Final = 3
TRIES: Final = 5
CODE_LIFE: Final = timedelta(minutes=15)
PAGE_LIFE: Final = timedelta(minutes=30)
CODE_DIGITS: Final = 6
_SECRET_BYTES: Final = 32
_ID_BYTES: Final = 16
_TEXT: Final = re.compile(r"[A-Za-z0-9_-]{64}")

answer_link = tenant_table(
    "answer_link",
    sa.Column("referral_id", sa.Uuid(), nullable=False),
    # whose address it was sent to, and for whom its holder answers
    sa.Column("organisation_id", sa.Uuid(), nullable=False),
    # null where the platform sent it by itself
    sa.Column("made_by_id", sa.Uuid()),
    sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
    sa.Column("created_at", TIME, nullable=False),
    sa.Column("expires_at", TIME, nullable=False),
    sa.Column("code_by", sa.Text(), nullable=False),
    # the second factor: how many codes were made, how many wrong ones came, the newest
    sa.Column("codes", sa.Integer(), nullable=False, server_default="0"),
    sa.Column("tries", sa.Integer(), nullable=False, server_default="0"),
    sa.Column("code_hash", sa.LargeBinary()),
    sa.Column("code_until", TIME),
    # the one page that a right code opened; a later one takes its place
    sa.Column("page_hash", sa.LargeBinary()),
    sa.Column("page_until", TIME),
    sa.Column("ended_at", TIME),
    sa.Column("end_code", sa.Text()),
    one_of("code_by", CODE_WAYS),
    one_of("end_code", ENDS),
    sa.Index(
        "answer_link_tenant_id_referral_id_live_key",
        "tenant_id",
        "referral_id",
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    ),
    sa.Index("answer_link_tenant_id_referral_id_id_idx", "tenant_id", "referral_id", "id"),
    references("referral", "referral_id"),
    references("organisation", "organisation_id"),
    references("person", "made_by_id"),
)


@dataclass(frozen=True, slots=True)
class Key:
    """What a link's address holds: which link, and the secret that proves it."""

    link_id: uuid.UUID
    secret: bytes = field(repr=False)

    @classmethod
    def new(cls, link_id: uuid.UUID) -> "Key":
        return cls(link_id, secrets.token_bytes(_SECRET_BYTES))

    @classmethod
    def parse(cls, text: str) -> "Key | None":
        """None for what no link's address can hold."""
        if not _TEXT.fullmatch(text):
            return None
        held = base64.urlsafe_b64decode(text)
        return cls(uuid.UUID(bytes=held[:_ID_BYTES]), held[_ID_BYTES:])

    @property
    def text(self) -> str:
        """For the path of an address: 64 characters, none of which needs escaping."""
        return base64.urlsafe_b64encode(self.link_id.bytes + self.secret).decode()

    def hash(self, tenant_id: uuid.UUID) -> bytes:
        """The secret's hash, bound to its platform and its link."""
        return hashlib.sha256(tenant_id.bytes + self.link_id.bytes + self.secret).digest()

    def code_hash(self, code: str) -> bytes:
        return hmac.digest(self.secret, code.encode(), "sha256")


def new_code() -> str:
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"


def new_page() -> str:
    """What the opened page sends back with the answer."""
    return secrets.token_urlsafe(_SECRET_BYTES)


def page_hash(page: str) -> bytes:
    return hashlib.sha256(page.encode("utf-8", "surrogatepass")).digest()


def matches(kept: bytes | None, given: bytes) -> bool:
    """Compared in constant time; nothing kept matches nothing."""
    return kept is not None and hmac.compare_digest(kept, given)
