"""What mutations of members take. Left out or null: as it was; an empty text clears."""

import datetime as dt

import strawberry

from libs.serving.session import identity_of
from services.platform.members.actions.applications import Application
from services.platform.members.actions.described import Description
from services.platform.members.actions.people import Profile
from services.platform.members.actions.settings import Settings
from services.platform.members.schema.types import (
    Capacity,
    CardScan,
    DeclinedFor,
    LinkCode,
    OrganisationKind,
    ProfileFor,
    Role,
)


@strawberry.input(description="入会申請 / what an organisation says when it applies")
class ApplyInput:
    kind: OrganisationKind
    name: str
    name_kana: str | None = None
    corporate_number: str | None = None
    fields_of_work: list[str] | None = None
    services: str | None = None
    area: str | None = None
    website: str | None = None
    work_contact: str | None = None
    work_email: str | None = None
    confidential_address: str | None = None
    application_statement: str | None = None
    applicant_name: str | None = strawberry.field(
        default=None,
        description="申請者の氏名。登録済みの方は不要 / your name, unless this platform knows you already",
    )
    applicant_email: str | None = strawberry.field(
        default=None, description="結果をお知らせするメール / where you are told of the decision"
    )
    agreed_condition_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="同意した条件。すべて必要 / the conditions agreed to: all of them"
    )
    member_class_id: strawberry.ID | None = strawberry.field(
        default=None, description="希望する会員区分 / the class that it wishes for"
    )


def application_of(given: ApplyInput) -> Application:
    return Application(
        kind=given.kind.value,
        applicant_name=given.applicant_name,
        applicant_email=given.applicant_email,
        agreed=[identity_of(each, "condition", "agreedConditionIds") for each in given.agreed_condition_ids],
        member_class=identity_of(given.member_class_id, "class", "memberClassId")
        if given.member_class_id
        else None,
        wants_class=given.member_class_id is not None,
    )


@strawberry.input(description="団体情報の変更 / changes to the organisation's entry")
class EditOrganisationInput:
    id: strawberry.ID
    version: int
    name: str | None = None
    name_kana: str | None = None
    corporate_number: str | None = None
    fields_of_work: list[str] | None = None
    services: str | None = None
    area: str | None = None
    website: str | None = None
    work_contact: str | None = None
    work_email: str | None = None
    confidential_address: str | None = None
    application_statement: str | None = None


def described(given: ApplyInput | EditOrganisationInput) -> Description:
    return Description(
        name=given.name,
        name_kana=given.name_kana,
        corporate_number=given.corporate_number,
        fields_of_work=given.fields_of_work,
        services=given.services,
        area=given.area,
        website=given.website,
        work_contact=given.work_contact,
        work_email=given.work_email,
        confidential_address=given.confidential_address,
        application_statement=given.application_statement,
    )


@strawberry.input(description="団体とその版 / an organisation, in the version that you read")
class OrganisationInput:
    id: strawberry.ID
    version: int


@strawberry.input(description="審査 / a review; notes are for coordinators alone")
class ReviewInput:
    id: strawberry.ID
    version: int
    notes: str | None = None


@strawberry.input(description="却下 / the applicant reads the reason, never the notes")
class DeclineInput:
    id: strawberry.ID
    version: int
    reason: str
    code: DeclinedFor | None = None
    notes: str | None = None


@strawberry.input(description="会員区分を付ける。nullで外す / give a class of members; null takes it away")
class SetMemberClassInput:
    id: strawberry.ID
    version: int
    member_class_id: strawberry.ID | None = None


@strawberry.input(description="代表者の任期 / the term of a representative; nulls clear it")
class SetTermInput:
    organisation_id: strawberry.ID
    person_id: strawberry.ID
    from_on: dt.date | None = None
    until_on: dt.date | None = None


@strawberry.input(description="代表者の交代 / the successor takes over from the predecessor")
class HandOverInput:
    organisation_id: strawberry.ID
    predecessor_id: strawberry.ID
    successor_id: strawberry.ID
    until_on: dt.date | None = strawberry.field(
        default=None, description="後任の任期の末日 / last day of the successor's term"
    )


