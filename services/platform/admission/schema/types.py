"""Conditions, agreements to them and classes of members as they are read."""

import datetime as dt
from enum import Enum

import strawberry

from libs.reading.declare import column, hidden, identity, one, stored
from libs.reading.node import Node
from libs.tenancy.models import member_class
from services.platform.admission import models


@strawberry.enum(description="会員になれる団体の種別 / kind of an organisation that may have a class")
class MemberKind(Enum):
    GOVERNMENT = "government"
    NPO = "npo"
    COMPANY = "company"


@stored(models.membership_condition, object="membership_condition", prefix="condition")
@strawberry.type(description="入会の条件。文言は変わらない / a condition; its wording never changes")
class MembershipCondition(Node):
    id: strawberry.ID = identity()
    number: int | None = column(description="一覧での順番")
    text: str | None = column()
    since: dt.datetime | None = column()
    until: dt.datetime | None = column(description="条件でなくなった時 / since when nobody is asked any more")
    hidden_fields: list[str] = hidden()


@stored(models.condition_agreement, object="condition_agreement", prefix="agreement")
@strawberry.type(description="条件への同意 / that an organisation agreed to a condition, as it was worded")
class ConditionAgreement(Node):
    id: strawberry.ID = identity()
    condition: MembershipCondition | None = one(
        "MembershipCondition", on=lambda row, condition: condition.c.id == row.c.condition_id
    )
    at: dt.datetime | None = column()
    hidden_fields: list[str] = hidden()


@stored(member_class, object="member_class", prefix="class")
@strawberry.type(description="会員区分 / a class of members")
class MemberClass(Node):
    id: strawberry.ID = identity()
    number: int | None = column()
    name: str | None = column(description="正会員、協力会員など")
    kinds: list[MemberKind] | None = column(description="対象の団体種別 / who may have it")
    votes: bool | None = column(description="議決権 / whether its members vote")
    ended_at: dt.datetime | None = column(description="新たに与えなくなった時 / since when it is not given")
    version: int | None = column()
    hidden_fields: list[str] = hidden()
