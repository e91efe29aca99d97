"""GraphQL of events: what is on, who organises it, and the places that organisations take."""

import datetime as dt
from enum import Enum
from typing import Any

import sqlalchemy as sa
import strawberry
from sqlalchemy.dialects.postgresql import JSONB
from strawberry.scalars import JSON

from libs.policy.predicates import Asker
from libs.reading.declare import (
    Filter,
    Order,
    Row,
    can,
    column,
    computed,
    connection,
    hidden,
    identity,
    listing,
    one,
    stored,
)
from libs.reading.enums import described
from libs.reading.node import Connection, Node
from services.platform.events.models import (
    event,
    event_report,
    occurrence,
    persons_left,
    persons_taken,
    persons_waiting,
    place,
)
from services.platform.groups.schema.types import WorkingGroup
from services.platform.members.schema import Organisation


@strawberry.enum(description="行事の状態 / whether it is a draft, announced or cancelled")
class EventState(Enum):
    DRAFT = "draft"
    ANNOUNCED = "announced"
    CANCELLED = "cancelled"


@strawberry.enum(description="開催方法 / in a room, online, or both")
class DeliveryMode(Enum):
    ROOM = "room"
    ONLINE = "online"
    HYBRID = "hybrid"


@described(
    "行事の種類 / kind of event",
    {
        "study_session": ("勉強会", "study session"),
        "symposium": ("シンポジウム", "symposium"),
        "exchange": ("交流会", "exchange: getting to know each other"),
        "site_visit": ("見学", "visit to a place"),
        "home_visit_round": ("訪問活動", "round of home visits"),
        "campaign_month": ("強化月間の催し", "of the campaign month"),
        "course": ("講座", "course: participants' names are the host's alone"),
        "other": ("その他", "other"),
    },
)
class EventKind(Enum):
    STUDY_SESSION = "study_session"
    SYMPOSIUM = "symposium"
    EXCHANGE = "exchange"
    SITE_VISIT = "site_visit"
    HOME_VISIT_ROUND = "home_visit_round"
    CAMPAIGN_MONTH = "campaign_month"
    COURSE = "course"
    OTHER = "other"


@described(
    "参加申込みの状態 / state of a registration",
    {
        "asked": ("主催者の確認待ち", "waits for the organiser"),
        "waiting": ("キャンセル待ち", "in the line"),
        "offered": ("空席の案内中", "a free place is offered, until offeredUntil"),
        "taken": ("参加", "has places"),
        "given_up": ("取消し", "given up"),
        "refused": ("お断り", "the organiser declined"),
        "passed": ("返事がなく次の方へ", "the offer passed on"),
    },
)
class PlaceState(Enum):
    ASKED = "asked"
    WAITING = "waiting"
    OFFERED = "offered"
    TAKEN = "taken"
    GIVEN_UP = "given_up"
    REFUSED = "refused"
    PASSED = "passed"


@described(
    "だれの枠か / whose places",
    {
        "host": ("主催・共催団体", "the organiser and its co-hosts"),
        "organisations": ("会員団体", "other members"),
        "residents": ("住民", "people without an account"),
    },
)
class Quota(Enum):
    HOST = "host"
    ORGANISATIONS = "organisations"
    RESIDENTS = "residents"


@strawberry.enum(description="申込みの並び順 / NUMBER is the order of the line")
class PlaceOrder(Enum):
    NEWEST = "NEWEST"
    NUMBER = "NUMBER"


@strawberry.enum(
    description="行事について行える操作。ANNOUNCE_EVENTはpublishEventのtoEverybody: false / "
    "what can be done to an event; ANNOUNCE_EVENT is publishEvent with toEverybody: false; "
    "WAIT_FOR_PLACES is takePlaces with wait: true"
)
class EventAction(Enum):
    EDIT_EVENT = "edit_event"
    ANNOUNCE_EVENT = "announce_event"
    PUBLISH_EVENT = "publish_event"
    CANCEL_EVENT = "cancel_event"
    STEP_DOWN_AS_CO_HOST = "step_down_as_co_host"
    TAKE_PLACES = "take_places"
    WAIT_FOR_PLACES = "wait_for_places"
    OPEN_ATTENDANCE = "open_attendance"
    RECORD_ATTENDANCE_LIST = "record_attendance_list"
    REVEAL_PARTICIPANTS = "reveal_participants"
    REPORT_EVENT = "report_event"


