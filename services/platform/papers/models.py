"""Papers of an organisation's application. A profile's photo has no row of its own: it is the person's."""

from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa

from libs.persistence.tables import one_of, references, tenant_table
from libs.policy.predicates import Asker
from libs.tenancy.models import TIME, person, version
from services.platform.files.models import KEPT, Content, Kept, content_columns
from services.platform.relations import RELATIONS

PAPER_KINDS: Final = (
    "articles",
    "officers",
    "members",
    "plan",
    "report",
    "accounts",
    "registration",
    "other",
)
PHOTO: Final = "photo"
"""The prefix of a photo's global id, whose other part is the person's."""
PHOTO_NAME: Final = "photo.jpg"
PHOTO_TYPE: Final = "image/jpeg"

application_paper = tenant_table(
    "application_paper",
    sa.Column("organisation_id", sa.Uuid(), nullable=False),
    sa.Column("kind", sa.Text(), nullable=False),
    sa.Column("title", sa.Text(), nullable=False),
    *content_columns(),
    sa.Column("created_at", TIME, nullable=False),
    version(),
    one_of("kind", PAPER_KINDS),
    sa.Index("application_paper_tenant_id_organisation_id_id_idx", "tenant_id", "organisation_id", "id"),
    references("organisation", "organisation_id"),
)


def photo_id(row: Any, _: Asker) -> "sa.ColumnElement[Any]":  # noqa: ANN401 - a table, an alias or a block's row
    """The global id by which the photo is opened; null where there is none."""
    return sa.case(
        (row.c.photo_object_id.is_not(None), sa.literal(f"{PHOTO}_") + sa.cast(row.c.id, sa.Text()))
    )


def _photo(row: Mapping[str, Any]) -> Content | None:
    if row["photo_object_id"] is None:
        return None
    return Content(row["photo_object_id"], PHOTO_NAME, PHOTO_TYPE, row["photo_size"], row["photo_sha256"])


def _own(row: sa.FromClause, asker: Asker) -> "sa.ColumnElement[bool]":
    return row.c.organisation_id == asker.organisation


KEPT["paper"] = Kept(
    "paper", application_paper, application_paper.c.size, application_paper.c.organisation_id
)
# small, and nobody's share: a person may act for several organisations
KEPT[PHOTO] = Kept("person", person, person.c.photo_size, None, field=PHOTO, content=_photo)
RELATIONS.register("paper", "own", _own)
