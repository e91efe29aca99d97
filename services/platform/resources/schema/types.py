"""Services and places as they are read."""

import datetime as dt
from enum import Enum

import strawberry
from strawberry.scalars import JSON

from libs.reading.declare import can, column, computed, hidden, identity, one, stored
from libs.reading.enums import described
from libs.reading.node import Node
from services.platform.members.schema import Organisation, Person
from services.platform.members.schema.types import Capacity
from services.platform.resources import models, words


@described("サービス・場所の種別 / kind of a service or place", words.KINDS)
class ResourceKind(Enum):
    CONSULTATION = "consultation"
    IBASHO = "ibasho"
    MACHI_NO_EKI = "machi_no_eki"
    GATHERING = "gathering"
    SUPPORT = "support"


@described("サービス・場所の状態 / state of a service or place", words.STATES)
class ResourceState(Enum):
    DRAFT = "draft"
    OFFERED = "offered"
    ENDED = "ended"


@strawberry.enum(description="サービス・場所について行える操作 / what can be done to a service or place")
class ResourceAction(Enum):
    EDIT_RESOURCE = "edit_resource"
    OFFER_RESOURCE = "offer_resource"
    PUBLISH_RESOURCE = "publish_resource"
    END_RESOURCE = "end_resource"
    SAY_RESOURCE_CAPACITY = "say_resource_capacity"
    VERIFY_RESOURCE = "verify_resource"


@stored(models.resource, object="resource", prefix="resource")
@strawberry.type(description="サービス・場所 / a service or place offered to people")
class Resource(Node):
    id: strawberry.ID = identity()
    number: int | None = column(description="オープンデータの番号 / its NO in open data, never another's")
    kind: ResourceKind | None = column()
    state: ResourceState | None = column()
    published: bool | None = column(description="一般公開 / open to everybody, without login")
    name: str | None = column()
    name_kana: str | None = column()
    organisation: Organisation | None = one(
        "Organisation", on=lambda row, org: org.c.id == row.c.organisation_id
    )
    description: str | None = column()
    eligibility: str | None = column(description="対象 / for whom")
    areas: list[str] | None = column(
        description="対象地域のコード。空なら全域 / codes of areas served; empty: everywhere"
    )
    fee: str | None = column(description="費用")
    languages: list[str] | None = column(description="対応言語 / BCP 47")
    phone: str | None = column()
    email: str | None = column()
    url: str | None = column()
    hours: JSON | None = column(description="利用時間(RRULE) / rules, other days, holidays")
    hours_ja: str | None = column(description="利用時間の文 / the hours in Japanese words")
    hours_en: str | None = column()
    open_now: bool | None = computed(
        models.is_open, description="いま開いているか。不明はnull / null where not known"
    )
    next_opening: dt.datetime | None = computed(
        models.next_opening, description="次に開く時刻 / null while it is open"
    )
    capacity: Capacity | None = column(description="受入余力 / what it can take on")
    capacity_as_of: dt.date | None = column(description="受入余力の時点 / the day of that word")
    verified_on: dt.date | None = column(description="内容を確認した日 / when somebody vouched for it last")
    verified_by: Person | None = one("Person", on=lambda row, person: person.c.id == row.c.verified_by_id)
    is_stale: bool | None = computed(
        models.is_stale, description="半年以上確認されていない / nobody vouched for it for half a year"
    )
    address_confidential: bool | None = column(description="所在地を秘密にする / where it is is secret")
    place_name: str | None = column()
    municipality_code: str | None = column()
    postal_code: str | None = column()
    address: str | None = column()
    building: str | None = column()
    latitude: float | None = column()
    longitude: float | None = column()
    access: str | None = column(description="行き方・バリアフリー / how to get there")
    created_at: dt.datetime | None = column()
    updated_at: dt.datetime | None = column()
    version: int | None = column()
    viewer_can: list[ResourceAction] | None = can()
    hidden_fields: list[str] = hidden()