@strawberry.enum(description="参加枠について行える操作 / what can be done to places")
class PlaceAction(Enum):
    GIVE_UP_PLACES = "give_up_places"
    ACCEPT_PLACES = "accept_places"
    CHANGE_PLACES = "change_places"
    APPROVE_PLACES = "approve_places"
    DECLINE_PLACES = "decline_places"
    RECORD_ATTENDANCE = "record_attendance"
    ATTEND_WITH_CODE = "attend_with_code"


IN_ORDER = {"NUMBER": Order((("number", False),), reads=("number",))}


LINE = {
    "NEWEST": Order(newest_first=True),
    "NUMBER": Order((("number", False),), reads=("number",)),
}
PLACE_FILTERS = {
    "state": Filter(lambda row, value: row.c.state == value, reads=("state",)),
    "quota": Filter(lambda row, value: row.c.quota == value, reads=("quota",)),
}


def _shown_speakers(row: Row, _: Asker) -> "sa.ColumnElement[Any]":
    shown: sa.ColumnClause[str] = sa.literal_column("'$[*] ? (@.shown == true)'::jsonpath", sa.Text())
    return sa.func.jsonb_path_query_array(row.c.speakers, shown, type_=JSONB())


def _left(row: Row, asker: Asker) -> "sa.ColumnElement[int]":
    """Null where there is no limit, or places are not taken here."""
    limited = sa.and_(row.c.reservable, row.c.capacity.is_not(None))
    return sa.case((limited, persons_left(row, asker)))


@stored(occurrence, object="occurrence", prefix="occurrence")
@strawberry.type(description="開催日時 / when an event takes place once, or on days in a row")
class EventOccurrence(Node):
    id: strawberry.ID = identity()
    starts_at: dt.datetime | None = column()
    ends_at: dt.datetime | None = column(description="null: 終了の記載なし / no end is stated")
    all_day: bool | None = column(description="終日(日本時間) / the whole day in Japan")
    days: int | None = column(description="同じ時間で続く日数 / days in a row at these hours")
    dropped: bool | None = column(description="取りやめた回 / taken out of the event again")


@stored(place, object="place", prefix="place")
@strawberry.type(description="参加枠 / an organisation's places at an event")
class Place(Node):
    id: strawberry.ID = identity()
    event: "Event | None" = one("Event", on=lambda own, row: row.c.id == own.c.event_id)
    organisation: Organisation | None = one(
        "Organisation", on=lambda own, row: row.c.id == own.c.organisation_id
    )
    quota: Quota | None = column()
    number: int | None = column(description="受付番号。順番待ちの順 / the order of the line")
    count: int | None = column(description="人数 / persons")
    attendees: list[str] | None = column(
        description="参加者名。住民の氏名はrevealParticipantsで / names of an organisation's people"
    )
    attended: int | None = column(description="出席した人数 / persons who came")
    state: PlaceState | None = column()
    offered_until: dt.datetime | None = column(description="空席の案内の期限 / until when it is offered")
    created_at: dt.datetime | None = column()
    version: int | None = column()
    viewer_can: list[PlaceAction] | None = can()
    hidden_fields: list[str] = hidden()


@stored(event_report, object="event_report", prefix="event_report")
@strawberry.type(description="行事の報告 / what became of an event")
class EventReport(Node):
    id: strawberry.ID = identity()
    summary: str | None = column()
    attended: int | None = column(description="参加者数(延べ) / persons who came")
    published: bool | None = column(description="公開しているか / for all who read the event's card")
    created_at: dt.datetime | None = column()
    updated_at: dt.datetime | None = column()
    version: int | None = column()
    hidden_fields: list[str] = hidden()


