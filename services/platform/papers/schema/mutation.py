"""What people do with application papers."""

from typing import Annotated

import strawberry

from libs.serving.session import Payload, identity_of, perform, written
from libs.serving.user_errors import Refusal
from services.platform.papers.actions import handing_in
from services.platform.papers.schema.types import ApplicationPaper, PaperKind


@strawberry.input(description="申請書類。先に /uploads へ送る / a paper, sent to /uploads before")
class AddPaperInput:
    organisation_id: strawberry.ID
    upload_id: strawberry.ID
    kind: PaperKind
    title: str


@strawberry.input(description="取り下げる書類 / the paper to take away")
class RemovePaperInput:
    id: strawberry.ID
    version: int


@strawberry.type
class ApplicationPaperPayload(Payload):
    @strawberry.field
    async def paper(self, info: strawberry.Info) -> ApplicationPaper | None:
        return await written(info, "ApplicationPaper", self)


ApplicationPaperResult = Annotated[
    ApplicationPaperPayload | Refusal, strawberry.union("ApplicationPaperResult")
]


@strawberry.type
class PapersMutation:
    @strawberry.mutation(description="申請書類を出す / hand in a paper of the organisation's application")
    async def add_paper(self, info: strawberry.Info, input: AddPaperInput) -> ApplicationPaperResult:
        return await perform(
            info,
            ApplicationPaperPayload,
            lambda acting: handing_in.add(
                acting,
                identity_of(input.organisation_id, "organisation", "organisationId"),
                identity_of(input.upload_id, "upload", "uploadId"),
                input.kind.value,
                input.title,
            ),
        )

    @strawberry.mutation(description="申請書類を取り下げる / take a paper away, with its content")
    async def remove_paper(self, info: strawberry.Info, input: RemovePaperInput) -> ApplicationPaperResult:
        return await perform(
            info,
            ApplicationPaperPayload,
            lambda acting: handing_in.remove(acting, identity_of(input.id, "paper"), input.version),
        )
