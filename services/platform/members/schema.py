"""GraphQL of members: the directory, one's own person, applications and people."""

import datetime as dt
import uuid
from enum import Enum
from typing import Annotated

import sqlalchemy as sa
import strawberry

from libs.japan.text import contains_pattern
from libs.policy.acting import Acting
from libs.reading.declare import (
    Filter,
    Order,
    by_id,
    column,
    computed,
    connection,
    current,
    hidden,
    identity,
    listing,
    stored,
)
from libs.reading.node import Connection, Node
from libs.serving.session import Payload, identity_of, perform, signed_in, written
from libs.serving.user_errors import Refusal
from libs.tenancy.models import membership, organisation, person
from services.platform.members import actions, models


@strawberry.enum(description="団体の種別")
class OrganisationKind(Enum):
    GOVERNMENT = "government"
    NPO = "npo"
    COMPANY = "company"


@strawberry.enum(description="会員資格の状態")
class OrganisationStatus(Enum):
    APPLIED = "applied"
    ACTIVE = "active"
    DECLINED = "declined"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"


@strawberry.enum(description="団体の中での役割")
class Role(Enum):
    REPRESENTATIVE = "representative"
    DESK = "desk"
    CASEWORKER = "caseworker"


@strawberry.enum(description="団体名簿の並び順")
class OrganisationOrder(Enum):
    KANA = "KANA"
    NEWEST = "NEWEST"


DIRECTORY_ORDERS = {
    "KANA": Order((("sort_key", False),), reads=("name", "name_kana")),
    "NEWEST": Order(newest_first=True),
}
DIRECTORY_FILTERS = {
    "search": Filter(
        lambda row, value: row.c.search_key.like(value, escape="\\"),
        reads=("name", "name_kana", "services", "area"),
        convert=contains_pattern,
    ),
    "kind": Filter(lambda row, value: row.c.kind == value, reads=("kind",)),
    "status": Filter(lambda row, value: row.c.status == value, reads=("status",)),
}


@stored(person, object="person", prefix="person")
@strawberry.type(description="人 / a person who acts for an organisation")
class Person(Node):
    id: strawberry.ID = identity()
    name: str | None = column()
    name_kana: str | None = column()
    profile: str | None = column(description="人となり: what the person chose to show")
    email: str | None = column()
    version: int | None = column()
    hidden_fields: list[str] = hidden()


@stored(organisation, object="organisation", prefix="organisation")
@strawberry.type(description="団体 / a member organisation")
class Organisation(Node):
    id: strawberry.ID = identity()
    name: str | None = column()
    name_kana: str | None = column()
    kind: OrganisationKind | None = column()
    status: OrganisationStatus | None = column()
    fields_of_work: list[str] | None = column()
    services: str | None = column()
    area: str | None = column()
    corporate_number: str | None = column()
    website: str | None = column()
    work_contact: str | None = column()
    confidential_address: str | None = column()
    application_statement: str | None = column()
    decline_reason: str | None = column()
    review_notes: str | None = column()
    created_at: dt.datetime | None = column()
    member_since: dt.datetime | None = computed(
        lambda row, _: sa.case((row.c.status != "applied", row.c.decided_at))
    )
    version: int | None = column()
    hidden_fields: list[str] = hidden()

    @listing(
        "Person",
        on=lambda org, row: row.c.id.in_(
            sa.select(membership.c.person_id).where(
                membership.c.tenant_id == sa.bindparam("viewer_tenant", type_=sa.Uuid()),
                membership.c.organisation_id == org.c.id,
                membership.c.until.is_(None),
            )
        ),
    )
    def people(self, first: int | None = 20) -> list[Person] | None:
        """団体の人 / people who act for the organisation today."""
        ...


@strawberry.type
class MembersQuery:
    me: Person | None = current(
        "Person", where=models.is_asker, description="自分 / the person asking; null for the public"
    )
    my_organisation: Organisation | None = current(
        "Organisation", where=models.is_askers_organisation, description="自分の団体"
    )

    @by_id("Organisation")
    def organisation(self, id: strawberry.ID) -> Organisation | None:
        """団体をIDで / one organisation by id."""
        ...

    @by_id("Person")
    def person(self, id: strawberry.ID) -> Person | None:
        """人をIDで / one person by id."""
        ...

    @connection("Organisation", orders=DIRECTORY_ORDERS, filters=DIRECTORY_FILTERS)
    def organisations(  # noqa: PLR0913 - GraphQL arguments
        self,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        search: str | None = None,
        kind: OrganisationKind | None = None,
        status: OrganisationStatus | None = None,
        order: OrganisationOrder | None = OrganisationOrder.KANA,
    ) -> Connection[Organisation] | None:
        """団体の名簿 / the directory; search ignores width, kana and old characters."""
        ...


