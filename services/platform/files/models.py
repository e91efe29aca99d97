"""What was sent and not yet taken by a room, and the columns of whatever keeps a file."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import sqlalchemy as sa

from libs.persistence.sealing.vault import Place
from libs.persistence.tables import one_of, references, tenant_table
from libs.tenancy.models import TIME

MOST_BYTES: Final = 20 * 1024 * 1024
MOST_WAITING: Final = 20
"""Files of one person that no room has taken yet."""


def content_columns() -> tuple[sa.Column[Any], ...]:
    """Of each table whose rows are files: where the content lies, and what is known of it."""
    return (
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
    )


Purpose = Literal["file", "photo"]
PURPOSES: Final = ("file", "photo")
"""A photo was made anew from what was sent: no other upload may become one."""

# its id is the id of the object that it stands for
upload = tenant_table(
    "upload",
    sa.Column("person_id", sa.Uuid(), nullable=False),
    # for whom it was sent: whose share of the platform's room it takes up
    sa.Column("organisation_id", sa.Uuid()),
    sa.Column("purpose", sa.Text(), nullable=False, server_default="file"),
    sa.Column("name", sa.Text(), nullable=False),
    sa.Column("media_type", sa.Text(), nullable=False),
    sa.Column("size", sa.BigInteger(), nullable=False),
    sa.Column("sha256", sa.Text(), nullable=False),
    sa.Column("created_at", TIME, nullable=False),
    sa.Column("arrived_at", TIME),
    sa.Index("upload_tenant_id_person_id_idx", "tenant_id", "person_id"),
    one_of("purpose", PURPOSES),
    references("person", "person_id"),
    references("organisation", "organisation_id"),
)


@dataclass(frozen=True, slots=True)
class Content:
    """What a room keeps of a file that it took. `sha256` (hex) and `size` (bytes) are the plain content's."""

    object_id: uuid.UUID
    name: str
    media_type: str
    size: int
    sha256: str

    def columns(self) -> dict[str, object]:
        return {each: getattr(self, each) for each in self.__slots__}


def place_of(object_id: uuid.UUID) -> Place:
    """Where the content is sealed for: at no other id does it open."""
    return Place("object", "content", object_id)


def content_of(row: Mapping[str, Any]) -> Content | None:
    """Of a row with `content_columns`."""
    return Content(*(row[name] for name in Content.__slots__))


@dataclass(frozen=True, slots=True)
class Kept:
    """A kind of row that is or has a file: found by the policy of its object, opened by a link.

    `size` is the content's, `owner` the organisation whose share it takes up. Where `field` is named, who
    does not see that field of the row opens nothing.
    """

    object: str
    table: sa.Table
    size: sa.Column[Any]
    owner: sa.Column[Any] | None
    field: str | None = None
    content: Callable[[Mapping[str, Any]], Content | None] = content_of


KEPT: Final[dict[str, Kept]] = {}
"""By the prefix of the global ids. A room that keeps files puts its own here, at import."""
