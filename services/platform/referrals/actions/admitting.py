"""Whether an organisation may be asked at all: its kind, where it works, and whether it has room."""

import uuid
from typing import Any

import asyncpg
import sqlalchemy as sa

from libs.errors.problems import InvalidInput
from libs.japan.text import clean, search_key
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from libs.tenancy.models import organisation
from services.platform.referrals.actions.inputs import LONG
from services.platform.referrals.actions.moving import Referral
from services.platform.referrals.actions.sealing import seal_texts
from services.platform.referrals.actions.settings import rules
from services.platform.referrals.guards import no_recipient

NO_ROOM = "none"


async def admit_recipient(
    acting: Acting, row: Referral, recipient_id: uuid.UUID, override: str | None
) -> None:
    """T3's guards beside the basis. What an organisation says of its own room and area yields to a reason,
    which is sealed with the case; the platform's rule on kinds does not. That there is no live twin is kept
    by an index.

    Raises NotFound for no member, InvalidInput.
    """
    asked = await acting.work.one(ASKED, id=recipient_id)
    if asked is None:
        raise no_recipient()
    if asked["kind"] not in (await rules(acting.work))["recipient_kinds"]:
        raise InvalidInput(
            "recipientId",
            "このプラットフォームでは、この種別の団体には打診しないことになっています。",
            "This platform does not refer to organisations of this kind.",
            detail="KIND_NOT_ALLOWED",
        )
    reason = clean(override or "", "overrideReason", LONG, multiline=True)
    obstacle = _obstacle(asked, row["area"])
    if obstacle is not None and not reason:
        raise obstacle
    if obstacle is not None:
        await _keep(acting, row, reason)


def _obstacle(asked: asyncpg.Record, area: str) -> InvalidInput | None:
    if asked["capacity"] == NO_ROOM:
        return _refusal(
            "NO_CAPACITY",
            "打診先は現在、受け入れる余力がないとしています。",
            "The recipient says that it has no capacity now.",
        )
    if not serves(asked["service_areas"], area):
        return _refusal(
            "AREA_NOT_SERVED",
            "打診先の活動地域に、この地域が含まれていません。",
            "The recipient does not say that it works in this area.",
        )
    return None


def serves(service_areas: list[str], area: str) -> bool:
    """One of the areas is this one, holds it or lies in it; without any it works everywhere."""
    wanted, served = search_key(area), [search_key(each) for each in service_areas]
    return not wanted or not served or any(each in wanted or wanted in each for each in served)


def _refusal(detail: str, ja: str, en: str) -> InvalidInput:
    return InvalidInput(
        "overrideReason",
        f"{ja}それでも打診する場合は、理由を入力してください。",
        f"{en} Give a reason to ask it all the same.",
        detail=detail,
    )


async def _keep(acting: Acting, row: Referral, reason: str) -> None:
    sealer = await acting.vault.sealer(acting.work.tenant_id, row["case_id"])
    texts: dict[str, Any] = {"override_reason": reason}
    await seal_texts(acting.work, sealer, row["case_id"], ("referral", row["id"]), texts)
    acting.work.record("override_admission", "referral", row["id"])


ASKED = Statement(
    sa.select(organisation.c.kind, organisation.c.capacity, organisation.c.service_areas).where(
        organisation.c.tenant_id == TENANT,
        organisation.c.id == parameter(organisation.c.id),
        organisation.c.status == "active",
    )
)
