"""What can be done for the rights of the person, and in which state: of a case, and of an erasure."""

from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa

from libs.errors.problems import AlreadyExists, Problem, WrongState
from libs.policy.predicates import Asker
from libs.policy.steps import Guard, Step
from libs.reading.declare import Row
from services.platform.referrals.guards import NOT_ERASED
from services.platform.relations import RELATIONS
from services.platform.rights.models import codes, erasure


def _decided(row: Mapping[str, Any]) -> Problem:
    return WrongState(
        row["state"],
        "この消去の申請は、すでに処理されています。",
        "This request for an erasure was decided on already.",
    )


def _asked_already(_: object = None) -> Problem:
    return AlreadyExists(
        "このケースの消去は、すでに申請されています。",
        "The erasure of this case has been asked for already.",
    )


def _none_under_way(row: Row, asker: Asker) -> "sa.ColumnElement[bool]":
    return sa.not_(
        sa.exists(
            sa.select(erasure.c.id).where(
                erasure.c.tenant_id == asker.tenant,
                erasure.c.case_id == row.c.id,
                erasure.c.state != sa.literal(codes.TAKEN_BACK),
            )
        )
    )


ASKED: Final = Guard(lambda row, _: row.c.state == sa.literal(codes.ASKED), _decided)

RELATIONS.steps.register(
    Step("case", "export_person", (NOT_ERASED,)),
    Step("case", "correct_case", (NOT_ERASED,), policy="keep_case"),
    Step("case", "erase_case", (NOT_ERASED, Guard(_none_under_way, _asked_already, beyond=True))),
    # who saw what stays to be known of an erased case too
    Step("case", "export_access_log"),
    Step("referral", "export_access_log"),
    Step("erasure", "confirm_erasure", (ASKED,)),
    Step("erasure", "take_back_erasure", (ASKED,)),
    Step("tenant", "breach_worksheet"),
)
