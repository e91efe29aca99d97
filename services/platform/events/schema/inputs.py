"""What an organiser says of an event, as GraphQL's inputs."""

import datetime as dt
import uuid
from typing import Final

import strawberry

from libs.errors.problems import NotFound
from libs.serving.session import identity_of
from services.platform.events.content import EventContent, Speaker
from services.platform.events.schema.types import DeliveryMode, EventKind
from services.platform.events.terms import Question, Terms
from services.platform.events.times import Times

FOLLOWING: Final = "連続開催の、これ以降の回にも / also what follows of its series"


@strawberry.input(description="開催日時。時差付き / with offsets; `days` in a row at the same hours")
class OccurrenceInput:
    starts_at: dt.datetime
    ends_at: dt.datetime | None = None
    all_day: bool = strawberry.field(
        default=False, description="終日。startsAtの日(日本時間)で、endsAtは空に / endsAt stays empty"
    )
    days: int = 1


@strawberry.input(
    description="外部の講師・登壇者 / a speaker from outside; shown: to others than who runs it"
)
class SpeakerInput:
    name: str
    affiliation: str = ""
    shown: bool = True


@strawberry.input(
    description="申込み時の質問 / asked of who registers; with choices one of them is the answer"
)
class RegistrationQuestionInput:
    text: str
    required: bool = False
    choices: list[str] = strawberry.field(default_factory=list[str])


@strawberry.input(description="行事の内容 / all that the organiser says of it")
class EventContentInput:
    title: str
    title_kana: str = ""
    description: str = ""
    occurrences: list[OccurrenceInput]
    delivery_mode: DeliveryMode
    venue: str = ""
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None
    audience: str = ""
    join_url: str | None = None
    url: str | None = None
    fee: str = ""
    capacity: int | None = strawberry.field(
        default=None, description="定員(人)。空は制限なし / persons; empty is no limit"
    )
    reservable: bool = True
    deadline: dt.datetime | None = None
    inquiries: str = ""
    kind: EventKind = EventKind.OTHER
    co_host_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list[strawberry.ID], description="共催団体 / members who hold it too; they are told"
    )
    speakers: list[SpeakerInput] = strawberry.field(default_factory=list[SpeakerInput])
    reserved_host: int = strawberry.field(
        default=0, description="主催・共催団体の取置き(人)。定員の内数 / persons, of the capacity"
    )
    reserved_organisations: int = 0
    reserved_residents: int = 0
    for_residents: bool = strawberry.field(
        default=False, description="申込みページで住民から受け付ける / residents register by the public page"
    )
    approval: bool = False
    questions: list[RegistrationQuestionInput] = strawberry.field(
        default_factory=list[RegistrationQuestionInput]
    )
    offer_hours: int = 48
    remind_hours: int | None = 24
    keep_days: int = 30
    working_group_id: strawberry.ID | None = None


@strawberry.input
class CreateEventInput:
    event: EventContentInput
    organisation_id: strawberry.ID | None = strawberry.field(
        default=None, description="主催団体。空は自分の団体 / the organiser; empty is one's own organisation"
    )


@strawberry.input(
    description="連続開催。daysかrule(RRULE)で / a series: days, or a rule as FREQ=WEEKLY;COUNT=4"
)
class CreateEventSeriesInput:
    event: EventContentInput
    organisation_id: strawberry.ID | None = None
    rule: str | None = None
    days: list[dt.date] = strawberry.field(default_factory=list[dt.date])


@strawberry.input(description="内容はすべて置き換わります / the whole content is replaced")
class EditEventInput:
    id: strawberry.ID
    version: int
    event: EventContentInput
    following: bool = strawberry.field(default=False, description=FOLLOWING)


@strawberry.input
class PublishEventInput:
    id: strawberry.ID
    version: int
    to_everybody: bool = strawberry.field(
        description="trueは一般公開、falseは会員のみ / true: everybody; false: members only"
    )
    following: bool = strawberry.field(default=False, description=FOLLOWING)


@strawberry.input
class StepDownAsCoHostInput:
    id: strawberry.ID
    version: int


@strawberry.input(description="attendedが空なら出席の合計 / attended left out: what was recorded")
class ReportEventInput:
    event_id: strawberry.ID
    summary: str
    attended: int | None = None
    published: bool = False


@strawberry.input
class CancelEventInput:
    id: strawberry.ID
    version: int
    reason: str = ""
    following: bool = strawberry.field(default=False, description=FOLLOWING)


def content_of(given: EventContentInput) -> EventContent:
    return EventContent(
        title=given.title,
        title_kana=given.title_kana,
        description=given.description,
        occurrences=tuple(
            Times(each.starts_at, each.ends_at, each.all_day, each.days) for each in given.occurrences
        ),
        delivery_mode=given.delivery_mode.value,
        venue=given.venue,
        address=given.address,
        latitude=given.latitude,
        longitude=given.longitude,
        audience=given.audience,
        join_url=given.join_url,
        url=given.url,
        fee=given.fee,
        capacity=given.capacity,
        reservable=given.reservable,
        deadline=given.deadline,
        inquiries=given.inquiries,
        kind=given.kind.value,
        speakers=tuple(Speaker(each.name, each.affiliation, each.shown) for each in given.speakers),
        co_hosts=tuple(needed_id(each, "organisation", "coHostIds") for each in given.co_host_ids),
        terms=_terms(given),
    )


def _terms(given: EventContentInput) -> Terms:
    return Terms(
        given.reserved_host,
        given.reserved_organisations,
        given.reserved_residents,
        given.for_residents,
        given.approval,
        tuple(Question(each.text, each.required, tuple(each.choices)) for each in given.questions),
        given.offer_hours,
        given.remind_hours,
        given.keep_days,
    )


def optional_id(text: strawberry.ID | None, prefix: str, field: str) -> uuid.UUID | None:
    """None where none was given. Raises NotFound for another type's id, which must not pass for none."""
    return None if text is None else needed_id(text, prefix, field)


def needed_id(text: strawberry.ID, prefix: str, field: str) -> uuid.UUID:
    """Raises NotFound for another type's id."""
    found = identity_of(text, prefix, field)
    if found is None:
        raise NotFound
    return found
