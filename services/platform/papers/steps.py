"""What can be done to a paper that was handed in, while its organisation applies or is a member."""

from typing import Any, Final

import sqlalchemy as sa

from libs.errors.problems import WrongState
from libs.persistence.statements import among
from libs.policy.predicates import Asker
from libs.policy.steps import Guard, Step
from libs.tenancy.models import organisation
from services.platform.relations import RELATIONS

OPEN: Final = ("applied", "active")


def _of_an_open_one(row: sa.FromClause, asker: Asker) -> "sa.ColumnElement[bool]":
    owner = organisation.alias("of_paper")
    found: sa.Select[Any] = sa.select(owner.c.id).where(
        owner.c.tenant_id == asker.tenant,
        owner.c.id == row.c.organisation_id,
        among(owner.c.status, OPEN),
    )
    return sa.exists(found)


def _decided(_: object) -> WrongState:
    return WrongState(
        "decided",
        "申請中か会員のあいだだけ、書類を差し替えられます。却下・取下げ・退会の後は、期限が来ると自動で消えます。",
        "Papers are changed while the organisation applies or is a member. Afterwards they go by themselves.",
    )


RELATIONS.steps.register(Step("paper", "remove_paper", (Guard(_of_an_open_one, _decided, beyond=True),)))
