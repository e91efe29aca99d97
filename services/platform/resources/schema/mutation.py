"""GraphQL's way to what is done about services and places."""

import uuid
from typing import Annotated

import strawberry

from libs.errors.problems import NotFound
from libs.policy.acting import Acting
from libs.serving.session import Payload, identity_of, perform, written
from libs.serving.user_errors import Refusal
from services.platform.resources.actions import keeping
from services.platform.resources.schema import inputs
from services.platform.resources.schema.inputs import content_of
from services.platform.resources.schema.types import Resource


@strawberry.type
class ResourcePayload(Payload):
    @strawberry.field
    async def resource(self, info: strawberry.Info) -> Resource | None:
        return await written(info, "Resource", self)


ResourceResult = Annotated[ResourcePayload | Refusal, strawberry.union("ResourceResult")]


@strawberry.type
class ResourcesMutation:
    @strawberry.mutation(description="サービス・場所を登録する / write down a service or place")
    async def create_resource(
        self, info: strawberry.Info, input: inputs.CreateResourceInput
    ) -> ResourceResult:
        async def create(acting: Acting) -> uuid.UUID:
            return await keeping.create(acting, _owner(input.organisation_id), content_of(input.resource))

        return await perform(info, ResourcePayload, create)

    @strawberry.mutation(description="サービス・場所の内容を直す / edit it")
    async def edit_resource(self, info: strawberry.Info, input: inputs.EditResourceInput) -> ResourceResult:
        async def edit(acting: Acting) -> uuid.UUID:
            return await keeping.edit(acting, _id(input.id), input.version, content_of(input.resource))

        return await perform(info, ResourcePayload, edit)

    @strawberry.mutation(description="会員に、または一般に公開する / show it to members or to everybody")
    async def offer_resource(self, info: strawberry.Info, input: inputs.OfferResourceInput) -> ResourceResult:
        async def offer(acting: Acting) -> uuid.UUID:
            return await keeping.offer(acting, _id(input.id), input.version, to_everybody=input.to_everybody)

        return await perform(info, ResourcePayload, offer)

    @strawberry.mutation(description="提供を終える / end it")
    async def end_resource(self, info: strawberry.Info, input: inputs.ResourceInput) -> ResourceResult:
        return await perform(
            info, ResourcePayload, lambda acting: keeping.end(acting, _id(input.id), input.version)
        )

    @strawberry.mutation(description="受入余力を知らせる / say what it can take on")
    async def say_resource_capacity(
        self, info: strawberry.Info, input: inputs.ResourceCapacityInput
    ) -> ResourceResult:
        async def say(acting: Acting) -> uuid.UUID:
            return await keeping.say_resource_capacity(
                acting, _id(input.id), input.version, input.capacity.value
            )

        return await perform(info, ResourcePayload, say)

    @strawberry.mutation(description="内容が正しいことを確認する / vouch for it as of today")
    async def verify_resource(self, info: strawberry.Info, input: inputs.ResourceInput) -> ResourceResult:
        return await perform(
            info, ResourcePayload, lambda acting: keeping.verify(acting, _id(input.id), input.version)
        )


def _id(text: str) -> uuid.UUID | None:
    return identity_of(text, "resource")


def _owner(text: str | None) -> uuid.UUID | None:
    """Raises NotFound for an id that is no organisation's."""
    if text is None:
        return None
    owner = identity_of(text, "organisation", "organisationId")
    if owner is None:
        raise NotFound
    return owner
