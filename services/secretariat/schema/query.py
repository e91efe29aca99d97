"""The questions that the secretariat's schema answers."""

import uuid

import strawberry

from libs.errors.problems import InvalidInput
from libs.figures.months import Month
from libs.reading import ids
from libs.reading.node import Connection, Node
from services.secretariat.reading import Asked, Chosen
from services.secretariat.schema.types import (
    Figure,
    FigureLevel,
    Measure,
    Practice,
    PracticeState,
    Release,
    StaffMember,
    Tenant,
    TenantKind,
    TenantStatus,
    connection_of,
    figure_of,
    practice_of,
    prefectures,
    release_of,
    tenant_of,
)
from services.secretariat.service import Asking


@strawberry.type
class Query:
    @strawberry.field(description="自分 / who asks")
    def me(self, info: strawberry.Info[Asking]) -> StaffMember | None:
        member = info.context.member
        return StaffMember(name=member.name, role=member.role)

    @strawberry.field(description="IDで / a platform or release by its global id")
    async def node(self, info: strawberry.Info[Asking], id: strawberry.ID) -> Node | None:
        prefix, identity = ids.decode(id)
        reading = info.context.reading
        if prefix == "tenant":
            row = await reading.tenant(identity)
            return None if row is None else tenant_of(row)
        row = await reading.release(identity) if prefix == "release" else None
        return None if row is None else release_of(row)

    @strawberry.field(description="プラットフォームの登録簿 / the register of platforms")
    async def tenants(  # noqa: PLR0913 - GraphQL arguments
        self,
        info: strawberry.Info[Asking],
        first: int | None = 20,
        after: str | None = None,
        prefecture: str | None = None,
        kind: TenantKind | None = None,
        status: TenantStatus | None = None,
    ) -> Connection[Tenant] | None:
        chosen = {
            "prefecture": _checked_prefecture(prefecture),
            "kind": None if kind is None else kind.value,
            "status": None if status is None else status.value,
        }
        page = await info.context.reading.tenants(Asked(first, after), chosen)
        return connection_of(page, tenant_of)

    @strawberry.field(description="提供された好事例 / practices that platforms offer, newest first")
    async def practices(
        self,
        info: strawberry.Info[Asking],
        state: PracticeState | None = None,
        first: int | None = 20,
        after: str | None = None,
    ) -> Connection[Practice] | None:
        chosen = None if state is None else state.value
        page = await info.context.reading.practices(Asked(first, after), chosen)
        return connection_of(page, practice_of)

    @strawberry.field(description="公表の一覧（新しい順） / releases, the newest publication first")
    async def releases(
        self,
        info: strawberry.Info[Asking],
        month: str | None = None,
        first: int | None = 20,
        after: str | None = None,
    ) -> Connection[Release] | None:
        page = await info.context.reading.releases(Asked(first, after), _month(month, "month"))
        return connection_of(page, release_of)

    @strawberry.field(
        description="公表値 / figures of the release named, else the month's newest, else the newest month's"
    )
    async def figures(  # noqa: PLR0913 - GraphQL arguments
        self,
        info: strawberry.Info[Asking],
        month: str | None = None,
        release: strawberry.ID | None = None,
        level: FigureLevel | None = None,
        measure: Measure | None = None,
        breakdown: str | None = None,
        prefecture: str | None = None,
        tenant: strawberry.ID | None = None,
        first: int | None = 100,
        after: str | None = None,
    ) -> Connection[Figure] | None:
        asked = Asked(first, after)
        chosen = _chosen(level, measure, breakdown, prefecture, tenant)
        reading = info.context.reading
        of = await reading.chosen_release(asked, _identity(release, "release"), _month(month, "month"))
        return connection_of(await reading.figures(asked, chosen, of), figure_of)

    @strawberry.field(
        description="月次推移 / one cell of one place, month by month, each month from its newest release"
    )
    async def series(  # noqa: PLR0913 - GraphQL arguments
        self,
        info: strawberry.Info[Asking],
        measure: Measure,
        breakdown: str,
        first_month: str,
        last_month: str,
        prefecture: str | None = None,
        tenant: strawberry.ID | None = None,
    ) -> list[Figure] | None:
        level = _level_of(prefecture, tenant)
        chosen = _chosen(level, measure, breakdown, prefecture, tenant)
        first, last = Month.parse(first_month, "firstMonth"), Month.parse(last_month, "lastMonth")
        rows = await info.context.reading.series(chosen, first, last)
        return [figure_of(row) for row in rows]


def _level_of(prefecture: str | None, tenant: str | None) -> FigureLevel:
    if tenant is not None:
        return FigureLevel.TENANT
    return FigureLevel.NATION if prefecture is None else FigureLevel.PREFECTURE


def _chosen(
    level: FigureLevel | None,
    measure: Measure | None,
    breakdown: str | None,
    prefecture: str | None,
    tenant: str | None,
) -> Chosen:
    return Chosen(
        level=None if level is None else level.value,
        measure=None if measure is None else measure.value,
        breakdown=breakdown,
        prefecture=_checked_prefecture(prefecture),
        tenant_id=_identity(tenant, "tenant"),
    )


NOBODY = uuid.UUID(int=0)


def _identity(text: str | None, prefix: str) -> uuid.UUID | None:
    """An id of another type names nothing. Raises InvalidInput for what is no id at all."""
    return None if text is None else ids.of_type(prefix, text, prefix) or NOBODY


def _month(text: str | None, field: str) -> Month | None:
    return None if text is None else Month.parse(text, field)


def _checked_prefecture(code: str | None) -> str | None:
    if code is not None and code not in prefectures():
        raise InvalidInput(
            "prefecture",
            "都道府県は2桁のコード（例: 奈良県は29）で指定してください。",
            "Give the prefecture as its two-digit code, such as 29 for Nara.",
        )
    return code
