"""What coordinators do about conditions and classes."""

import uuid
from typing import Annotated

import strawberry

from libs.policy.acting import Acting
from libs.serving.session import Payload, identity_of, perform, written
from libs.serving.user_errors import Refusal
from services.platform.admission.actions import classes, conditions
from services.platform.admission.schema.types import MemberClass, MemberKind


@strawberry.input(description="入会の条件の全体 / the whole list; what is worded as before stays")
class SetConditionsInput:
    version: int = strawberry.field(description="プラットフォームの版 / of the platform's settings")
    texts: list[str]


@strawberry.input(description="会員区分の内容 / what a class of members is")
class MemberClassContentInput:
    name: str
    kinds: list[MemberKind]
    votes: bool


@strawberry.input
class DefineMemberClassInput:
    member_class: MemberClassContentInput


@strawberry.input
class ChangeMemberClassInput:
    id: strawberry.ID
    version: int
    member_class: MemberClassContentInput


@strawberry.input
class EndMemberClassInput:
    id: strawberry.ID
    version: int


@strawberry.type
class ConditionsPayload(Payload):
    count: int


@strawberry.type
class MemberClassPayload(Payload):
    @strawberry.field
    async def member_class(self, info: strawberry.Info) -> MemberClass | None:
        return await written(info, "MemberClass", self)


ConditionsResult = Annotated[ConditionsPayload | Refusal, strawberry.union("ConditionsResult")]
MemberClassResult = Annotated[MemberClassPayload | Refusal, strawberry.union("MemberClassResult")]


@strawberry.type
class AdmissionMutation:
    @strawberry.mutation(description="入会の条件を決める / set the conditions of membership")
    async def set_conditions(self, info: strawberry.Info, input: SetConditionsInput) -> ConditionsResult:
        def payload(*, identity: uuid.UUID) -> ConditionsPayload:
            return ConditionsPayload(identity=identity, count=len(input.texts))

        return await perform(
            info, payload, lambda acting: conditions.set_conditions(acting, input.version, input.texts)
        )

    @strawberry.mutation(description="会員区分を設ける / define a class of members")
    async def define_member_class(
        self, info: strawberry.Info, input: DefineMemberClassInput
    ) -> MemberClassResult:
        said = _said(input.member_class)
        return await perform(info, MemberClassPayload, lambda acting: classes.define(acting, said))

    @strawberry.mutation(description="会員区分を変える / change a class of members")
    async def change_member_class(
        self, info: strawberry.Info, input: ChangeMemberClassInput
    ) -> MemberClassResult:
        async def change(acting: Acting) -> uuid.UUID:
            said = _said(input.member_class)
            return await classes.change(acting, identity_of(input.id, "class"), input.version, said)

        return await perform(info, MemberClassPayload, change)

    @strawberry.mutation(description="会員区分を新たに与えない / give a class to nobody any more")
    async def end_member_class(self, info: strawberry.Info, input: EndMemberClassInput) -> MemberClassResult:
        return await perform(
            info,
            MemberClassPayload,
            lambda acting: classes.end(acting, identity_of(input.id, "class"), input.version),
        )


def _said(given: MemberClassContentInput) -> classes.SaidClass:
    return classes.SaidClass(given.name, [kind.value for kind in given.kinds], given.votes)
