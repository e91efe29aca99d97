"""GraphQL of the secretariat: the register of platforms, releases, and published figures."""

import datetime as dt
import uuid
from collections.abc import Callable
from enum import Enum
from functools import cache
from typing import TypeVar

import strawberry
from graphql import GraphQLSchema
from strawberry.schema.config import StrawberryConfig

from libs.errors.problems import InvalidInput
from libs.figures.months import Month
from libs.japan import municipalities
from libs.reading import ids
from libs.reading.node import Connection, Edge, Node, PageInfo
from services.secretariat.reading import Asked, Chosen, Page, Row
from services.secretariat.service import Asking

T = TypeVar("T")


@strawberry.enum(description="集計の段階 / for whom a figure is: the nation, a prefecture, one platform")
class FigureLevel(Enum):
    NATION = "nation"
    PREFECTURE = "prefecture"
    TENANT = "tenant"


@strawberry.enum(
    description="""指標 / what is counted.

MEMBERS 会員団体（内訳: government, npo, company） / member organisations by kind.
WORKING_GROUPS 活動中の分科会（active）. EVENTS 開催されたイベント（held）. PEOPLE 活動している人（active）.
REFERRALS 紹介（sent, accepted, reported, confirmed） / by the month sent: how many ever got so far."""
)
class Measure(Enum):
    MEMBERS = "members"
    WORKING_GROUPS = "working_groups"
    EVENTS = "events"
    PEOPLE = "people"
    REFERRALS = "referrals"


@strawberry.enum(
    description="""値の有無 / whether there is a value. 0 is one.

WITHHELD 秘匿（人・紹介の1～9件） / too small to be shown. NOT_REPORTED 未報告 / nothing was submitted."""
)
class FigureMark(Enum):
    VALUE = "value"
    WITHHELD = "withheld"
    NOT_REPORTED = "not_reported"


@strawberry.enum(description="プラットフォームの種別")
class TenantKind(Enum):
    MUNICIPALITY = "municipality"
    PREFECTURE = "prefecture"
    JOINT = "joint"
    NATIONAL = "national"


@strawberry.enum(description="プラットフォームの状態")
class TenantStatus(Enum):
    ACTIVE = "active"
    SUSPENDED = "suspended"


@strawberry.type(description="全国事務局の職員 / who asks")
class StaffMember:
    name: str
    role: str


@strawberry.type(description="都道府県（2桁のコード） / a prefecture by the two digits of JIS X 0401")
class Prefecture:
    code: str
    name: str


@strawberry.type(description="市区町村・都道府県（6桁のコード） / a local government by its six-digit code")
class LocalGovernment:
    code: str
    name: str


@strawberry.type(
    description="プラットフォーム（登録簿の公開事項） / a platform: the public facts of the register"
)
class Tenant(Node):
    id: strawberry.ID
    slug: str
    name: str
    kind: TenantKind
    status: TenantStatus
    onboarded_at: dt.datetime
    prefecture: Prefecture | None = strawberry.field(
        description="集計先。複数県にまたがる場合はなし / where it counts; none beyond one prefecture"
    )
    local_governments: list[LocalGovernment]


@strawberry.type(description="公表 / one publication of a month's figures; it never changes")
class Release(Node):
    id: strawberry.ID
    month: str = strawberry.field(description="対象月 / like 2026-08")
    as_of: dt.datetime = strawberry.field(
        description="この日時までの報告による / on what was submitted by then"
    )


