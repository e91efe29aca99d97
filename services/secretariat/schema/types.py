"""The types of the secretariat's schema, and how rows become them."""

import datetime as dt
from collections.abc import Callable
from enum import Enum
from functools import cache
from typing import TypeVar

import strawberry

from libs.figures.months import Month
from libs.figures.rollup import Platform
from libs.japan import municipalities
from libs.reading import ids
from libs.reading.node import Connection, Edge, Node, PageInfo
from services.secretariat.reading import Page, Row

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


@strawberry.enum(description="好事例の状態 / what became of a practice")
class PracticeState(Enum):
    OFFERED = "offered"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


@strawberry.type(description="好事例 / a practice that a platform offered to the library")
class Practice(Node):
    id: strawberry.ID
    title: str
    body: str
    tags: list[str]
    source: str = strawberry.field(description="出典のプラットフォーム / the platform that offered it")
    state: PracticeState
    note: str = strawberry.field(description="返戻の理由 / why it was returned")
    offered_at: dt.datetime
    decided_at: dt.datetime | None
    version: int


def practice_of(row: Row) -> Practice:
    return Practice(
        id=strawberry.ID(ids.encode("practice", row["id"])),
        title=row["title"],
        body=row["body"],
        tags=list(row["tags"]),
        source=row["source"],
        state=PracticeState(row["state"]),
        note=row["note"],
        offered_at=row["offered_at"],
        decided_at=row["decided_at"],
        version=row["version"],
    )


def connection_of(page: Page, made: Callable[[Row], T]) -> Connection[T]:
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


def tenant_of(row: Row) -> Tenant:
    codes: list[str] = row["codes"] or []
    counted_in = Platform(row["tenant_id"], row["kind"], codes).prefecture
    return Tenant(
        id=strawberry.ID(ids.encode("tenant", row["tenant_id"])),
        slug=row["slug"],
        name=row["name"],
        kind=TenantKind(row["kind"]),
        status=TenantStatus(row["status"]),
        onboarded_at=row["onboarded_at"],
        prefecture=None if counted_in is None else prefecture_of(counted_in),
        local_governments=[
            LocalGovernment(code=code, name=municipalities.find(code).display_name) for code in codes
        ],
    )


def release_of(row: Row) -> Release:
    return Release(
        id=strawberry.ID(ids.encode("release", row["id"])),
        month=str(Month(row["month"])),
        as_of=row["as_of"],
    )


def figure_of(row: Row) -> Figure:
    return Figure(
        release=release_of(row),
        level=FigureLevel(row["level"]),
        prefecture=None if row["prefecture"] is None else prefecture_of(row["prefecture"]),
        tenant=None if row["tenant_id"] is None else tenant_of(row),
        measure=Measure(row["measure"]),
        breakdown=row["breakdown"],
        value=row["value"],
        mark=FigureMark(row["mark"]),
        missing=row["withheld"] + row["not_reported"],
        missing_withheld=row["withheld"],
        missing_not_reported=row["not_reported"],
    )


@cache
def prefectures() -> dict[str, Prefecture]:
    return {
        each.prefecture_code: Prefecture(code=each.prefecture_code, name=each.prefecture)
        for each in municipalities.all_active()
        if each.is_prefecture
    }


def prefecture_of(code: str) -> Prefecture:
    return prefectures()[code]
