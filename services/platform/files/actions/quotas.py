"""What files may take up: a platform's room, and one organisation's share of it. Summed over the rows."""

from functools import cache
from typing import Any, Final

import sqlalchemy as sa

from libs.errors.problems import TooMuch
from libs.persistence.statements import Statement
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from libs.tenancy.models import platform_settings
from services.platform.files.models import KEPT, upload

MEBIBYTE: Final = 1_048_576


async def check_room(acting: Acting) -> None:
    """For what whoever acts has just sent. What waits to be taken counts too. Raises TooMuch.

    The settings are locked, so that two files do not both fill the last gap: after the upload's row, as
    whoever changes members locks an organisation first.
    """
    most = await acting.work.one(MOST)
    kept = await acting.work.one(_kept(), organisation_id=acting.viewer.organisation_id)
    if most is None or kept is None:
        return
    if kept["organisation"] > most["organisation_file_mebibytes"] * MEBIBYTE:
        raise _full("organisation_files", most["organisation_file_mebibytes"])
    if kept["platform"] > most["file_mebibytes"] * MEBIBYTE:
        raise _platform_full()


def _full(limit: str, most: int) -> TooMuch:
    return TooMuch(
        limit,
        f"団体のファイルの合計が上限（{most}MiB）を超えます。不要な資料を取り下げるか、"
        "事務局に上限の引上げをご相談ください。",
        f"Your organisation's files would pass their bound ({most} MiB). Take away what is no longer "
        "needed, or ask the coordinator for more room.",
    )


def _platform_full() -> TooMuch:
    return TooMuch(
        "platform_files",
        "このプラットフォームのファイルの容量がいっぱいです。不要な資料を取り下げるか、"
        "事務局にご連絡ください。",
        "This platform has no room left for files. Take away what is no longer needed, "
        "or tell the coordinator.",
    )


@cache
def _kept() -> Statement:
    """Of every room that keeps files: asked once all of them are known."""
    sized: list[sa.Select[Any, Any]] = [_sized(upload, upload.c.size, upload.c.organisation_id)]
    sized += [_sized(each.table, each.size, each.owner) for each in KEPT.values()]
    rows = sa.union_all(*sized).subquery("kept")
    ours = rows.c.owner == sa.bindparam("organisation_id", type_=sa.Uuid())
    zero: sa.ColumnElement[Any] = sa.literal_column("0")
    return Statement(
        sa.select(
            sa.func.coalesce(sa.func.sum(rows.c.size), zero).label("platform"),
            sa.func.coalesce(sa.func.sum(rows.c.size).filter(ours), zero).label("organisation"),
        )
    )


def _sized(table: sa.Table, size: "sa.Column[Any]", owner: "sa.Column[Any] | None") -> "sa.Select[Any, Any]":
    whose: sa.ColumnElement[Any] = sa.cast(sa.null(), sa.Uuid()) if owner is None else owner
    return sa.select(size.label("size"), whose.label("owner")).where(
        table.c.tenant_id == TENANT, size.is_not(None)
    )


MOST = Statement(
    sa.select(platform_settings.c.file_mebibytes, platform_settings.c.organisation_file_mebibytes)
    .where(platform_settings.c.tenant_id == TENANT, platform_settings.c.id == TENANT)
    .with_for_update()
)
