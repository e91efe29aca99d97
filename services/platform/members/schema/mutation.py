"""What people can do about membership. Each field is one action."""

import uuid

import strawberry

from libs.policy.acting import Acting
from libs.serving.session import identity_of, perform, signed_in
from services.platform.members.actions import (
    applications,
    capacity,
    coordinators,
    entry,
    invitations,
    member_classes,
    people,
    settings,
    standing,
    terms,
)
from services.platform.members.schema import inputs
from services.platform.members.schema.payloads import (
    InvitationPayload,
    InvitationResult,
    OrganisationPayload,
    OrganisationResult,
    PersonPayload,
    PersonResult,
    PlatformPayload,
    PlatformResult,
)
from services.platform.papers.actions import photos


@strawberry.type
class ApplicationsMutation:
    @strawberry.mutation(description="入会を申請する / apply for membership")
    async def apply(self, info: strawberry.Info, input: inputs.ApplyInput) -> OrganisationResult:
        who = signed_in(info)

        async def apply(acting: Acting) -> uuid.UUID:
            return await applications.apply(
                acting, who, inputs.application_of(input), inputs.described(input)
            )

        return await perform(info, OrganisationPayload, apply)

    @strawberry.mutation(description="申請を取り下げる / withdraw the application")
    async def withdraw_application(
        self, info: strawberry.Info, input: inputs.OrganisationInput
    ) -> OrganisationResult:
        return await perform(
            info,
            OrganisationPayload,
            lambda acting: applications.withdraw_application(acting, _organisation(input.id), input.version),
        )

    @strawberry.mutation(description="入会を承認する / admit the organisation")
    async def approve_member(self, info: strawberry.Info, input: inputs.ReviewInput) -> OrganisationResult:
        return await perform(
            info,
            OrganisationPayload,
            lambda acting: applications.approve(acting, _organisation(input.id), input.version, input.notes),
        )

    @strawberry.mutation(description="入会を断る / decline the application, with a reason")
    async def decline_member(self, info: strawberry.Info, input: inputs.DeclineInput) -> OrganisationResult:
        code = input.code.value if input.code else None
        decision = applications.Decision(code, input.reason, input.notes)
        return await perform(
            info,
            OrganisationPayload,
            lambda acting: applications.decline(acting, _organisation(input.id), input.version, decision),
        )

    @strawberry.mutation(description="会員区分を付ける / give an organisation its class of members")
    async def set_member_class(
        self, info: strawberry.Info, input: inputs.SetMemberClassInput
    ) -> OrganisationResult:
        async def set_class(acting: Acting) -> uuid.UUID:
            wanted = input.member_class_id
            found = identity_of(wanted, "class", "memberClassId") if wanted else None
            return await member_classes.set_class(
                acting, _organisation(input.id), input.version, found, takes_away=wanted is None
            )

        return await perform(info, OrganisationPayload, set_class)


@strawberry.type
class OrganisationsMutation:
    @strawberry.mutation(description="会員資格を停止する / suspend a member; its people are out at once")
    async def suspend_member(
        self, info: strawberry.Info, input: inputs.OrganisationInput
    ) -> OrganisationResult:
        return await perform(
            info,
            OrganisationPayload,
            lambda acting: standing.suspend(acting, _organisation(input.id), input.version),
        )

    @strawberry.mutation(description="停止を解く / reinstate a suspended member")
    async def reinstate_member(
        self, info: strawberry.Info, input: inputs.OrganisationInput
    ) -> OrganisationResult:
        return await perform(
            info,
            OrganisationPayload,
            lambda acting: standing.reinstate(acting, _organisation(input.id), input.version),
        )

    @strawberry.mutation(
        description="退会する。継続中のケースがあるあいだはできない / leave the platform; not with open cases"
    )
    async def leave(self, info: strawberry.Info, input: inputs.OrganisationInput) -> OrganisationResult:
        return await perform(
            info,
            OrganisationPayload,
            lambda acting: standing.leave(acting, _organisation(input.id), input.version),
        )

    @strawberry.mutation(
        description="会員資格を終わらせる(事務局)。継続中のケースは終結し、送った紹介は取り下げられる / "
        "end a membership that the member itself cannot end: its cases close, its referrals are withdrawn"
    )
    async def end_membership(
        self, info: strawberry.Info, input: inputs.OrganisationInput
    ) -> OrganisationResult:
        return await perform(
            info,
            OrganisationPayload,
            lambda acting: standing.end_membership(acting, _organisation(input.id), input.version),
        )

    @strawberry.mutation(description="団体情報を直す / edit the organisation's entry")
    async def edit_organisation(
        self, info: strawberry.Info, input: inputs.EditOrganisationInput
    ) -> OrganisationResult:
        said = inputs.described(input)
        return await perform(
            info,
            OrganisationPayload,
            lambda acting: entry.edit(acting, _organisation(input.id), input.version, said),
        )

    @strawberry.mutation(description="団体情報を公開する / make the organisation's card public, or not")
    async def publish_organisation(
        self, info: strawberry.Info, input: inputs.PublishOrganisationInput
    ) -> OrganisationResult:
        return await perform(
            info,
            OrganisationPayload,
            lambda acting: entry.publish(
                acting, _organisation(input.id), input.version, published=input.published
            ),
        )

    @strawberry.mutation(description="受入余力を知らせる / say what the organisation can take on today")
    async def set_capacity(self, info: strawberry.Info, input: inputs.SetCapacityInput) -> OrganisationResult:
        return await perform(
            info,
            OrganisationPayload,
            lambda acting: capacity.set_capacity(
                acting, _organisation(input.id), input.version, input.capacity.value, input.service_areas
            ),
        )


