"""What the mutations of training take."""

import datetime as dt
import uuid

import strawberry

from services.platform.events.schema.inputs import EventContentInput, needed_id, optional_id
from services.platform.training.actions.courses import Details
from services.platform.training.actions.texts import Text
from services.platform.training.schema.types import (
    Edition,
    LecturerSource,
    Lecturing,
    TargetCategory,
    VenueCategory,
)


@strawberry.input(description="テキスト / a text")
class CourseTextContentInput:
    edition: Edition
    title: str
    text_version: str
    language: str = "ja"
    opening_minutes: int
    lecture_minutes: int
    survey_minutes: int
    materials: str = ""

    def text(self) -> Text:
        minutes = (self.opening_minutes, self.lecture_minutes, self.survey_minutes)
        return Text(self.edition.value, self.title, self.text_version, self.language, minutes, self.materials)


@strawberry.input
class CreateCourseTextInput:
    text: CourseTextContentInput


@strawberry.input
class EditCourseTextInput:
    id: strawberry.ID
    version: int
    text: CourseTextContentInput


@strawberry.input
class PublishCourseTextInput:
    id: strawberry.ID
    version: int


@strawberry.input
class WithdrawCourseTextInput:
    id: strawberry.ID
    version: int


@strawberry.input
class RenewCourseTextInput:
    id: strawberry.ID
    version: int
    text_version: str


@strawberry.input(description="講座として / what a course has beside its event")
class CourseDetailsInput:
    text_id: strawberry.ID
    venue_category: VenueCategory
    lecturing: Lecturing = Lecturing.OWN
    declared: bool = strawberry.field(
        default=False,
        description="主催者の講師がテキストを理解している / the host's lecturer has understood the text",
    )
    school_contact: str = ""
    school_timing: str = ""
    school_counsellor: str = ""
    school_follow_up: str = ""

    def details(self) -> Details:
        return Details(
            needed_id(self.text_id, "course_text", "textId"),
            self.venue_category.value,
            self.lecturing.value,
            self.declared,
            self.school_contact,
            self.school_timing,
            self.school_counsellor,
            self.school_follow_up,
        )


@strawberry.input
class CreateCourseInput:
    event: EventContentInput
    course: CourseDetailsInput
    organisation_id: strawberry.ID | None = None

    def host(self) -> uuid.UUID | None:
        return optional_id(self.organisation_id, "organisation", "organisationId")


@strawberry.input(description="日時や会場はeditEventで / what is the event's is changed by editEvent")
class EditCourseInput:
    id: strawberry.ID
    version: int
    course: CourseDetailsInput


@strawberry.input
class RequestDispatchInput:
    id: strawberry.ID
    version: int
    wishes: str = ""


@strawberry.input
class OfferDispatchInput:
    id: strawberry.ID
    version: int
    person_id: strawberry.ID
    source: LecturerSource


@strawberry.input
class AcceptDispatchInput:
    id: strawberry.ID
    version: int


@strawberry.input
class DeclineDispatchInput:
    id: strawberry.ID
    version: int


@strawberry.input
class WithdrawDispatchInput:
    id: strawberry.ID
    version: int


@strawberry.input(
    description="出席の記録に、申込みなしで来た人数を加える / recorded attendance, and walk-ins"
)
class ReportCourseInput:
    id: strawberry.ID
    version: int
    walk_ins: int = 0


@strawberry.input
class HandOutCertificatesInput:
    id: strawberry.ID
    count: int


@strawberry.input
class RevokeCertificateInput:
    id: strawberry.ID
    version: int


@strawberry.input
class SetTrainingTargetInput:
    fiscal_year: int
    venue_category: TargetCategory
    sessions: int | None = None
    heads: int | None = None


@strawberry.input(description="この日までに届いた報告で締める / closed with what came by this day")
class CloseTrainingPeriodInput:
    reported_by: dt.date