@strawberry.input(description="一般公開 / open the card to everybody, or close it")
class PublishOrganisationInput:
    id: strawberry.ID
    version: int
    published: bool


@strawberry.input(description="受入余力と活動地域 / what it can take on as of today, and where it works")
class SetCapacityInput:
    id: strawberry.ID
    version: int
    capacity: Capacity
    service_areas: list[str] | None = None


@strawberry.input(description="招待 / a person to be invited")
class InviteInput:
    organisation_id: strawberry.ID
    name: str
    roles: list[Role]
    email: str | None = None


@strawberry.input(description="招待コード / the code that you were given")
class AcceptInvitationInput:
    code: str


@strawberry.input(description="役割 / a person's roles in the organisation, all of them")
class SetRolesInput:
    organisation_id: strawberry.ID
    person_id: strawberry.ID
    roles: list[Role]


@strawberry.input(description="所属を終える人 / whose membership in the organisation ends")
class RemovePersonInput:
    organisation_id: strawberry.ID
    person_id: strawberry.ID


@strawberry.input(description="自分のこと / what you say about yourself")
class EditProfileInput:
    version: int
    name: str | None = None
    name_kana: str | None = None
    profile: str | None = None
    interests: str | None = None
    ask_me: str | None = None
    profile_for: ProfileFor | None = None
    email: str | None = None


def profile_of(given: EditProfileInput) -> Profile:
    return Profile(
        name=given.name,
        name_kana=given.name_kana,
        profile=given.profile,
        interests=given.interests,
        ask_me=given.ask_me,
        profile_for=given.profile_for.value if given.profile_for else None,
        email=given.email,
    )


@strawberry.input(description="人となりの写真。先に /photos へ送る / a photo, sent to /photos before")
class SetPhotoInput:
    version: int
    upload_id: strawberry.ID


@strawberry.input
class RemovePhotoInput:
    version: int


@strawberry.input(description="事務局担当 / who shall coordinate, and until when")
class AppointCoordinatorInput:
    person_id: strawberry.ID
    until: dt.datetime | None = None


@strawberry.input(description="事務局担当を外れる人 / who shall no longer coordinate")
class DismissCoordinatorInput:
    person_id: strawberry.ID


@strawberry.input(description="設定の変更 / changes to the platform's settings")
class ChangeSettingsInput:
    version: int
    conditions: str | None = None
    accepts_applications: bool | None = None
    card_scan: CardScan | None = None
    access_after_end_days: int | None = None
    answer_working_days: int | None = None
    confirm_days: int | None = None
    answer_link_hours: int | None = None
    answer_link_code: LinkCode | None = None
    answer_links_automatic: bool | None = strawberry.field(
        default=None,
        description="回答できる担当者のいない打診先には、回答リンクを自動で送る / mail a link by itself to a "
        "recipient that has nobody to answer",
    )
    case_retention_days: int | None = None
    paper_retention_days: int | None = None
    file_mebibytes: int | None = None
    organisation_file_mebibytes: int | None = None
    review_every_days: int | None = strawberry.field(
        default=None, description="申請を審査する間隔(日)。0は随時 / 0: as they come"
    )
    review_from: dt.date | None = strawberry.field(default=None, description="審査日を数え始める日")


def settings_of(given: ChangeSettingsInput) -> Settings:
    return Settings(
        conditions=given.conditions,
        accepts_applications=given.accepts_applications,
        card_scan=given.card_scan.value if given.card_scan else None,
        access_after_end_days=given.access_after_end_days,
        answer_working_days=given.answer_working_days,
        confirm_days=given.confirm_days,
        answer_link_hours=given.answer_link_hours,
        answer_link_code=given.answer_link_code.value if given.answer_link_code else None,
        answer_links_automatic=given.answer_links_automatic,
        case_retention_days=given.case_retention_days,
        paper_retention_days=given.paper_retention_days,
        file_mebibytes=given.file_mebibytes,
        organisation_file_mebibytes=given.organisation_file_mebibytes,
        review_every_days=given.review_every_days,
        review_from=given.review_from,
    )
