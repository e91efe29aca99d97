"""What people read of the lawful bases: items of the council, sittings, break-glass. No story of a person."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
import strawberry

from libs.reading.declare import Join, Row, can, column, hidden, identity, listing, one, stored
from libs.reading.node import Node
from services.platform.councils.schema import Council
from services.platform.members.schema import Organisation, Person
from services.platform.referrals import models
from services.platform.referrals.schema.actions import BreakGlassAction, CouncilItemAction, SittingAction
from services.platform.referrals.schema.enums import Finding, Item, SittingState
from services.platform.referrals.schema.types import Referral


def _through(table: sa.Table, own: str, other: str, *conditions: Any) -> Join:  # noqa: ANN401 - SQL
    """The rows whose id stands beside the parent's in a table of pairs."""

    def joined(parent: Row, row: Row) -> "sa.ColumnElement[bool]":
        return row.c.id.in_(
            sa.select(table.c[other]).where(
                table.c.tenant_id == sa.bindparam("viewer_tenant", type_=sa.Uuid()),
                table.c[own] == parent.c.id,
                *conditions,
            )
        )

    return joined


@stored(models.council_item, object="council_item", prefix="council_item")
@strawberry.type(description="協議会の案件 / a referral before the council, and who is assigned to it")
class CouncilItem(Node):
    id: strawberry.ID = identity()
    council: Council | None = one("Council", on=lambda row, council: council.c.id == row.c.council_id)
    referral: Referral | None = one("Referral", on=lambda row, referral: referral.c.id == row.c.referral_id)
    brought_by: Organisation | None = one(
        "Organisation", on=lambda row, organisation: organisation.c.id == row.c.brought_by_id
    )
    items: list[Item] | None = column(description="担当に提供する項目 / what those assigned may open")
    ended_at: dt.datetime | None = column()
    created_at: dt.datetime | None = column()
    version: int | None = column()
    viewer_can: list[CouncilItemAction] | None = can()
    hidden_fields: list[str] = hidden()

    @listing(
        "Organisation",
        on=_through(
            models.council_assignment,
            "council_item_id",
            "organisation_id",
            models.council_assignment.c.ended_at.is_(None),
        ),
    )
    def assigned(self, first: int | None = 50) -> list[Organisation] | None:
        """担当する構成機関等 / the members assigned to it"""


@stored(models.sitting, object="sitting", prefix="sitting")
@strawberry.type(description="支援会議(社会福祉法106条の6) / a closed sitting of bodies picked for it")
class Sitting(Node):
    id: strawberry.ID = identity()
    held_on: dt.date | None = column()
    chair: Person | None = one("Person", on=lambda row, person: person.c.id == row.c.chair_id)
    state: SittingState | None = column()
    ended_at: dt.datetime | None = column(
        description="これによる閲覧が終わったとき / since when nothing is open by it"
    )
    created_at: dt.datetime | None = column()
    version: int | None = column()
    viewer_can: list[SittingAction] | None = can()
    hidden_fields: list[str] = hidden()

    @listing("Organisation", on=_through(models.sitting_body, "sitting_id", "organisation_id"))
    def organisations(self, first: int | None = 50) -> list[Organisation] | None:
        """選ばれた団体 / the bodies picked"""

    @listing("Person", on=_through(models.sitting_participant, "sitting_id", "person_id"))
    def participants(self, first: int | None = 100) -> list[Person] | None:
        """出席した人 / who took part"""

    @listing("Referral", on=_through(models.sitting_referral, "sitting_id", "referral_id"))
    def referrals(self, first: int | None = 50) -> list[Referral] | None:
        """かけられた紹介 / what was before it"""


@stored(models.break_glass, object="break_glass", prefix="break_glass")
@strawberry.type(description="緊急開示 / opened in danger to named people of government, until it expires")
class BreakGlass(Node):
    id: strawberry.ID = identity()
    referral: Referral | None = one("Referral", on=lambda row, referral: referral.c.id == row.c.referral_id)
    opener: Person | None = one("Person", on=lambda row, person: person.c.id == row.c.opener_id)
    organisation: Organisation | None = one(
        "Organisation", on=lambda row, organisation: organisation.c.id == row.c.organisation_id
    )
    reason: str | None = column()
    items: list[Item] | None = column()
    expires_at: dt.datetime | None = column()
    review_due_at: dt.datetime | None = column(description="確認の期限(3開庁日) / three working days")
    reviewed_by: Person | None = one("Person", on=lambda row, person: person.c.id == row.c.reviewed_by_id)
    reviewed_at: dt.datetime | None = column()
    finding: Finding | None = column()
    finding_note: str | None = column()
    created_at: dt.datetime | None = column()
    version: int | None = column()
    viewer_can: list[BreakGlassAction] | None = can()
    hidden_fields: list[str] = hidden()

    @listing("Person", on=_through(models.break_glass_person, "break_glass_id", "person_id"))
    def named_people(self, first: int | None = 20) -> list[Person] | None:
        """名指しされた人 / to whom it opens"""
