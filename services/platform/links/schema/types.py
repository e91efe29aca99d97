"""What the sender reads of its links: when they were made, tried and used; never what opens them."""

import datetime as dt
from enum import Enum

import sqlalchemy as sa
import strawberry

from libs.policy.predicates import Asker
from libs.reading.declare import Row, column, computed, hidden, identity, one, stored
from libs.reading.node import Node
from services.platform.links import words
from services.platform.links.models import answer_link
from services.platform.members.schema import Organisation, Person
from services.platform.members.schema.inputs import LinkCode
from services.platform.referrals.schema.enums import described
from services.platform.referrals.schema.types import Referral


@described("回答リンクの状態 / what has become of a link", words.STATES)
class AnswerLinkState(Enum):
    WAITING = "waiting"
    ANSWERED = "answered"
    TRIES = "tries"
    REVOKED = "revoked"
    REPLACED = "replaced"
    EXPIRED = "expired"


def _state(row: Row, asker: Asker) -> "sa.ColumnElement[str]":
    waits = sa.case((row.c.expires_at > asker.now, sa.literal("waiting")), else_=sa.literal("expired"))
    return sa.func.coalesce(row.c.end_code, waits)


@stored(answer_link, object="answer_link", prefix="answer_link")
@strawberry.type(
    description="回答リンク。アドレスも確認コードも表示しない / "
    "a link to answer by; neither its address nor its code"
)
class AnswerLink(Node):
    id: strawberry.ID = identity()
    referral: Referral | None = one("Referral", on=lambda row, referral: referral.c.id == row.c.referral_id)
    organisation: Organisation | None = one(
        "Organisation",
        on=lambda row, organisation: organisation.c.id == row.c.organisation_id,
        description="送り先の団体 / whose registered address it was mailed to",
    )
    made_by: Person | None = one(
        "Person",
        on=lambda row, person: person.c.id == row.c.made_by_id,
        description="送った人。自動のときは空 / null where it went by itself",
    )
    state: AnswerLinkState | None = computed(_state)
    code_by: LinkCode | None = column()
    codes: int | None = column(description="送った確認コードの数 / how many codes were sent")
    tries: int | None = column(description="誤った入力の数 / how many wrong codes were entered")
    created_at: dt.datetime | None = column()
    used_at: dt.datetime | None = computed(
        lambda row, _: sa.case((row.c.end_code == sa.literal("answered"), row.c.ended_at)),
        description="回答に使われた日時 / when it was answered by",
    )
    expires_at: dt.datetime | None = column()
    hidden_fields: list[str] = hidden()
