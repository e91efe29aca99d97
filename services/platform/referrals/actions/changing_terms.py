"""The platform's terms for referrals: how long a state may last, which days do not count, who is asked."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from libs.errors.problems import InvalidInput
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from libs.tenancy.models import REFERRAL_TERMS, platform_settings
from services.platform.referrals.actions.inputs import camel

CLOSED_DAYS: Final = 366
LIMITS: Final[Mapping[str, tuple[int, int]]] = {
    "draft_days": (2, 180),
    "draft_urgent_days": (2, 90),
    "draft_erase_days": (30, 90),
    "basis_days": (1, 60),
    "basis_urgent_working_days": (1, 20),
    "post_days": (1, 90),
    "post_urgent_working_days": (1, 20),
    "answer_urgent_working_days": (1, 10),
    "question_working_days": (0, 5),
    "contact_working_days": (1, 40),
    "contact_urgent_working_days": (1, 10),
    "progress_days": (7, 180),
    "progress_urgent_days": (1, 60),
    "progress_grace_days": (0, 60),
    "review_days": (1, 60),
    "review_urgent_days": (1, 60),
    "review_notice_days": (0, 30),
    "confirm_urgent_days": (1, 90),
    "consent_notice_days": (1, 90),
    "sitting_access_days": (0, 30),
}
"""Bounds that no platform may leave: a person is never parked for longer than that."""


@dataclass(frozen=True, slots=True)
class NewTerms:
    """None: as it was. `days` by the names of the settings; `closed_days` are all of them."""

    days: Mapping[str, int | None]
    closed_days: Sequence[date] | None
    cards_need_approval: bool | None
    recipient_kinds: Sequence[str] | None


async def change_terms(acting: Acting, version: int, said: NewTerms) -> uuid.UUID:
    """They hold from the next step or look of each referral's clock on.

    Raises NotAllowed, StaleVersion, InvalidInput.
    """
    row = await acting.find(
        "tenant", platform_settings, acting.work.tenant_id, action="change_referral_terms", version=version
    )
    given = _checked(said)
    await acting.work.one(CHANGE, **{name: row[name] for name in COLUMNS} | given)
    acting.work.record("change_referral_terms", "tenant", row["id"], fields=",".join(sorted(given)))
    return row["id"]


def _checked(said: NewTerms) -> dict[str, Any]:
    given: dict[str, Any] = {name: days for name, days in said.days.items() if days is not None}
    for name, days in given.items():
        least, most = LIMITS[name]
        if not least <= days <= most:
            raise InvalidInput(
                camel(name),
                f"{least}から{most}までの日数を入力してください。",
                f"Give a number of days from {least} to {most}.",
                detail="OUT_OF_RANGE",
            )
    if said.closed_days is not None:
        given["closed_days"] = _closed(said.closed_days)
    if said.cards_need_approval is not None:
        given["cards_need_approval"] = said.cards_need_approval
    if said.recipient_kinds is not None:
        given["recipient_kinds"] = _kinds(said.recipient_kinds)
    return given


def _closed(days: Sequence[date]) -> list[date]:
    if len(days) > CLOSED_DAYS:
        raise InvalidInput(
            "closedDays",
            f"閉庁日は{CLOSED_DAYS}日以内にしてください。過ぎた日は外せます。",
            f"Name at most {CLOSED_DAYS} closed days. Days that are over can be left out.",
            detail="TOO_MANY",
        )
    return sorted(set(days))


def _kinds(kinds: Sequence[str]) -> list[str]:
    if not kinds:
        raise InvalidInput(
            "recipientKinds",
            "打診できる団体の種別を一つ以上選んでください。",
            "Choose at least one kind of organisation.",
            detail="REQUIRED",
        )
    return sorted(set(kinds))


COLUMNS: Final = (*REFERRAL_TERMS, "closed_days", "cards_need_approval", "recipient_kinds")
CHANGE = Statement(
    sa.update(platform_settings)
    .where(platform_settings.c.tenant_id == TENANT, platform_settings.c.id == TENANT)
    .values(
        {name: parameter(platform_settings.c[name]) for name in COLUMNS}
        | {"version": platform_settings.c.version + 1}
    )
    .returning(platform_settings.c.id)
)
