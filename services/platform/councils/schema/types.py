"""The council and its members as they are read."""

import datetime as dt
from enum import Enum

import strawberry

from libs.reading.declare import can, column, computed, hidden, identity, listing, one, stored
from libs.reading.node import Node
from services.platform.councils import models
from services.platform.councils.schema.notice import public_notice
from services.platform.members.schema import Organisation


@strawberry.enum(description="協議会について行える操作 / what can be done to a council")
class CouncilAction(Enum):
    KEEP_COUNCIL = "keep_council"
    ANNOUNCE_COUNCIL = "announce_council"
    ADD_COUNCIL_MEMBER = "add_council_member"
    NAME_COORDINATING_AGENCY = "name_coordinating_agency"


@strawberry.enum(description="構成機関等について行える操作 / what can be done to a member")
class CouncilMemberAction(Enum):
    CORRECT_COUNCIL_MEMBER = "correct_council_member"
    END_COUNCIL_MEMBER = "end_council_member"


@stored(models.council_member, object="council_member", prefix="council_member")
@strawberry.type(description="構成機関等 / a member of the council, from and until when")
class CouncilMember(Node):
    id: strawberry.ID = identity()
    council: "Council | None" = one("Council", on=lambda row, council: council.c.id == row.c.council_id)
    organisation: Organisation | None = one(
        "Organisation", on=lambda row, organisation: organisation.c.id == row.c.organisation_id
    )
    from_on: dt.date | None = column(description="最初の日 / first day as a member")
    until_on: dt.date | None = column(description="構成機関でなくなる日 / first day without it")
    announced_on: dt.date | None = column(
        description="公示により効力をもった日 / since when it counts as announced"
    )
    joined_on: dt.date | None = column(description="書類上の加入日 / by the papers: opens nothing")
    notice_on: dt.date | None = column(description="公示文の日付 / the day that the notice bears")
    created_at: dt.datetime | None = column()
    version: int | None = column()
    viewer_can: list[CouncilMemberAction] | None = can()
    hidden_fields: list[str] = hidden()


@stored(models.council, object="council", prefix="council")
@strawberry.type(description="孤独・孤立対策地域協議会 / the statutory council, art. 15 of Act 45 of 2023")
class Council(Node):
    id: strawberry.ID = identity()
    name: str | None = column()
    established_on: dt.date | None = column()
    announced_on: dt.date | None = column(
        description="最初の公示が効力をもった日 / since when it counts as announced"
    )
    notice_on: dt.date | None = column(description="最初の公示文の日付 / the day that the first notice bears")
    coordinating_agency: Organisation | None = one(
        "Organisation", on=lambda row, organisation: organisation.c.id == row.c.coordinating_agency_id
    )
    agency_announced_on: dt.date | None = column(
        description="調整機関が公示された日 / when it was announced as agency"
    )
    named_agency: Organisation | None = one(
        "Organisation",
        on=lambda row, organisation: organisation.c.id == row.c.named_agency_id,
        description="指定され、公示を待つ調整機関 / named, and waits for the next notice",
    )
    public_notice: str | None = computed(
        public_notice, description="公示の文(名簿から作成) / the public notice, made of the register"
    )
    created_at: dt.datetime | None = column()
    version: int | None = column()
    viewer_can: list[CouncilAction] | None = can()
    hidden_fields: list[str] = hidden()

    @listing("CouncilMember", on=lambda council, row: row.c.council_id == council.c.id)
    def members(self, first: int | None = 100) -> list[CouncilMember] | None:
        """構成機関等の名簿(新しい順) / the members, newest first; who left stays, with the day"""
