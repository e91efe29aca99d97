"""The public notice (公示) as a text, made of the register as it stands on the reader's day.

施行規則1条 (令和6年内閣府令) asks for four things: that the council was set up, its name, its coordinating
agency where there is one, and who composes it. The names stand here by law, whether or not the organisation
made its own card public.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by

from libs.policy.predicates import Asker
from libs.reading.declare import Row
from libs.tenancy.models import organisation
from services.platform.councils.models import council_member, listed_today

Text = sa.ColumnElement[str]

HEAD = (
    "孤独・孤立対策推進法(令和5年法律第45号)第15条第1項の規定により孤独・孤立対策地域協議会を設置したので、"
    "同条第2項の規定により、次のとおり公示する。\n"
)


def public_notice(row: Row, asker: Asker) -> Text:
    agency = sa.func.coalesce(_agency(row, asker), sa.literal("(指定なし)"))
    members = sa.func.coalesce(_members(row, asker), sa.literal("(なし)"))
    return sa.func.concat(
        sa.literal(f"{HEAD}一 設置した旨: "),
        sa.func.to_char(row.c.established_on, sa.literal('YYYY"年"FMMM"月"FMDD"日"')),
        sa.literal("に設置\n二 名称: "),
        row.c.name,
        sa.literal("\n三 孤独・孤立対策調整機関: "),
        agency,
        sa.literal("\n四 構成する関係機関等: "),
        members,
    )


def _agency(row: Row, asker: Asker) -> Any:  # noqa: ANN401 - a scalar sub-select
    """Only while it is one of the members."""
    named: sa.Select[Any] = _listed(row, asker, organisation.c.name).where(
        organisation.c.id == row.c.coordinating_agency_id
    )
    return named.limit(sa.literal_column("1")).scalar_subquery()


def _members(row: Row, asker: Asker) -> Any:  # noqa: ANN401 - likewise
    names = sa.func.string_agg(
        organisation.c.name, aggregate_order_by(sa.literal("、"), organisation.c.sort_key, organisation.c.id)
    )
    return _listed(row, asker, names).scalar_subquery()


def _listed(row: Row, asker: Asker, what: "sa.ColumnElement[Any]") -> "sa.Select[Any]":
    return (
        sa.select(what)
        .select_from(
            sa.join(
                council_member,
                organisation,
                sa.and_(
                    organisation.c.tenant_id == asker.tenant,
                    organisation.c.id == council_member.c.organisation_id,
                ),
            )
        )
        .where(
            council_member.c.tenant_id == asker.tenant,
            council_member.c.council_id == row.c.id,
            listed_today(council_member, asker),
        )
    )
