"""What people can do in working groups. Each field is one action."""

import uuid
from typing import Annotated

import strawberry

from libs.serving.session import Payload, identity_of, perform, written
from libs.serving.user_errors import Refusal
from services.platform.groups.actions import groups, posts, requests, seats
from services.platform.groups.schema import inputs
from services.platform.groups.schema.charters import ChartersMutation
from services.platform.groups.schema.files import FilesOfGroupsMutation
from services.platform.groups.schema.threads import ThreadsMutation
from services.platform.groups.schema.types import Post, Seat, SeatRequest, WorkingGroup


@strawberry.type
class WorkingGroupPayload(Payload):
    @strawberry.field
    async def working_group(self, info: strawberry.Info) -> WorkingGroup | None:
        return await written(info, "WorkingGroup", self)


@strawberry.type
class SeatPayload(Payload):
    @strawberry.field
    async def seat(self, info: strawberry.Info) -> Seat | None:
        return await written(info, "Seat", self)


@strawberry.type
class SeatRequestPayload(Payload):
    @strawberry.field
    async def seat_request(self, info: strawberry.Info) -> SeatRequest | None:
        return await written(info, "SeatRequest", self)


@strawberry.type
class PostPayload(Payload):
    @strawberry.field
    async def post(self, info: strawberry.Info) -> Post | None:
        return await written(info, "Post", self)


WorkingGroupResult = Annotated[WorkingGroupPayload | Refusal, strawberry.union("WorkingGroupResult")]
SeatResult = Annotated[SeatPayload | Refusal, strawberry.union("SeatResult")]
SeatRequestResult = Annotated[SeatRequestPayload | Refusal, strawberry.union("SeatRequestResult")]
PostResult = Annotated[PostPayload | Refusal, strawberry.union("PostResult")]


@strawberry.type
class WorkingGroupsMutation:
    @strawberry.mutation(description="部会をつくる / create a working group")
    async def create_working_group(
        self, info: strawberry.Info, input: inputs.CreateWorkingGroupInput
    ) -> WorkingGroupResult:
        named = input.chair_organisation_id
        return await perform(
            info,
            WorkingGroupPayload,
            lambda acting: groups.create(
                acting,
                input.name,
                input.purpose,
                None if named is None else identity_of(named, "organisation", "chairOrganisationId"),
                chair_named=named is not None,
            ),
        )

    @strawberry.mutation(description="部会の情報を直す / edit a working group")
    async def edit_working_group(
        self, info: strawberry.Info, input: inputs.EditWorkingGroupInput
    ) -> WorkingGroupResult:
        state = input.state.value if input.state else None
        return await perform(
            info,
            WorkingGroupPayload,
            lambda acting: groups.edit(
                acting, _group(input.id, "id"), input.version, input.name, input.purpose, state
            ),
        )

    @strawberry.mutation(description="部会を公開する / make the group's card public, or not")
    async def publish_working_group(
        self, info: strawberry.Info, input: inputs.PublishWorkingGroupInput
    ) -> WorkingGroupResult:
        return await perform(
            info,
            WorkingGroupPayload,
            lambda acting: groups.publish(
                acting, _group(input.id, "id"), input.version, published=input.published
            ),
        )

    @strawberry.mutation(description="掲示板を企業に開く・閉じる / open the board to companies, or close it")
    async def open_board(self, info: strawberry.Info, input: inputs.OpenBoardInput) -> WorkingGroupResult:
        return await perform(
            info,
            WorkingGroupPayload,
            lambda acting: groups.open_board(
                acting, _group(input.id, "id"), input.version, to_companies=input.to_companies
            ),
        )

    @strawberry.mutation(description="部会長を決める / name the chair, among those who hold a seat")
    async def name_chair(self, info: strawberry.Info, input: inputs.NameChairInput) -> WorkingGroupResult:
        return await perform(
            info,
            WorkingGroupPayload,
            lambda acting: seats.name_chair(
                acting, _group(input.working_group_id), _organisation(input.organisation_id)
            ),
        )


@strawberry.type
class SeatsMutation:
    @strawberry.mutation(description="席を与える / give a seat; a request for it is answered")
    async def give_seat(self, info: strawberry.Info, input: inputs.GiveSeatInput) -> SeatResult:
        return await perform(
            info,
            SeatPayload,
            lambda acting: seats.give_seat(
                acting,
                _group(input.working_group_id),
                _organisation(input.organisation_id),
                input.from_on,
                input.until_on,
                is_chair=input.is_chair,
                is_observer=input.is_observer,
            ),
        )

    @strawberry.mutation(description="席を終える / end a seat, today or on a later day")
    async def end_seat(self, info: strawberry.Info, input: inputs.EndSeatInput) -> SeatResult:
        return await perform(
            info,
            SeatPayload,
            lambda acting: seats.end_seat(
                acting, identity_of(input.id, "seat"), input.version, input.until_on
            ),
        )

    @strawberry.mutation(description="席を申し込む / ask for a seat for your organisation")
    async def ask_for_seat(self, info: strawberry.Info, input: inputs.AskForSeatInput) -> SeatRequestResult:
        return await perform(
            info,
            SeatRequestPayload,
            lambda acting: requests.ask(acting, _group(input.working_group_id), input.message),
        )

    @strawberry.mutation(description="席の申込みを断る / decline a request for a seat")
    async def decline_seat_request(
        self, info: strawberry.Info, input: inputs.SeatRequestInput
    ) -> SeatRequestResult:
        return await perform(
            info,
            SeatRequestPayload,
            lambda acting: requests.decline(acting, identity_of(input.id, "seat_request"), input.version),
        )

    @strawberry.mutation(description="席の申込みを取り下げる / withdraw a request for a seat")
    async def withdraw_seat_request(
        self, info: strawberry.Info, input: inputs.SeatRequestInput
    ) -> SeatRequestResult:
        return await perform(
            info,
            SeatRequestPayload,
            lambda acting: requests.withdraw(acting, identity_of(input.id, "seat_request"), input.version),
        )


@strawberry.type
class PostsMutation:
    @strawberry.mutation(description="投稿する / post in a working group")
    async def write_post(self, info: strawberry.Info, input: inputs.WritePostInput) -> PostResult:
        return await perform(
            info,
            PostPayload,
            lambda acting: posts.write(
                acting, _group(input.working_group_id), input.audience.value, input.title, input.body
            ),
        )

    @strawberry.mutation(description="投稿を直す / edit a post of your organisation")
    async def edit_post(self, info: strawberry.Info, input: inputs.EditPostInput) -> PostResult:
        audience = input.audience.value if input.audience else None
        return await perform(
            info,
            PostPayload,
            lambda acting: posts.edit(
                acting, identity_of(input.id, "post"), input.version, audience, input.title, input.body
            ),
        )

    @strawberry.mutation(description="投稿を取り下げる / take a post away, with its text")
    async def remove_post(self, info: strawberry.Info, input: inputs.RemovePostInput) -> PostResult:
        return await perform(
            info,
            PostPayload,
            lambda acting: posts.remove(acting, identity_of(input.id, "post"), input.version),
        )


@strawberry.type
class GroupsMutation(
    WorkingGroupsMutation,
    SeatsMutation,
    PostsMutation,
    FilesOfGroupsMutation,
    ChartersMutation,
    ThreadsMutation,
): ...


def _group(text: str, field: str = "workingGroupId") -> uuid.UUID | None:
    return identity_of(text, "working_group", field)


def _organisation(text: str) -> uuid.UUID | None:
    return identity_of(text, "organisation", "organisationId")
