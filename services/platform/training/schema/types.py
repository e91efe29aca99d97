"""Texts, courses and what hangs on them, as they are read. Of participants here are counts and no names."""

import datetime as dt
from enum import Enum

import strawberry

from libs.reading.declare import can, column, computed, connection, hidden, identity, one, stored
from libs.reading.enums import described
from libs.reading.node import Connection, Node
from services.platform.events.schema import Event
from services.platform.members.schema.types import Person
from services.platform.training import models, words


@described("講座の種類 / edition of a course", words.EDITIONS)
class Edition(Enum):
    STANDARD = "standard"
    CHILDREN = "children"
    STEP_UP = "step_up"


@strawberry.enum(description="テキストの状態 / state of a text")
class TextState(Enum):
    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


@described("会場区分 / venue category", {code: word for code, word in words.VENUES.items() if code != "all"})
class VenueCategory(Enum):
    LOCAL_GOVERNMENT = "local_government"
    WORKPLACE = "workplace"
    SUPPORT_BODY = "support_body"
    OTHER_BODY = "other_body"


@described("会場区分か合計 / venue category, or all of them", words.VENUES)
class TargetCategory(Enum):
    LOCAL_GOVERNMENT = "local_government"
    WORKPLACE = "workplace"
    SUPPORT_BODY = "support_body"
    OTHER_BODY = "other_body"
    ALL = "all"


@strawberry.enum(description="講師の手配: 派遣か、主催者の講師か / a dispatched lecturer, or the host's own")
class Lecturing(Enum):
    DISPATCH = "dispatch"
    OWN = "own"


@described("講座の状態 / state of a course", words.COURSE_STATES)
class CourseState(Enum):
    PLANNED = "planned"
    ANNOUNCED = "announced"
    HELD = "held"
    REPORTED = "reported"
    CANCELLED = "cancelled"


@strawberry.enum(description="派遣依頼の状態 / state of a dispatch")
class DispatchState(Enum):
    REQUESTED = "requested"
    OFFERED = "offered"
    ASSIGNED = "assigned"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@strawberry.enum(description="講師の所属: 会員か検討会委員か / the lecturer's pool")
class LecturerSource(Enum):
    MEMBER = "member"
    REVIEW_BOARD = "review_board"


@strawberry.enum(description="テキストについて行える操作")
class CourseTextAction(Enum):
    EDIT_COURSE_TEXT = "edit_course_text"
    PUBLISH_COURSE_TEXT = "publish_course_text"
    WITHDRAW_COURSE_TEXT = "withdraw_course_text"
    RENEW_COURSE_TEXT = "renew_course_text"


@strawberry.enum(description="講座について行える操作")
class CourseAction(Enum):
    EDIT_COURSE = "edit_course"
    REQUEST_DISPATCH = "request_dispatch"
    REPORT_COURSE = "report_course"
    HAND_OUT_CERTIFICATES = "hand_out_certificates"


@strawberry.enum(description="派遣依頼について行える操作")
class DispatchAction(Enum):
    OFFER_DISPATCH = "offer_dispatch"
    ACCEPT_DISPATCH = "accept_dispatch"
    DECLINE_DISPATCH = "decline_dispatch"
    WITHDRAW_DISPATCH = "withdraw_dispatch"


@strawberry.enum(description="修了証について行える操作")
class CertificateAction(Enum):
    REVOKE_CERTIFICATE = "revoke_certificate"


@stored(models.course_text, object="course_text", prefix="course_text")
@strawberry.type(description="講座テキスト / a text to teach by")
class CourseText(Node):
    id: strawberry.ID = identity()
    edition: Edition | None = column()
    title: str | None = column()
    text_version: str | None = column(description="版の名前 / what its publisher calls the version")
    language: str | None = column(description="言語(ja, en …) / language tag")
    opening_minutes: int | None = column(description="趣旨説明(分)")
    lecture_minutes: int | None = column(description="講座(分)")
    survey_minutes: int | None = column(description="アンケート(分)")
    materials: str | None = column(description="教材の入手方法・利用条件 / how it is had, and its terms")
    state: TextState | None = column()
    previous: "CourseText | None" = one("CourseText", on=lambda own, row: row.c.id == own.c.previous_id)
    created_at: dt.datetime | None = column()
    updated_at: dt.datetime | None = column()
    version: int | None = column()
    viewer_can: list[CourseTextAction] | None = can()
    hidden_fields: list[str] = hidden()


