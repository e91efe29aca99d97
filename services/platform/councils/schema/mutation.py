"""What the coordinator does to the council's register."""

import datetime as dt
import uuid
from typing import Annotated

import strawberry

from libs.serving.session import Payload, identity_of, perform, written
from libs.serving.user_errors import Refusal
from services.platform.councils.actions import members, register
from services.platform.councils.schema.types import Council, CouncilMember


@strawberry.input
class EstablishCouncilInput:
    name: str
    established_on: dt.date


@strawberry.input
class KeepCouncilInput:
    id: strawberry.ID
    version: int
    name: str
    established_on: dt.date
    notice_on: dt.date | None = strawberry.field(
        default=None,
        description="公示文の日付。省くとそのまま / the notice's own day",
    )


@strawberry.input
class AnnounceCouncilInput:
    id: strawberry.ID
    version: int
    on: dt.date | None = strawberry.field(
        default=None,
        description="公示文の日付(経緯の記録)。効力は今日から / its own day; it counts from today",
    )


@strawberry.input
class NameCoordinatingAgencyInput:
    id: strawberry.ID
    version: int
    organisation_id: strawberry.ID


@strawberry.input
class AddCouncilMemberInput:
    council_id: strawberry.ID
    organisation_id: strawberry.ID
    from_on: dt.date | None = strawberry.field(
        default=None,
        description="最初の日。今日以降。省くと今日 / first day: today, which is usual, or later",
    )
    joined_on: dt.date | None = strawberry.field(
        default=None, description="書類上の加入日(経緯の記録) / by the papers: history"
    )


@strawberry.input
class CorrectCouncilMemberInput:
    id: strawberry.ID
    version: int
    joined_on: dt.date | None = None
    notice_on: dt.date | None = None


@strawberry.input
class EndCouncilMemberInput:
    id: strawberry.ID
    version: int
    until_on: dt.date | None = strawberry.field(
        default=None, description="構成機関でなくなる日。省くと今日 / first day without it, else today"
    )


@strawberry.type
class CouncilPayload(Payload):
    @strawberry.field
    async def council(self, info: strawberry.Info) -> Council | None:
        return await written(info, "Council", self)


@strawberry.type
class CouncilMemberPayload(Payload):
    @strawberry.field
    async def council_member(self, info: strawberry.Info) -> CouncilMember | None:
        return await written(info, "CouncilMember", self)


CouncilResult = Annotated[CouncilPayload | Refusal, strawberry.union("CouncilResult")]
CouncilMemberResult = Annotated[CouncilMemberPayload | Refusal, strawberry.union("CouncilMemberResult")]


@strawberry.type
class CouncilsMutation:
    @strawberry.mutation(description="協議会を登録する / enter a council that was set up (art. 15)")
    async def establish_council(self, info: strawberry.Info, input: EstablishCouncilInput) -> CouncilResult:
        return await perform(
            info,
            CouncilPayload,
            lambda acting: register.establish_council(acting, input.name, input.established_on),
        )

    @strawberry.mutation(description="協議会の登録を直す / correct its entry")
    async def keep_council(self, info: strawberry.Info, input: KeepCouncilInput) -> CouncilResult:
        return await perform(
            info,
            CouncilPayload,
            lambda acting: register.keep_council(
                acting,
                _council(input.id),
                input.version,
                input.name,
                input.established_on,
                input.notice_on,
            ),
        )

    @strawberry.mutation(
        description="公示したことを記録する / the notice was given: members listed so far count from that day"
    )
    async def announce_council(self, info: strawberry.Info, input: AnnounceCouncilInput) -> CouncilResult:
        return await perform(
            info,
            CouncilPayload,
            lambda acting: register.announce_council(acting, _council(input.id), input.version, input.on),
        )

    @strawberry.mutation(
        description="調整機関を指定する。次の公示から効力をもつ / art. 17; from the next notice on"
    )
    async def name_coordinating_agency(
        self, info: strawberry.Info, input: NameCoordinatingAgencyInput
    ) -> CouncilResult:
        return await perform(
            info,
            CouncilPayload,
            lambda acting: register.name_coordinating_agency(
                acting,
                _council(input.id),
                input.version,
                identity_of(input.organisation_id, "organisation", "organisationId"),
            ),
        )

    @strawberry.mutation(description="構成機関等を名簿に載せる / put an organisation on the list of members")
    async def add_council_member(
        self, info: strawberry.Info, input: AddCouncilMemberInput
    ) -> CouncilMemberResult:
        return await perform(
            info,
            CouncilMemberPayload,
            lambda acting: members.add_council_member(
                acting,
                _council(input.council_id, "councilId"),
                identity_of(input.organisation_id, "organisation", "organisationId"),
                input.from_on,
                input.joined_on,
            ),
        )

    @strawberry.mutation(
        description="書類上の日付を直す。閲覧の範囲は変わらない / correct an entry's history"
    )
    async def correct_council_member(
        self, info: strawberry.Info, input: CorrectCouncilMemberInput
    ) -> CouncilMemberResult:
        return await perform(
            info,
            CouncilMemberPayload,
            lambda acting: members.correct_council_member(
                acting,
                identity_of(input.id, "council_member"),
                input.version,
                input.joined_on,
                input.notice_on,
            ),
        )

    @strawberry.mutation(description="構成機関等を名簿から外す / take an organisation off the list")
    async def end_council_member(
        self, info: strawberry.Info, input: EndCouncilMemberInput
    ) -> CouncilMemberResult:
        return await perform(
            info,
            CouncilMemberPayload,
            lambda acting: members.end_council_member(
                acting, identity_of(input.id, "council_member"), input.version, input.until_on
            ),
        )


def _council(text: strawberry.ID, field: str = "id") -> uuid.UUID | None:
    return identity_of(text, "council", field)