@stored(event, object="event", prefix="event")
@strawberry.type(description="行事 / an event")
class Event(Node):
    id: strawberry.ID = identity()
    kind: EventKind | None = column()
    title: str | None = column()
    title_kana: str | None = column()
    description: str | None = column()
    state: EventState | None = column()
    published: bool | None = column(description="一般公開 / whether everybody may read the card")
    announced_at: dt.datetime | None = column()
    starts_at: dt.datetime | None = column(description="最初の開始 / start of the first occurrence")
    ends_at: dt.datetime | None = column(description="最後の終了 / end of the last, if stated")
    delivery_mode: DeliveryMode | None = column()
    venue: str | None = column()
    address: str | None = column()
    latitude: float | None = column(description="緯度(度) / degrees")
    longitude: float | None = column(description="経度(度) / degrees")
    audience: str | None = column(description="対象者 / for whom")
    join_url: str | None = column(description="参加用リンク / for the organiser and who attends")
    url: str | None = column(description="案内ページ / page about it")
    fee: str | None = column()
    capacity: int | None = column(description="定員(人)。nullは制限なし / persons; null is no limit")
    reservable: bool | None = column(description="参加枠をここで取れるか / places are taken here")
    reserved_host: int | None = column(description="主催・共催団体の取置き(人) / persons, of the capacity")
    reserved_organisations: int | None = column(description="会員団体の取置き(人)")
    reserved_residents: int | None = column(description="住民の取置き(人)")
    for_residents: bool | None = column(
        description="住民が申込みページから申し込めるか / by the public page, without an account"
    )
    approval: bool | None = column(description="主催者の承認が必要 / the organiser admits each one")
    questions: JSON | None = column(
        description="申込み時の質問 [{text, required, choices}] / what is asked of who registers"
    )
    offer_hours: int | None = column(
        description="空席の案内の期限(時間) / hours that a free place is kept for who waited"
    )
    remind_hours: int | None = column(description="何時間前に知らせるか / hours before; null: no reminder")
    keep_days: int | None = column(
        description="参加者の氏名・連絡先を終了後に消すまでの日数 / days until names are erased"
    )
    speakers: JSON | None = computed(
        _shown_speakers, description="公表する講師・登壇者 [{name, affiliation}] / speakers, as far as shown"
    )
    all_speakers: JSON | None = column(
        "speakers", description="講師・登壇者すべて [{name, affiliation, shown}] / also those not shown"
    )
    attendance_code: str | None = column(description="会場に表示する出席番号 / shown in the room")
    places_left: int | None = computed(
        _left, description="この人の残席(人) / persons, for the asker; null: no limit"
    )
    attendee_count: int | None = computed(persons_taken, description="参加人数 / persons who have places")
    waiting_list: int | None = computed(persons_waiting, description="順番を待つ人数 / persons in the line")
    deadline: dt.datetime | None = column(description="申込期限")
    inquiries: str | None = column(description="問合せ先")
    cancel_reason: str | None = column(description="中止の理由")
    organiser: Organisation | None = one(
        "Organisation", on=lambda own, row: row.c.id == own.c.organisation_id
    )
    series_first: "Event | None" = one(
        "Event",
        on=lambda own, row: row.c.id == own.c.series_id,
        description="連続開催の最初の回 / the first event of its series",
    )
    report: "EventReport | None" = one(
        "EventReport", on=lambda own, row: row.c.id == own.c.id, description="開催の報告 / what became of it"
    )
    working_group: WorkingGroup | None = one(
        "WorkingGroup", on=lambda own, row: row.c.id == own.c.working_group_id
    )
    created_at: dt.datetime | None = column()
    updated_at: dt.datetime | None = column()
    version: int | None = column()
    viewer_can: list[EventAction] | None = can()
    hidden_fields: list[str] = hidden()

    @listing("Organisation", on=lambda own, row: row.c.id == sa.any_(own.c.co_host_ids))
    def co_hosts(self, first: int | None = 20) -> list[Organisation] | None:
        """共催団体 / organisations that hold it together with the organiser."""

    @listing(
        "EventOccurrence",
        on=lambda own, row: sa.and_(row.c.event_id == own.c.id, sa.not_(row.c.dropped)),
        orders=IN_ORDER,
    )
    def occurrences(self, first: int | None = 20) -> list[EventOccurrence] | None:
        """開催日時 / when it takes place, in order."""

    @listing("EventOccurrence", on=lambda own, row: row.c.event_id == own.c.id, orders=IN_ORDER)
    def all_occurrences(self, first: int | None = 20) -> list[EventOccurrence] | None:
        """取りやめた回も含む開催日時 / also those taken out again, for calendars that know them."""

    @connection("Place", on=lambda own, row: row.c.event_id == own.c.id, orders=LINE, filters=PLACE_FILTERS)
    def places(  # noqa: PLR0913 - GraphQL arguments
        self,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        state: PlaceState | None = None,
        quota: Quota | None = None,
        order: PlaceOrder | None = PlaceOrder.NEWEST,
    ) -> Connection[Place] | None:
        """参加枠 / places that the asker may see: one's own, and all of one's own event."""
