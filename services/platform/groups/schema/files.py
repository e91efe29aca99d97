"""What people do with a group's files."""

from typing import Annotated

import strawberry

from libs.serving.session import Payload, identity_of, perform, written
from libs.serving.user_errors import Refusal
from services.platform.groups.actions import files
from services.platform.groups.schema import inputs
from services.platform.groups.schema.types import File


@strawberry.type
class FilePayload(Payload):
    @strawberry.field
    async def file(self, info: strawberry.Info) -> File | None:
        return await written(info, "File", self)


FileResult = Annotated[FilePayload | Refusal, strawberry.union("FileResult")]


@strawberry.type
class FilesOfGroupsMutation:
    @strawberry.mutation(description="資料を載せる / put a file into a working group")
    async def upload_file(self, info: strawberry.Info, input: inputs.UploadFileInput) -> FileResult:
        return await perform(
            info,
            FilePayload,
            lambda acting: files.add(
                acting,
                identity_of(input.working_group_id, "working_group", "workingGroupId"),
                identity_of(input.upload_id, "upload", "uploadId"),
                input.audience.value,
            ),
        )

    @strawberry.mutation(description="投稿に添付する / hang a file on a post of your organisation")
    async def attach_file(self, info: strawberry.Info, input: inputs.AttachFileInput) -> FileResult:
        return await perform(
            info,
            FilePayload,
            lambda acting: files.attach(
                acting,
                identity_of(input.post_id, "post", "postId"),
                identity_of(input.upload_id, "upload", "uploadId"),
            ),
        )

    @strawberry.mutation(description="資料の名前や宛先を直す / edit a file's name or audience")
    async def edit_file(self, info: strawberry.Info, input: inputs.EditFileInput) -> FileResult:
        audience = input.audience.value if input.audience else None
        return await perform(
            info,
            FilePayload,
            lambda acting: files.edit(
                acting, identity_of(input.id, "file"), input.version, input.name, audience
            ),
        )

    @strawberry.mutation(description="資料を取り下げる / take a file away, with its content")
    async def remove_file(self, info: strawberry.Info, input: inputs.RemoveFileInput) -> FileResult:
        return await perform(
            info,
            FilePayload,
            lambda acting: files.remove(acting, identity_of(input.id, "file"), input.version),
        )
