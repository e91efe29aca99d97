"""Organisations, people and the platform as they are read."""

import datetime as dt
from enum import Enum

import sqlalchemy as sa
import strawberry
from strawberry.scalars import JSON

from libs.policy.predicates import ASKER, Asker
from libs.reading.declare import (
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
from libs.reading.node import Connection, Node
from libs.tenancy.models import (
    membership,
    organisation,
    person,
    platform_settings,
    tenant,
    tenant_municipality,
)
from services.platform.admission.schema import ConditionAgreement, MemberClass
from services.platform.members import models
from services.platform.papers.models import photo_id
from services.platform.papers.schema import ApplicationPaper


@strawberry.enum(description="団体の種別 / kind of an organisation")
class OrganisationKind(Enum):
    GOVERNMENT = "government"
    NPO = "npo"
    COMPANY = "company"


@strawberry.enum(description="会員資格の状態 / state of a membership")
class OrganisationStatus(Enum):
    APPLIED = "applied"
    ACTIVE = "active"
    DECLINED = "declined"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"


@strawberry.enum(description="団体の中での役割 / role of a person in an organisation")
class Role(Enum):
    REPRESENTATIVE = "representative"
    DESK = "desk"
    CASEWORKER = "caseworker"


@strawberry.enum(description="招待中・在籍・取消し / standing of a person")
class PersonStatus(Enum):
    INVITED = "invited"
    ACTIVE = "active"
    REMOVED = "removed"


@strawberry.enum(description="プラットフォームの種別 / kind of a platform")
class PlatformKind(Enum):
    MUNICIPALITY = "municipality"
    PREFECTURE = "prefecture"
    JOINT = "joint"
    NATIONAL = "national"


@strawberry.enum(description="個人情報らしい記載の扱い / what happens where a card seems to name a person")
class CardScan(Enum):
    BLOCK = "block"
    CONFIRM = "confirm"


@strawberry.enum(
    description="回答リンクの確認コードの渡し方 / how the code of a link to answer reaches who answers"
)
class LinkCode(Enum):
    MAIL = "mail"
    TELEPHONE = "telephone"


@strawberry.enum(description="団体について行える操作 / what can be done to an organisation")
class OrganisationAction(Enum):
    WITHDRAW_APPLICATION = "withdraw_application"
    APPROVE_MEMBER = "approve_member"
    SET_MEMBER_CLASS = "set_member_class"
    DECLINE_MEMBER = "decline_member"
    SUSPEND_MEMBER = "suspend_member"
    REINSTATE_MEMBER = "reinstate_member"
    LEAVE = "leave"
    END_MEMBERSHIP = "end_membership"
    EDIT_ORGANISATION = "edit_organisation"
    ADD_PAPER = "add_paper"
    PUBLISH_ORGANISATION = "publish_organisation"
    SET_CAPACITY = "set_capacity"
    INVITE_PERSON = "invite_person"
    SET_ROLES = "set_roles"
    SET_TERM = "set_term"
    HAND_OVER = "hand_over"
    REMOVE_PERSON = "remove_person"
    PREVIEW_ACCESS = "preview_access"


@strawberry.enum(description="受入余力 / what an organisation can take on")
class Capacity(Enum):
    OPEN = "open"
    LIMITED = "limited"
    WAITLIST = "waitlist"
    NONE = "none"


@strawberry.enum(description="入会を断る理由 / why an application is declined")
class DeclinedFor(Enum):
    CONDITIONS = "conditions"
    OUT_OF_AREA = "out_of_area"
    NOT_ACTIVE = "not_active"
    INCOMPLETE = "incomplete"
    DUPLICATE = "duplicate"
    OTHER = "other"


@strawberry.enum(description="人となりを見せる範囲: 会員全体・自団体だけ / to whom a profile is shown")
class ProfileFor(Enum):
    MEMBERS = "members"
    OWN = "own"


@strawberry.enum(description="人について行える操作 / what can be done to a person")
class PersonAction(Enum):
    EDIT_PROFILE = "edit_profile"
    APPOINT_COORDINATOR = "appoint_coordinator"
    DISMISS_COORDINATOR = "dismiss_coordinator"
    PREVIEW_ACCESS = "preview_access"


@strawberry.enum(description="プラットフォームについて行える操作 / what can be done to the platform")
class PlatformAction(Enum):
    CHANGE_SETTINGS = "change_settings"
    SET_CONDITIONS = "set_conditions"
    KEEP_MEMBER_CLASSES = "keep_member_classes"
    EXPORT_LIST = "export_list"
    KEEP_HELP_PAGE = "keep_help_page"
    CHANGE_REFERRAL_TERMS = "change_referral_terms"
    BREACH_WORKSHEET = "breach_worksheet"


@stored(person, object="person", prefix="person")
@strawberry.type(description="人 / a person who acts for an organisation")
class Person(Node):
    id: strawberry.ID = identity()
    name: str | None = column()
    name_kana: str | None = column()
    profile: str | None = column(description="人となり / what the person chose to show")
    interests: str | None = column(description="好きなこと / what I like to do")
    ask_me: str | None = column(description="聞いてほしいこと・話せること / ask me about")
    photo: strawberry.ID | None = computed(
        photo_id, description="写真。openFile で開く / the id by which openFile gives a link to the photo"
    )
    profile_for: ProfileFor | None = column(description="人となりを見せる範囲 / to whom it is shown")
    term_from: dt.date | None = computed(
        lambda row, _: models.first_membership(membership.c.term_from, row),
        description="代表者の任期の初日 / first day of a representative's term",
    )
    term_until: dt.date | None = computed(
        lambda row, _: models.first_membership(membership.c.term_until, row),
        description="代表者の任期の末日 / its last day",
    )
    email: str | None = column()
    status: PersonStatus | None = column()
    roles: list[Role] | None = computed(
        lambda row, _: models.first_membership(membership.c.roles, row),
        description="団体での役割。自団体を優先 / roles; those in your own organisation first",
    )
    is_coordinator: bool | None = computed(
        models.coordinates, description="事務局担当 / coordinates the platform"
    )
    organisation: "Organisation | None" = one(
        "Organisation",
        on=lambda row, org: org.c.id == models.first_membership(membership.c.organisation_id, row),
        description="所属団体。自団体を優先 / the organisation; your own first",
    )
    created_at: dt.datetime | None = column()
    version: int | None = column()
    viewer_can: list[PersonAction] | None = can()
    hidden_fields: list[str] = hidden()


@stored(organisation, object="organisation", prefix="organisation")
@strawberry.type(description="団体 / a member organisation")
class Organisation(Node):
    id: strawberry.ID = identity()
    name: str | None = column()
    name_kana: str | None = column()
    kind: OrganisationKind | None = column()
    status: OrganisationStatus | None = column()
    fields_of_work: list[str] | None = column()
    services: str | None = column()
    area: str | None = column()
    capacity: Capacity | None = column(description="受入余力 / what it can take on, by its own word")
    capacity_as_of: dt.date | None = column(description="受入余力の時点 / the day of that word")
    service_areas: list[str] | None = column(
        description="活動地域。空なら全域 / where it works; empty: everywhere"
    )
    corporate_number: str | None = column()
    website: str | None = column()
    work_contact: str | None = column()
    work_email: str | None = column(
        description="業務用メール。回答リンクの宛先 / the one address to which links to answer are mailed"
    )
    confidential_address: str | None = column()
    application_statement: str | None = column()
    decline_reason: str | None = column()
    decline_code: DeclinedFor | None = column()
    member_class: MemberClass | None = one(
        "MemberClass",
        on=lambda row, kind: kind.c.id == row.c.member_class_id,
        description="会員区分 / its class of members",
    )
    review_notes: str | None = column()
    published: bool | None = column(description="一般公開 / open to everybody, without login")
    created_at: dt.datetime | None = column()
    member_since: dt.datetime | None = computed(
        lambda row, _: sa.case((models.was_admitted(row), row.c.decided_at))
    )
    version: int | None = column()
    viewer_can: list[OrganisationAction] | None = can()
    hidden_fields: list[str] = hidden()

    @connection("ConditionAgreement", on=lambda org, row: row.c.organisation_id == org.c.id)
    def agreements(
        self,
        first: int | None = 30,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[ConditionAgreement] | None:
        """同意した条件 / the conditions that it agreed to, as they were worded."""

    @connection("ApplicationPaper", on=lambda org, row: row.c.organisation_id == org.c.id)
    def application_papers(
        self,
        first: int | None = 30,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[ApplicationPaper] | None:
        """申請書類 / the papers of its application, newest first."""

    @listing("Person", on=lambda org, row: row.c.id.in_(models.people_of(org)))
    def people(self, first: int | None = 20) -> list[Person] | None:
        """団体の人 / people who act for the organisation today."""


def _name(_: Row, asker: Asker) -> "sa.ScalarSelect[str]":
    return sa.select(tenant.c.name).where(tenant.c.tenant_id == asker.tenant).scalar_subquery()


def _kind(_: Row, asker: Asker) -> "sa.ScalarSelect[str]":
    return sa.select(tenant.c.kind).where(tenant.c.tenant_id == asker.tenant).scalar_subquery()


def _codes(_: Row, __: Asker) -> "sa.ColumnElement[list[str]]":
    return sa.func.array(
        sa.select(tenant_municipality.c.code)
        .where(tenant_municipality.c.tenant_id == ASKER.tenant)
        .order_by(tenant_municipality.c.code)
        .scalar_subquery()
    )


@stored(platform_settings, object="tenant", prefix="platform")
@strawberry.type(
    description="プラットフォーム / the platform of a municipality, a prefecture or several together"
)
class Platform(Node):
    id: strawberry.ID = identity()
    name: str | None = computed(_name)
    kind: PlatformKind | None = computed(_kind)
    municipality_codes: list[str] | None = computed(
        _codes, policy="municipality_code", description="全国地方公共団体コード / six-digit codes"
    )
    conditions: str | None = column(description="入会の条件 / what it asks of members")
    accepts_applications: bool | None = column(
        description="入会申請を受け付けているか / takes applications now"
    )
    review_every_days: int | None = column(
        description="申請を審査する間隔(日)。nullは随時 / applications are looked at every so many days"
    )
    next_review_on: dt.date | None = computed(
        models.next_review, description="次の審査日 / the next day on which applications are looked at"
    )
    card_scan: CardScan | None = column(policy="settings")
    access_after_end_days: int | None = column(
        policy="settings",
        description="完結後に紹介を閲覧できる日数 / days that both sides still read a closed referral",
    )
    answer_working_days: int | None = column(
        policy="settings", description="打診への回答期限(開庁日) / working days to answer a referral"
    )
    confirm_days: int | None = column(
        policy="settings", description="完結の確認期限 / days to confirm a reported outcome"
    )
    help_desk: Organisation | None = one(
        "Organisation",
        on=lambda row, org: org.c.id == row.c.help_desk_id,
        policy="help_page",
        description="相談ページの受付団体 / whose desk requests for help come to",
    )
    help_introduction: str | None = column(policy="help_page", description="相談ページの言葉")
    help_lines: JSON | None = column(
        policy="help_page", description="電話の窓口とつながる時間 / telephone lines and when they answer"
    )
    help_keep_days: int | None = column(
        policy="settings",
        description="相談を最後のやりとりから保管する日数 / days that a request is kept after the last words",
    )
    help_most_sent: int | None = column(
        policy="settings", description="10分間に受け付ける相談の数 / requests taken within ten minutes"
    )
    answer_link_hours: int | None = column(
        policy="settings",
        description="回答リンクの有効時間 / hours for which a link to answer can be used",
    )
    answer_link_code: LinkCode | None = column(policy="settings")
    answer_links_automatic: bool | None = column(
        policy="settings",
        description="打診先に回答できる人がいなければ回答リンクを自動で送る / "
        "whether a link goes by itself to a recipient that has nobody to answer",
    )
    case_retention_days: int | None = column(
        policy="settings", description="終結したケースの保存日数 / days after its end that a case is kept"
    )
    paper_retention_days: int | None = column(
        policy="settings",
        description="却下・取下げ後の申請書類の保存日数 / days that an ended application's papers are kept",
    )
    file_mebibytes: int | None = column(
        policy="settings", description="ファイルの容量(MiB) / room for all files"
    )
    organisation_file_mebibytes: int | None = column(
        policy="settings", description="1団体のファイルの容量(MiB) / room for one organisation's files"
    )
    version: int | None = column()
    viewer_can: list[PlatformAction] | None = can()
    hidden_fields: list[str] = hidden()
