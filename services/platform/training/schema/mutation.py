"""What people do about training. Each field is one action."""

import uuid

import strawberry

from libs.serving.session import identity_of, perform
from services.platform.events.schema.inputs import content_of
from services.platform.training.actions import certificates, courses, lecturers, reporting
from services.platform.training.schema import inputs
from services.platform.training.schema.payloads import (
    CertificatePayload,
    CertificateResult,
    CertificatesPayload,
    CertificatesResult,
    CoursePayload,
    CourseResult,
    DispatchPayload,
    DispatchResult,
    TrainingPeriodPayload,
    TrainingPeriodResult,
    TrainingTargetPayload,
    TrainingTargetResult,
)
from services.platform.training.schema.texts import TextsMutation


@strawberry.type
class CoursesMutation:
    @strawberry.mutation(description="講座を企画する / plan a course, with its event")
    async def create_course(self, info: strawberry.Info, input: inputs.CreateCourseInput) -> CourseResult:
        return await perform(
            info,
            CoursePayload,
            lambda acting: courses.create_course(
                acting, input.host(), content_of(input.event), input.course.details()
            ),
        )

    @strawberry.mutation(description="講座の内容を直す / edit what it has beside its event")
    async def edit_course(self, info: strawberry.Info, input: inputs.EditCourseInput) -> CourseResult:
        return await perform(
            info,
            CoursePayload,
            lambda acting: courses.edit_course(
                acting, _of(input.id, "course"), input.version, input.course.details()
            ),
        )

    @strawberry.mutation(description="実施を報告する / report what was held")
    async def report_course(self, info: strawberry.Info, input: inputs.ReportCourseInput) -> CourseResult:
        return await perform(
            info,
            CoursePayload,
            lambda acting: reporting.report_course(
                acting, _of(input.id, "course"), input.version, input.walk_ins
            ),
        )

    @strawberry.mutation(description="修了証のコードをつくる / codes to print certificates with, shown once")
    async def hand_out_certificates(
        self, info: strawberry.Info, input: inputs.HandOutCertificatesInput
    ) -> CertificatesResult:
        made: list[list[str]] = []

        def shown(*, identity: uuid.UUID) -> CertificatesPayload:
            return CertificatesPayload(identity=identity, codes=made[-1] if made else [])

        return await perform(
            info,
            shown,
            lambda acting: certificates.hand_out_certificates(
                acting, _of(input.id, "course"), input.count, made.append
            ),
        )

    @strawberry.mutation(description="修了証を取り消す / revoke a certificate")
    async def revoke_certificate(
        self, info: strawberry.Info, input: inputs.RevokeCertificateInput
    ) -> CertificateResult:
        return await perform(
            info,
            CertificatePayload,
            lambda acting: certificates.revoke_certificate(
                acting, _of(input.id, "certificate"), input.version
            ),
        )


@strawberry.type
class DispatchMutation:
    @strawberry.mutation(description="講師の派遣を頼む / ask for a lecturer")
    async def request_dispatch(
        self, info: strawberry.Info, input: inputs.RequestDispatchInput
    ) -> DispatchResult:
        return await perform(
            info,
            DispatchPayload,
            lambda acting: lecturers.request_dispatch(
                acting, _of(input.id, "course"), input.version, input.wishes
            ),
        )

    @strawberry.mutation(description="講師に打診する / offer it to a lecturer")
    async def offer_dispatch(self, info: strawberry.Info, input: inputs.OfferDispatchInput) -> DispatchResult:
        return await perform(
            info,
            DispatchPayload,
            lambda acting: lecturers.offer_dispatch(
                acting,
                _of(input.id, "dispatch"),
                input.version,
                identity_of(input.person_id, "person", "personId"),
                input.source.value,
            ),
        )

    @strawberry.mutation(description="講師を引き受ける / take it on")
    async def accept_dispatch(
        self, info: strawberry.Info, input: inputs.AcceptDispatchInput
    ) -> DispatchResult:
        return await perform(
            info,
            DispatchPayload,
            lambda acting: lecturers.accept_dispatch(acting, _of(input.id, "dispatch"), input.version),
        )

    @strawberry.mutation(description="講師を辞退する / decline, also what was taken on")
    async def decline_dispatch(
        self, info: strawberry.Info, input: inputs.DeclineDispatchInput
    ) -> DispatchResult:
        return await perform(
            info,
            DispatchPayload,
            lambda acting: lecturers.decline_dispatch(acting, _of(input.id, "dispatch"), input.version),
        )

    @strawberry.mutation(description="派遣の依頼を取り下げる / do without")
    async def withdraw_dispatch(
        self, info: strawberry.Info, input: inputs.WithdrawDispatchInput
    ) -> DispatchResult:
        return await perform(
            info,
            DispatchPayload,
            lambda acting: lecturers.withdraw_dispatch(acting, _of(input.id, "dispatch"), input.version),
        )


@strawberry.type
class TrainingMutation(TextsMutation, CoursesMutation, DispatchMutation):
    @strawberry.mutation(description="養成目標を決める / set a target")
    async def set_training_target(
        self, info: strawberry.Info, input: inputs.SetTrainingTargetInput
    ) -> TrainingTargetResult:
        return await perform(
            info,
            TrainingTargetPayload,
            lambda acting: reporting.set_target(
                acting, input.fiscal_year, input.venue_category.value, input.sessions, input.heads
            ),
        )

    @strawberry.mutation(description="報告を締める / close the reports of a day and before")
    async def close_training_period(
        self, info: strawberry.Info, input: inputs.CloseTrainingPeriodInput
    ) -> TrainingPeriodResult:
        def closed(*, identity: uuid.UUID) -> TrainingPeriodPayload:
            return TrainingPeriodPayload(identity=identity, reported_by=input.reported_by)

        return await perform(info, closed, lambda acting: reporting.close_period(acting, input.reported_by))


def _of(text: strawberry.ID, prefix: str) -> uuid.UUID | None:
    return identity_of(text, prefix)