@stored(models.dispatch, object="dispatch", prefix="dispatch")
@strawberry.type(description="講師派遣の依頼 / a lecturer is asked for")
class Dispatch(Node):
    id: strawberry.ID = identity()
    course: "Course | None" = one("Course", on=lambda own, row: row.c.id == own.c.course_id)
    state: DispatchState | None = column()
    wishes: str | None = column(description="希望 / what the host asks for")
    lecturer: Person | None = one("Person", on=lambda own, row: row.c.id == own.c.person_id)
    source: LecturerSource | None = column()
    created_at: dt.datetime | None = column()
    updated_at: dt.datetime | None = column()
    version: int | None = column()
    viewer_can: list[DispatchAction] | None = can()
    hidden_fields: list[str] = hidden()


@stored(models.certificate, object="certificate", prefix="certificate")
@strawberry.type(description="修了証。だれのものかは残らない / a certificate; whose it is stands nowhere")
class Certificate(Node):
    id: strawberry.ID = identity()
    course: "Course | None" = one("Course", on=lambda own, row: row.c.id == own.c.course_id)
    prints: int | None = column(description="印刷された回数 / how often it was printed")
    created_at: dt.datetime | None = column()
    revoked_at: dt.datetime | None = column()
    version: int | None = column()
    viewer_can: list[CertificateAction] | None = can()
    hidden_fields: list[str] = hidden()


@stored(models.course, object="course", prefix="course")
@strawberry.type(
    description="講座。日時・会場・申込み・出席は行事に / a course: an event, and this beside it"
)
class Course(Node):
    id: strawberry.ID = identity()
    event: Event | None = one("Event", on=lambda own, row: row.c.id == own.c.event_id)
    text: CourseText | None = one("CourseText", on=lambda own, row: row.c.id == own.c.text_id)
    state: CourseState | None = computed(models.course_state)
    held_on: dt.date | None = computed(models.held_on, description="実施日(日本時間の開始日)")
    venue_category: VenueCategory | None = column(description="会場区分")
    lecturing: Lecturing | None = column(description="講師の手配")
    declared_at: dt.datetime | None = column(
        description="主催者の講師がテキストを理解したとの申告 / the host's lecturer has understood the text"
    )
    school_contact: str | None = column(description="学校との連絡先(事後の相談先)")
    school_timing: str | None = column(description="学校の時間割・時期")
    school_counsellor: str | None = column(description="スクールカウンセラー等")
    school_follow_up: str | None = column(description="うまくいかなかったときの支え / when an attempt fails")
    heads: int | None = computed(
        models.heads_reported, description="報告した人数(延べ)。nullは未報告 / heads; null is not reported"
    )
    reported_on: dt.date | None = computed(models.reported_on)
    created_at: dt.datetime | None = column()
    updated_at: dt.datetime | None = column()
    version: int | None = column()
    viewer_can: list[CourseAction] | None = can()
    hidden_fields: list[str] = hidden()

    @connection("Dispatch", on=lambda own, row: row.c.course_id == own.c.id)
    def dispatches(
        self,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[Dispatch] | None:
        """講師派遣の依頼 / lecturers asked for"""

    @connection("Certificate", on=lambda own, row: row.c.course_id == own.c.id)
    def certificates(
        self,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[Certificate] | None:
        """渡した修了証 / certificates handed out"""


@stored(models.target, object="training_target", prefix="training_target")
@strawberry.type(description="養成目標 / the target of a fiscal year; null is no target")
class TrainingTarget(Node):
    id: strawberry.ID = identity()
    fiscal_year: int | None = column(description="年度(4月から) / from April of this year")
    venue_category: TargetCategory | None = column()
    sessions: int | None = column(description="回数")
    heads: int | None = column(description="延べ人数 / heads")
    created_at: dt.datetime | None = column()
    updated_at: dt.datetime | None = column()
    version: int | None = column()
    hidden_fields: list[str] = hidden()