@strawberry.type
class PeopleMutation:
    @strawberry.mutation(description="人を招待する / invite a person into the organisation")
    async def invite_person(self, info: strawberry.Info, input: inputs.InviteInput) -> InvitationResult:
        code: str | None = None

        async def invite(acting: Acting) -> uuid.UUID:
            nonlocal code
            made = await invitations.invite(
                acting,
                _organisation(input.organisation_id, "organisationId"),
                input.name,
                [role.value for role in input.roles],
                input.email,
            )
            code = made.code
            return made.person_id

        return await perform(info, lambda identity: InvitationPayload(identity=identity, code=code), invite)

    @strawberry.mutation(description="招待を受ける / join with the account signed in")
    async def accept_invitation(
        self, info: strawberry.Info, input: inputs.AcceptInvitationInput
    ) -> PersonResult:
        who = signed_in(info)
        return await perform(info, PersonPayload, lambda acting: invitations.accept(acting, who, input.code))

    @strawberry.mutation(description="役割を決める / set a person's roles in the organisation")
    async def set_roles(self, info: strawberry.Info, input: inputs.SetRolesInput) -> PersonResult:
        return await perform(
            info,
            PersonPayload,
            lambda acting: people.set_roles(
                acting,
                _organisation(input.organisation_id, "organisationId"),
                _person(input.person_id),
                [role.value for role in input.roles],
            ),
        )

    @strawberry.mutation(description="人を外す / end a person's membership in the organisation")
    async def remove_person(
        self, info: strawberry.Info, input: inputs.RemovePersonInput
    ) -> OrganisationResult:
        return await perform(
            info,
            OrganisationPayload,
            lambda acting: people.remove(
                acting, _organisation(input.organisation_id, "organisationId"), _person(input.person_id)
            ),
        )

    @strawberry.mutation(description="自分の人となりを書く / edit your own profile")
    async def edit_profile(self, info: strawberry.Info, input: inputs.EditProfileInput) -> PersonResult:
        said = inputs.profile_of(input)
        return await perform(
            info, PersonPayload, lambda acting: people.edit_profile(acting, input.version, said)
        )

    @strawberry.mutation(description="人となりに写真を載せる / show a photo with your own profile")
    async def set_photo(self, info: strawberry.Info, input: inputs.SetPhotoInput) -> PersonResult:
        return await perform(
            info,
            PersonPayload,
            lambda acting: photos.set_photo(
                acting, identity_of(input.upload_id, "upload", "uploadId"), input.version
            ),
        )

    @strawberry.mutation(description="写真を外す / take the photo away")
    async def remove_photo(self, info: strawberry.Info, input: inputs.RemovePhotoInput) -> PersonResult:
        return await perform(info, PersonPayload, lambda acting: photos.remove_photo(acting, input.version))

    @strawberry.mutation(description="代表者の任期を決める / set the term of a representative")
    async def set_term(self, info: strawberry.Info, input: inputs.SetTermInput) -> PersonResult:
        async def set_term(acting: Acting) -> uuid.UUID:
            return await terms.set_term(
                acting,
                _organisation(input.organisation_id, "organisationId"),
                _person(input.person_id),
                input.from_on,
                input.until_on,
            )

        return await perform(info, PersonPayload, set_term)

    @strawberry.mutation(description="代表者を後任に引き継ぐ / a representative hands over to a successor")
    async def hand_over(self, info: strawberry.Info, input: inputs.HandOverInput) -> PersonResult:
        async def hand_over(acting: Acting) -> uuid.UUID:
            return await terms.hand_over(
                acting,
                _organisation(input.organisation_id, "organisationId"),
                identity_of(input.predecessor_id, "person", "predecessorId"),
                identity_of(input.successor_id, "person", "successorId"),
                input.until_on,
            )

        return await perform(info, PersonPayload, hand_over)


@strawberry.type
class PlatformMutation:
    @strawberry.mutation(description="事務局担当を任じる / appoint a coordinator")
    async def appoint_coordinator(
        self, info: strawberry.Info, input: inputs.AppointCoordinatorInput
    ) -> PersonResult:
        return await perform(
            info,
            PersonPayload,
            lambda acting: coordinators.appoint(acting, _person(input.person_id), input.until),
        )

    @strawberry.mutation(description="事務局担当を解く / dismiss a coordinator")
    async def dismiss_coordinator(
        self, info: strawberry.Info, input: inputs.DismissCoordinatorInput
    ) -> PersonResult:
        return await perform(
            info, PersonPayload, lambda acting: coordinators.dismiss(acting, _person(input.person_id))
        )

    @strawberry.mutation(description="設定を変える / change the platform's settings")
    async def change_settings(
        self, info: strawberry.Info, input: inputs.ChangeSettingsInput
    ) -> PlatformResult:
        said = inputs.settings_of(input)
        return await perform(
            info, PlatformPayload, lambda acting: settings.change(acting, input.version, said)
        )


@strawberry.type
class MembersMutation(ApplicationsMutation, OrganisationsMutation, PeopleMutation, PlatformMutation): ...


def _organisation(text: str, field: str = "id") -> uuid.UUID | None:
    return identity_of(text, "organisation", field)


def _person(text: str) -> uuid.UUID | None:
    return identity_of(text, "person", "personId")
