"""The platform's settings, changed by its coordinator."""

import datetime as dt
import uuid
from dataclasses import dataclass, fields
from typing import Final

import sqlalchemy as sa

from libs.errors.problems import InvalidInput
from libs.japan.text import clean
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from libs.tenancy.models import platform_settings
from libs.tenancy.viewer import JAPAN
from services.platform.members.actions.described import TEXT_LENGTH

TERMS: Final = {
    "access_after_end_days": ("accessAfterEndDays", 0, 365),
    "answer_working_days": ("answerWorkingDays", 1, 60),
    "confirm_days": ("confirmDays", 1, 180),
    "answer_link_hours": ("answerLinkHours", 1, 168),
    "case_retention_days": ("caseRetentionDays", 365, 3_660),
    "paper_retention_days": ("paperRetentionDays", 0, 3_660),
    "file_mebibytes": ("fileMebibytes", 1, 1_048_576),
    "organisation_file_mebibytes": ("organisationFileMebibytes", 1, 1_048_576),
    # 0: as they come
    "review_every_days": ("reviewEveryDays", 0, 92),
}


@dataclass(frozen=True, slots=True)
class Settings:
    """None: as it was. `card_scan` is block or confirm, `answer_link_code` mail or telephone."""

    conditions: str | None = None
    accepts_applications: bool | None = None
    card_scan: str | None = None
    access_after_end_days: int | None = None
    answer_working_days: int | None = None
    confirm_days: int | None = None
    answer_link_hours: int | None = None
    answer_link_code: str | None = None
    answer_links_automatic: bool | None = None
    case_retention_days: int | None = None
    paper_retention_days: int | None = None
    file_mebibytes: int | None = None
    organisation_file_mebibytes: int | None = None
    review_every_days: int | None = None
    review_from: dt.date | None = None


async def change(acting: Acting, version: int, said: Settings) -> uuid.UUID:
    """Raises NotAllowed, StaleVersion, InvalidInput."""
    row = await acting.find(
        "tenant",
        platform_settings,
        acting.work.tenant_id,
        action="change_settings",
        version=version,
    )
    columns = {name: row[name] for name in SETTINGS} | _checked(said)
    if columns["review_every_days"] and columns["review_from"] is None:
        columns["review_from"] = acting.work.now.astimezone(JAPAN).date()
    changed = sorted(name for name in SETTINGS if columns[name] != row[name])
    await acting.work.one(CHANGE, **columns)
    acting.work.record("change_settings", "tenant", row["id"], fields=",".join(changed))
    return row["id"]


def _checked(said: Settings) -> dict[str, object]:
    values = {name: getattr(said, name) for name in SETTINGS}
    given = {name: value for name, value in values.items() if value is not None}
    if "conditions" in given:
        given["conditions"] = clean(given["conditions"], "conditions", TEXT_LENGTH, multiline=True)
    for name, (field, least, most) in TERMS.items():
        if name in given and not least <= given[name] <= most:
            raise InvalidInput(
                field,
                f"{least}から{most}までの数を入力してください。",
                f"Give a number from {least} to {most}.",
                detail="OUT_OF_RANGE",
            )
    if given.get("review_every_days") == 0:
        given["review_every_days"] = None
    return given


SETTINGS: Final = tuple(each.name for each in fields(Settings))
CHANGE = Statement(
    sa.update(platform_settings)
    .where(platform_settings.c.tenant_id == TENANT, platform_settings.c.id == TENANT)
    .values(
        {name: parameter(platform_settings.c[name]) for name in SETTINGS}
        | {"version": platform_settings.c.version + 1}
    )
)
