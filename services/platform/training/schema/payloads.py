"""What mutations of training answer with."""

import datetime as dt
from typing import Annotated

import strawberry

from libs.serving.session import Payload, written
from libs.serving.user_errors import Refusal
from services.platform.training.schema.types import Certificate, Course, CourseText, Dispatch, TrainingTarget


@strawberry.type
class CourseTextPayload(Payload):
    @strawberry.field
    async def course_text(self, info: strawberry.Info) -> CourseText | None:
        return await written(info, "CourseText", self)


@strawberry.type
class CoursePayload(Payload):
    @strawberry.field
    async def course(self, info: strawberry.Info) -> Course | None:
        return await written(info, "Course", self)


@strawberry.type(description="コードはここで一度だけ示す / the codes are shown here, once")
class CertificatesPayload(CoursePayload):
    codes: list[str]


@strawberry.type
class DispatchPayload(Payload):
    @strawberry.field
    async def dispatch(self, info: strawberry.Info) -> Dispatch | None:
        return await written(info, "Dispatch", self)


@strawberry.type
class CertificatePayload(Payload):
    @strawberry.field
    async def certificate(self, info: strawberry.Info) -> Certificate | None:
        return await written(info, "Certificate", self)


@strawberry.type
class TrainingTargetPayload(Payload):
    @strawberry.field
    async def training_target(self, info: strawberry.Info) -> TrainingTarget | None:
        return await written(info, "TrainingTarget", self)


@strawberry.type(description="締めた / closed")
class TrainingPeriodPayload(Payload):
    reported_by: dt.date


CourseTextResult = Annotated[CourseTextPayload | Refusal, strawberry.union("CourseTextResult")]
CourseResult = Annotated[CoursePayload | Refusal, strawberry.union("CourseResult")]
CertificatesResult = Annotated[CertificatesPayload | Refusal, strawberry.union("CertificatesResult")]
DispatchResult = Annotated[DispatchPayload | Refusal, strawberry.union("DispatchResult")]
CertificateResult = Annotated[CertificatePayload | Refusal, strawberry.union("CertificateResult")]
TrainingTargetResult = Annotated[TrainingTargetPayload | Refusal, strawberry.union("TrainingTargetResult")]
TrainingPeriodResult = Annotated[TrainingPeriodPayload | Refusal, strawberry.union("TrainingPeriodResult")]