@strawberry.type
class OrganisationPayload(Payload):
    @strawberry.field
    async def organisation(self, info: strawberry.Info) -> Organisation | None:
        return await written(info, "Organisation", self)


OrganisationResult = Annotated[OrganisationPayload | Refusal, strawberry.union("OrganisationResult")]


@strawberry.input(description="入会申請 / what an organisation says when it applies")
class ApplyInput:
    kind: OrganisationKind
    name: str
    name_kana: str = ""
    corporate_number: str | None = None
    fields_of_work: list[str] = strawberry.field(default_factory=list[str])
    services: str = ""
    area: str = ""
    website: str | None = None
    work_contact: str | None = None
    application_statement: str = ""
    applicant_name: str = strawberry.field(description="申請者の氏名 / name of the person who applies")


@strawberry.input
class ReviewInput:
    id: strawberry.ID
    version: int
    notes: str | None = None


@strawberry.input
class DeclineInput:
    id: strawberry.ID
    version: int
    reason: str
    notes: str | None = None


@strawberry.input(description="招待 / a person to be invited")
class InviteInput:
    organisation_id: strawberry.ID
    name: str
    roles: list[Role]
    email: str | None = None


@strawberry.type
class InvitationPayload(Payload):
    code: str | None = strawberry.field(
        description="招待コード。一度だけ表示されます / shown once, never again"
    )

    @strawberry.field
    async def person(self, info: strawberry.Info) -> Person | None:
        return await written(info, "Person", self)


InvitationResult = Annotated[InvitationPayload | Refusal, strawberry.union("InvitationResult")]


@strawberry.type
class PersonPayload(Payload):
    @strawberry.field
    async def person(self, info: strawberry.Info) -> Person | None:
        return await written(info, "Person", self)


PersonResult = Annotated[PersonPayload | Refusal, strawberry.union("PersonResult")]


@strawberry.input
class AcceptInvitationInput:
    code: str


@strawberry.input
class RemovePersonInput:
    organisation_id: strawberry.ID
    person_id: strawberry.ID


@strawberry.type
class MembersMutation:
    @strawberry.mutation(description="入会を申請する / apply for membership")
    async def apply(self, info: strawberry.Info, input: ApplyInput) -> OrganisationResult:
        application = actions.Application(
            kind=input.kind.value,
            name=input.name,
            name_kana=input.name_kana,
            corporate_number=input.corporate_number,
            fields_of_work=tuple(input.fields_of_work),
            services=input.services,
            area=input.area,
            website=input.website,
            work_contact=input.work_contact,
            statement=input.application_statement,
            applicant_name=input.applicant_name,
        )
        identity = signed_in(info)
        return await perform(
            info, OrganisationPayload, lambda acting: actions.apply(acting, identity, application)
        )

    @strawberry.mutation(description="入会を承認する / admit the organisation")
    async def approve_member(self, info: strawberry.Info, input: ReviewInput) -> OrganisationResult:
        return await perform(
            info,
            OrganisationPayload,
            lambda acting: actions.approve(acting, _organisation(input.id), input.version, input.notes),
        )

    @strawberry.mutation(description="入会を断る / decline the application, with a reason")
    async def decline_member(self, info: strawberry.Info, input: DeclineInput) -> OrganisationResult:
        return await perform(
            info,
            OrganisationPayload,
            lambda acting: actions.decline(
                acting, _organisation(input.id), input.version, input.reason, input.notes
            ),
        )

    @strawberry.mutation(description="人を招待する / invite a person into the organisation")
    async def invite_person(self, info: strawberry.Info, input: InviteInput) -> InvitationResult:
        code: str | None = None

        async def invite(acting: Acting) -> uuid.UUID:
            nonlocal code
            roles = [role.value for role in input.roles]
            made = await actions.invite(
                acting, _organisation(input.organisation_id, "organisationId"), input.name, roles, input.email
            )
            code = made.code
            return made.person_id

        return await perform(info, lambda identity: InvitationPayload(identity=identity, code=code), invite)

    @strawberry.mutation(description="招待を受ける / join with the account signed in")
    async def accept_invitation(self, info: strawberry.Info, input: AcceptInvitationInput) -> PersonResult:
        identity = signed_in(info)
        return await perform(
            info, PersonPayload, lambda acting: actions.accept_invitation(acting, identity, input.code)
        )

    @strawberry.mutation(description="人を外す / end a person's membership in the organisation")
    async def remove_person(self, info: strawberry.Info, input: RemovePersonInput) -> OrganisationResult:
        return await perform(
            info,
            OrganisationPayload,
            lambda acting: actions.remove(
                acting,
                _organisation(input.organisation_id, "organisationId"),
                identity_of(input.person_id, "person", "personId"),
            ),
        )


def _organisation(text: str, field: str = "id") -> uuid.UUID | None:
    return identity_of(text, "organisation", field)
