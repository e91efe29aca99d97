"""A platform's conditions with who agreed to them when, and its classes of members."""

from typing import Any, Final

import sqlalchemy as sa

from libs.persistence.tables import references, references_tenant, tenant_table
from libs.policy.predicates import Asker
from libs.tenancy.models import TIME
from services.platform.relations import RELATIONS

MOST_CONDITIONS: Final = 30
MOST_CLASSES: Final = 20

Bool = sa.ColumnElement[bool]
Row = sa.FromClause

# a text is never changed: another wording is another row, so what was agreed to can still be read
membership_condition = tenant_table(
    "membership_condition",
    # its place in the list
    sa.Column("number", sa.Integer(), nullable=False),
    sa.Column("text", sa.Text(), nullable=False),
    sa.Column("since", TIME, nullable=False),
    # from then on nobody is asked to agree any more
    sa.Column("until", TIME),
    sa.Index(
        "membership_condition_tenant_id_number_current_idx",
        "tenant_id",
        "number",
        postgresql_where=sa.text("until IS NULL"),
    ),
    references_tenant(),
)

# append-only
condition_agreement = tenant_table(
    "condition_agreement",
    sa.Column("organisation_id", sa.Uuid(), nullable=False),
    sa.Column("condition_id", sa.Uuid(), nullable=False),
    # null: on the organisation's behalf, on paper
    sa.Column("person_id", sa.Uuid()),
    sa.Column("at", TIME, nullable=False),
    sa.UniqueConstraint("tenant_id", "organisation_id", "condition_id", name="condition_agreement_once_key"),
    references("organisation", "organisation_id"),
    references("membership_condition", "condition_id"),
    references("person", "person_id"),
)


def is_current(row: Any, _: Asker) -> Bool:  # noqa: ANN401 - a table, an alias or a block's row
    return row.c.until.is_(None)


def is_given(row: Any, _: Asker) -> Bool:  # noqa: ANN401 - likewise
    return row.c.ended_at.is_(None)


def _everybodys(_: Row, __: Asker) -> Bool:
    """Whoever thinks of joining reads what is asked of them."""
    return sa.true()


def _own(row: Row, asker: Asker) -> Bool:
    return row.c.organisation_id == asker.organisation


RELATIONS.register("membership_condition", "published", _everybodys)
RELATIONS.register("member_class", "published", _everybodys)
RELATIONS.register("condition_agreement", "own", _own)
