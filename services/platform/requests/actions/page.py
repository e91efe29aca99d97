"""The public page itself: who answers by telephone now, whose desk reads, and what the coordinator set."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from libs.errors.problems import InvalidInput, WrongState
from libs.japan.text import clean
from libs.persistence.statements import Statement, among, parameter
from libs.persistence.tables import TENANT
from libs.persistence.work import Work
from libs.policy.acting import Acting
from libs.policy.predicates import ASKER
from libs.tenancy.models import membership, organisation, platform_settings, tenant
from services.platform.members.models import live
from services.platform.requests import lines
from services.platform.requests.lines import Line

KINDS: Final = ("government", "npo")
DESK_ROLES: Final = ("desk", "caseworker")
MOST_INTRODUCTION: Final = 1_000
MOST_KEPT_DAYS: Final = 1_095
MOST_SENT: Final = 1_000


@dataclass(frozen=True, slots=True)
class Front:
    """What stands on the page; `desk` is None where nobody reads what is sent."""

    platform: str
    introduction: str
    lines: Sequence[Line]
    desk: str | None
    desk_id: uuid.UUID | None
    keep_days: int
    most_sent: int


@dataclass(frozen=True, slots=True)
class HelpPage:
    """The coordinator's choice. None: as it was. `desk_id` is looked at where `desk_named`."""

    desk_id: uuid.UUID | None
    desk_named: bool
    introduction: str | None = None
    lines: Sequence[Line] | None = None
    keep_days: int | None = None
    most_sent: int | None = None


async def front(work: Work) -> Front:
    """The page of this platform as it is now."""
    row = await work.one(FRONT)
    assert row is not None  # noqa: S101 - every platform has its settings
    staffed = row["desk"] is not None and row["staffed"]
    return Front(
        platform=row["platform"],
        introduction=row["help_introduction"],
        lines=lines.loaded(row["help_lines"]),
        desk=row["desk"] if staffed else None,
        desk_id=row["help_desk_id"] if staffed else None,
        keep_days=row["help_keep_days"],
        most_sent=row["help_most_sent"],
    )


def require_desk(shown: Front) -> uuid.UUID:
    """The organisation that reads what is sent. Raises WrongState where nobody does."""
    if shown.desk_id is None:
        raise WrongState(
            "closed",
            "いまこの画面からは相談を受け付けていません。電話の窓口をご利用ください。",
            "Nothing can be sent from this page for now. Please use the telephone.",
        )
    return shown.desk_id


async def keep_help_page(acting: Acting, version: int, said: HelpPage) -> uuid.UUID:
    """Raises NotAllowed, StaleVersion, InvalidInput."""
    row = await acting.find(
        "tenant", platform_settings, acting.work.tenant_id, action="keep_help_page", version=version
    )
    columns = {name: row[name] for name in COLUMNS} | _checked(said)
    if said.desk_named:
        columns["help_desk_id"] = await _desk(acting, said.desk_id)
    changed = sorted(name for name in COLUMNS if columns[name] != row[name])
    await acting.work.one(KEEP, **columns)
    acting.work.record("keep_help_page", "tenant", row["id"], fields=",".join(changed))
    return row["id"]


def _checked(said: HelpPage) -> dict[str, Any]:
    given: dict[str, Any] = {}
    if said.introduction is not None:
        given["help_introduction"] = clean(
            said.introduction, "introduction", MOST_INTRODUCTION, multiline=True
        )
    if said.lines is not None:
        given["help_lines"] = lines.stored(lines.checked(said.lines))
    if said.keep_days is not None:
        given["help_keep_days"] = _within(said.keep_days, "keepDays", 30, MOST_KEPT_DAYS)
    if said.most_sent is not None:
        given["help_most_sent"] = _within(said.most_sent, "mostSent", 1, MOST_SENT)
    return given


def _within(value: int, field: str, least: int, most: int) -> int:
    if not least <= value <= most:
        raise InvalidInput(
            field,
            f"{least}から{most}までの数を入力してください。",
            f"Give a number from {least} to {most}.",
            detail="OUT_OF_RANGE",
        )
    return value


async def _desk(acting: Acting, desk_id: uuid.UUID | None) -> uuid.UUID | None:
    """None closes the page's form."""
    if desk_id is None:
        return None
    row = await acting.see("organisation", organisation, desk_id)
    if row["status"] != "active" or row["kind"] not in KINDS:
        raise InvalidInput(
            "deskId",
            "相談を受け付けられるのは、会員である行政とNPO等だけです。",
            "Only a member of the public sector or an NPO can be the desk.",
            detail="NO_MEMBER",
        )
    if await acting.work.one(STAFFED, organisation_id=row["id"]) is None:
        raise InvalidInput(
            "deskId",
            "この団体には受付担当も支援担当もいません。先に担当を決めてもらってください。",
            "Nobody there is desk or caseworker. Have them name somebody first.",
            detail="NOBODY_AT_DESK",
        )
    return row["id"]


def _at_desk(of: "sa.ColumnElement[uuid.UUID]") -> "sa.Select[Any]":
    roles: sa.Select[Any] = sa.select(membership.c.id).where(
        live(ASKER),
        membership.c.tenant_id == TENANT,
        membership.c.organisation_id == of,
        sa.or_(*(sa.literal(role) == sa.any_(membership.c.roles) for role in DESK_ROLES)),
    )
    return roles


COLUMNS: Final = ("help_desk_id", "help_introduction", "help_lines", "help_keep_days", "help_most_sent")
FRONT = Statement(
    sa.select(
        tenant.c.name.label("platform"),
        *(platform_settings.c[name] for name in COLUMNS),
        organisation.c.name.label("desk"),
        sa.exists(_at_desk(platform_settings.c.help_desk_id)).label("staffed"),
    )
    .select_from(
        platform_settings.join(tenant, tenant.c.tenant_id == platform_settings.c.tenant_id).outerjoin(
            organisation,
            sa.and_(
                organisation.c.tenant_id == TENANT,
                organisation.c.id == platform_settings.c.help_desk_id,
                among(organisation.c.kind, KINDS),
                organisation.c.status == "active",
            ),
        )
    )
    .where(
        tenant.c.tenant_id == TENANT,
        platform_settings.c.tenant_id == TENANT,
        platform_settings.c.id == TENANT,
    )
)
STAFFED = Statement(_at_desk(parameter(membership.c.organisation_id)))
KEEP = Statement(
    sa.update(platform_settings)
    .where(platform_settings.c.tenant_id == TENANT, platform_settings.c.id == TENANT)
    .values(
        {name: parameter(platform_settings.c[name]) for name in COLUMNS}
        | {"version": platform_settings.c.version + 1}
    )
    .returning(platform_settings.c.id)
)