@strawberry.type(description="公表値 / a published figure")
class Figure:
    release: Release
    level: FigureLevel
    prefecture: Prefecture | None
    tenant: Tenant | None
    measure: Measure
    breakdown: str = strawberry.field(description="内訳 / e.g. npo for members, sent for referrals")
    value: int | None = strawberry.field(
        description="公表された値の合計 / the sum of published cells only; null unless mark is VALUE"
    )
    mark: FigureMark
    missing: int = strawberry.field(description="合計に含まれない数 / how many platforms' cells are missing")
    missing_withheld: int = strawberry.field(description="うち秘匿 / of these, withheld")
    missing_not_reported: int = strawberry.field(description="うち未報告 / of these, not reported")


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
            return None if row is None else _tenant(row)
        row = await reading.release(identity) if prefix == "release" else None
        return None if row is None else _release(row)

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
        return _connection(page, _tenant)

    @strawberry.field(description="公表の一覧（新しい順） / releases, the newest publication first")
    async def releases(
        self,
        info: strawberry.Info[Asking],
        month: str | None = None,
        first: int | None = 20,
        after: str | None = None,
    ) -> Connection[Release] | None:
        page = await info.context.reading.releases(Asked(first, after), _month(month, "month"))
        return _connection(page, _release)

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
        return _connection(await reading.figures(asked, chosen, of), _figure)

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
        return [_figure(row) for row in rows]


def build_schema() -> strawberry.Schema:
    return strawberry.Schema(Query, config=StrawberryConfig())


@cache
def core_schema() -> GraphQLSchema:
    """What graphql-core executes: the same for every app of the process."""
    return build_schema()._schema  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - strawberry offers no other way to its graphql-core schema


def _connection(page: Page, made: Callable[[Row], T]) -> Connection[T]:
    nodes = [made(row) for row in page.rows]
    return Connection(
        edges=[Edge(cursor=cursor, node=node) for cursor, node in zip(page.cursors, nodes, strict=True)],
        nodes=nodes,
        page_info=PageInfo(
            has_next_page=page.after,
            has_previous_page=page.before,
            start_cursor=page.cursors[0] if page.cursors else None,
            end_cursor=page.cursors[-1] if page.cursors else None,
        ),
        total_count=page.total,
    )


def _tenant(row: Row) -> Tenant:
    codes: list[str] = row["codes"] or []
    prefectures = {code[:2] for code in codes}
    return Tenant(
        id=strawberry.ID(ids.encode("tenant", row["tenant_id"])),
        slug=row["slug"],
        name=row["name"],
        kind=TenantKind(row["kind"]),
        status=TenantStatus(row["status"]),
        onboarded_at=row["onboarded_at"],
        prefecture=_prefecture(prefectures.pop()) if len(prefectures) == 1 else None,
        local_governments=[
            LocalGovernment(code=code, name=municipalities.find(code).display_name) for code in codes
        ],
    )


def _release(row: Row) -> Release:
    return Release(
        id=strawberry.ID(ids.encode("release", row["id"])),
        month=str(Month(row["month"])),
        as_of=row["as_of"],
    )


def _figure(row: Row) -> Figure:
    return Figure(
        release=_release(row),
        level=FigureLevel(row["level"]),
        prefecture=None if row["prefecture"] is None else _prefecture(row["prefecture"]),
        tenant=None if row["tenant_id"] is None else _tenant(row),
        measure=Measure(row["measure"]),
        breakdown=row["breakdown"],
        value=row["value"],
        mark=FigureMark(row["mark"]),
        missing=row["withheld"] + row["not_reported"],
        missing_withheld=row["withheld"],
        missing_not_reported=row["not_reported"],
    )


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


@cache
def _prefectures() -> dict[str, Prefecture]:
    return {
        each.prefecture_code: Prefecture(code=each.prefecture_code, name=each.prefecture)
        for each in municipalities.all_active()
        if each.is_prefecture
    }


def _prefecture(code: str) -> Prefecture:
    return _prefectures()[code]


def _checked_prefecture(code: str | None) -> str | None:
    if code is not None and code not in _prefectures():
        raise InvalidInput(
            "prefecture",
            "都道府県は2桁のコード（例: 奈良県は29）で指定してください。",
            "Give the prefecture as its two-digit code, such as 29 for Nara.",
        )
    return code
