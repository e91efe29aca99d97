"""What the coordinator does about texts. Each field is one action."""

import uuid

import strawberry

from libs.serving.session import identity_of, perform
from services.platform.training.actions import texts
from services.platform.training.schema import inputs
from services.platform.training.schema.payloads import CourseTextPayload, CourseTextResult


@strawberry.type
class TextsMutation:
    @strawberry.mutation(description="テキストの下書きをつくる / draft a text")
    async def create_course_text(
        self, info: strawberry.Info, input: inputs.CreateCourseTextInput
    ) -> CourseTextResult:
        return await perform(
            info, CourseTextPayload, lambda acting: texts.create_course_text(acting, input.text.text())
        )

    @strawberry.mutation(description="テキストの下書きを直す / edit a draft")
    async def edit_course_text(
        self, info: strawberry.Info, input: inputs.EditCourseTextInput
    ) -> CourseTextResult:
        return await perform(
            info,
            CourseTextPayload,
            lambda acting: texts.edit_course_text(acting, _text(input.id), input.version, input.text.text()),
        )

    @strawberry.mutation(description="テキストを公開する / publish it: from now on it stands")
    async def publish_course_text(
        self, info: strawberry.Info, input: inputs.PublishCourseTextInput
    ) -> CourseTextResult:
        return await perform(
            info,
            CourseTextPayload,
            lambda acting: texts.move(
                acting, _text(input.id), input.version, "publish_course_text", "published"
            ),
        )

    @strawberry.mutation(description="テキストの公開をやめる / no new course uses it")
    async def withdraw_course_text(
        self, info: strawberry.Info, input: inputs.WithdrawCourseTextInput
    ) -> CourseTextResult:
        return await perform(
            info,
            CourseTextPayload,
            lambda acting: texts.move(
                acting, _text(input.id), input.version, "withdraw_course_text", "withdrawn"
            ),
        )

    @strawberry.mutation(description="テキストの次の版をつくる / its next version as a draft")
    async def renew_course_text(
        self, info: strawberry.Info, input: inputs.RenewCourseTextInput
    ) -> CourseTextResult:
        return await perform(
            info,
            CourseTextPayload,
            lambda acting: texts.renew_course_text(
                acting, _text(input.id), input.version, input.text_version
            ),
        )


def _text(text: strawberry.ID) -> uuid.UUID | None:
    return identity_of(text, "course_text")
