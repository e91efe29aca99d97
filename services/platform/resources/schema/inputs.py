"""What people send about services and places."""

import datetime as dt

import strawberry

from services.platform.members.schema.types import Capacity
from services.platform.resources.actions import content, hours
from services.platform.resources.schema.types import ResourceKind


@strawberry.input(description="繰り返しの利用時間 / open by a recurrence rule (RFC 5545)")
class HoursRuleInput:
    rrule: str
    opens: str = strawberry.field(description="開く時刻 / like 9:00")
    closes: str = strawberry.field(description="閉まる時刻 / like 17:00 or 24:00")
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None


@strawberry.input(description="例外の日。時刻がなければ休み / another day; without times it is closed")
class OtherDayInput:
    on: dt.date
    opens: str | None = None
    closes: str | None = None
    note: str = ""


@strawberry.input(description="利用時間 / when it is open")
class HoursInput:
    rules: list[HoursRuleInput] = strawberry.field(default_factory=list)
    days: list[OtherDayInput] = strawberry.field(default_factory=list)
    closed_on_holidays: bool = False
    closed_at_year_end: bool = False


@strawberry.input(description="所在地 / where it is")
class ResourcePlaceInput:
    confidential: bool = strawberry.field(
        default=False, description="trueなら自団体のほかには見せない / true: nobody outside reads any of it"
    )
    name: str = ""
    municipality_code: str | None = None
    postal_code: str | None = None
    address: str = ""
    building: str = ""
    latitude: float | None = None
    longitude: float | None = None
    access: str = ""


@strawberry.input(description="サービス・場所の内容 / all that is said of it")
class ResourceContentInput:
    kind: ResourceKind
    name: str
    name_kana: str = ""
    description: str = ""
    eligibility: str = ""
    areas: list[str] = strawberry.field(default_factory=list)
    fee: str = ""
    languages: list[str] = strawberry.field(default_factory=lambda: ["ja"])
    phone: str | None = None
    email: str | None = None
    url: str | None = None
    hours: HoursInput = strawberry.field(default_factory=HoursInput)
    place: ResourcePlaceInput = strawberry.field(default_factory=ResourcePlaceInput)


@strawberry.input
class CreateResourceInput:
    resource: ResourceContentInput
    organisation_id: strawberry.ID | None = strawberry.field(
        default=None, description="提供団体。空は自分の団体 / whose it is; empty: one's own organisation"
    )


@strawberry.input(description="内容はすべて置き換わります / the whole content is replaced")
class EditResourceInput:
    id: strawberry.ID
    version: int
    resource: ResourceContentInput


@strawberry.input
class OfferResourceInput:
    id: strawberry.ID
    version: int
    to_everybody: bool = strawberry.field(
        description="trueは一般公開、falseは会員のみ / true: everybody; false: members only"
    )


@strawberry.input
class ResourceInput:
    id: strawberry.ID
    version: int


@strawberry.input
class ResourceCapacityInput:
    id: strawberry.ID
    version: int
    capacity: Capacity


def content_of(given: ResourceContentInput) -> content.Content:
    place = given.place
    return content.Content(
        kind=given.kind.value,
        name=given.name,
        name_kana=given.name_kana,
        description=given.description,
        eligibility=given.eligibility,
        areas=given.areas,
        fee=given.fee,
        languages=given.languages,
        phone=given.phone,
        email=given.email,
        url=given.url,
        hours=_hours_of(given.hours),
        place=content.Place(
            confidential=place.confidential,
            name=place.name,
            municipality_code=place.municipality_code,
            postal_code=place.postal_code,
            address=place.address,
            building=place.building,
            latitude=place.latitude,
            longitude=place.longitude,
            access=place.access,
        ),
    )


def _hours_of(given: HoursInput) -> hours.SaidHours:
    return hours.SaidHours(
        [
            hours.SaidRule(each.rrule, each.opens, each.closes, each.starts_on, each.ends_on)
            for each in given.rules
        ],
        [hours.SaidDay(each.on, each.opens, each.closes, each.note) for each in given.days],
        closed_on_holidays=given.closed_on_holidays,
        closed_at_year_end=given.closed_at_year_end,
    )
