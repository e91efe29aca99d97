"""Councils by art. 15 of the Act on loneliness (令和5年法律第45号), and their members with the dates."""

from typing import Any

import sqlalchemy as sa

from libs.persistence.tables import references, references_tenant, tenant_table
from libs.policy.predicates import Asker
from libs.reading.declare import Row
from libs.tenancy.models import TIME, version
from services.platform.relations import RELATIONS

MEMBER_LEFT = "council.member_left"
"""Due work at the first moment without a member; the key is the entry's id."""

Bool = sa.ColumnElement[bool]

council = tenant_table(
    "council",
    sa.Column("name", sa.Text(), nullable=False),
    sa.Column("established_on", sa.Date(), nullable=False),
    # the day of the first public notice: before it nobody is a published member
    sa.Column("announced_on", sa.Date()),
    # the day that the notice itself bears: history, by which nothing is opened
    sa.Column("notice_on", sa.Date()),
    # 調整機関, art. 17(1): at most one, among the members; since the notice that named it
    sa.Column("coordinating_agency_id", sa.Uuid()),
    sa.Column("agency_announced_on", sa.Date()),
    # named, and not announced yet
    sa.Column("named_agency_id", sa.Uuid()),
    sa.Column("created_at", TIME, nullable=False),
    version(),
    references_tenant(),
    references("organisation", "coordinating_agency_id"),
    references("organisation", "named_agency_id"),
)

# never deleted: who has left keeps the duty of confidentiality (art. 18); the entry proves from when to when
council_member = tenant_table(
    "council_member",
    sa.Column("council_id", sa.Uuid(), nullable=False),
    sa.Column("organisation_id", sa.Uuid(), nullable=False),
    # never before the day on which the entry was made
    sa.Column("from_on", sa.Date(), nullable=False),
    # the first day without the membership
    sa.Column("until_on", sa.Date()),
    sa.Column("announced_on", sa.Date()),
    # what the papers say of the time before: history, by which nothing is opened
    sa.Column("joined_on", sa.Date()),
    sa.Column("notice_on", sa.Date()),
    # when those were told who see nothing by it any more
    sa.Column("left_told_at", TIME),
    sa.Column("created_at", TIME, nullable=False),
    version(),
    sa.Index(
        "council_member_tenant_id_council_id_live_key",
        "tenant_id",
        "council_id",
        "organisation_id",
        unique=True,
        postgresql_where=sa.text("until_on IS NULL"),
    ),
    sa.Index("council_member_tenant_id_council_id_id_idx", "tenant_id", "council_id", "id"),
    sa.Index("council_member_tenant_id_organisation_id_idx", "tenant_id", "organisation_id"),
    references("council", "council_id"),
    references("organisation", "organisation_id"),
)


def listed_today(members: Any, asker: Asker) -> Bool:  # noqa: ANN401 - the table or an alias of it
    """On the published list of members on the asker's day."""
    return sa.and_(
        members.c.tenant_id == asker.tenant,
        members.c.announced_on <= asker.today,
        members.c.from_on <= asker.today,
        sa.or_(members.c.until_on.is_(None), members.c.until_on > asker.today),
    )


def not_ended(members: Any, asker: Asker) -> Bool:  # noqa: ANN401 - likewise
    """A member on the asker's day or to come, whether announced or not."""
    return sa.and_(
        members.c.tenant_id == asker.tenant,
        sa.or_(members.c.until_on.is_(None), members.c.until_on > asker.today),
    )


def _announced(row: Row, asker: Asker) -> Bool:
    return row.c.announced_on <= asker.today


RELATIONS.register("council", "published", _announced)
# the public reads who composes the council; who has left is the register's own
RELATIONS.register("council_member", "published", listed_today)
