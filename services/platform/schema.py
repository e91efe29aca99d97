"""The platform's GraphQL schema: the features' roots side by side."""

from collections.abc import AsyncGenerator

import strawberry
from strawberry.schema.config import StrawberryConfig

from libs.reading.declare import by_id, watch
from libs.reading.node import Node
from libs.serving.account import AccountQuery
from services.platform.admission.schema import AdmissionMutation, AdmissionQuery
from services.platform.councils.schema import CouncilsMutation, CouncilsQuery
from services.platform.events.schema import EventsMutation, EventsQuery
from services.platform.files.schema import FilesMutation
from services.platform.groups.schema import GroupsMutation, GroupsQuery, WorkingGroup
from services.platform.links.schema import LinksMutation, LinksQuery
from services.platform.meetings.schema import MeetingsMutation, MeetingsQuery
from services.platform.members.schema import MembersMutation, MembersQuery
from services.platform.notices.schema import Inbox, NoticesMutation, NoticesQuery
from services.platform.papers.schema import PapersMutation
from services.platform.policies.schema import PoliciesMutation, PoliciesQuery
from services.platform.practices.schema import PracticesMutation, PracticesQuery
from services.platform.previews.schema import PreviewsMutation
from services.platform.referrals.schema import ReferralsMutation, ReferralsQuery
from services.platform.requests.schema import RequestsMutation, RequestsQuery
from services.platform.resources.schema import ResourcesMutation, ResourcesQuery
from services.platform.rights.schema import RightsMutation, RightsQuery
from services.platform.surveys.schema import SurveysMutation, SurveysQuery
from services.platform.training.schema import TrainingMutation, TrainingQuery


@strawberry.type
class Query(
    AccountQuery,
    AdmissionQuery,
    CouncilsQuery,
    EventsQuery,
    GroupsQuery,
    LinksQuery,
    MeetingsQuery,
    MembersQuery,
    NoticesQuery,
    PoliciesQuery,
    PracticesQuery,
    ReferralsQuery,
    RequestsQuery,
    ResourcesQuery,
    RightsQuery,
    SurveysQuery,
    TrainingQuery,
):
    @by_id(None)
    def node(self, id: strawberry.ID) -> Node | None:
        """IDで何でも / anything by its global id."""


@strawberry.type
class Mutation(
    AdmissionMutation,
    CouncilsMutation,
    EventsMutation,
    FilesMutation,
    GroupsMutation,
    LinksMutation,
    MeetingsMutation,
    MembersMutation,
    NoticesMutation,
    PapersMutation,
    PoliciesMutation,
    PracticesMutation,
    PreviewsMutation,
    ReferralsMutation,
    RequestsMutation,
    ResourcesMutation,
    RightsMutation,
    SurveysMutation,
    TrainingMutation,
): ...


@strawberry.type
class Subscription:
    @watch("WorkingGroup", topic="board")
    async def board_changed(self, id: strawberry.ID) -> AsyncGenerator[WorkingGroup | None, None]:  # noqa: ARG002 - GraphQL's argument
        """掲示板の変化 / the working group read anew at each change of its board."""
        yield None  # a declaration, never run: libs.serving.watching reads it

    @watch("Inbox", topic="inbox")
    async def inbox_changed(self, id: strawberry.ID) -> AsyncGenerator[Inbox | None, None]:  # noqa: ARG002 - GraphQL's argument
        """受信箱の変化 / one's own inbox read anew at each change."""
        yield None  # likewise


def build_schema() -> strawberry.Schema:
    return strawberry.Schema(Query, Mutation, Subscription, config=StrawberryConfig())
