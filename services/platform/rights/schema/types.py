"""GraphQL of erasures."""

import datetime as dt
from enum import Enum

import strawberry

from libs.reading.declare import can, column, hidden, identity, one, stored
from libs.reading.enums import described
from libs.reading.node import Node
from services.platform.members.schema import Organisation, Person
from services.platform.referrals.schema.types import Case
from services.platform.rights import models


@strawberry.enum(description="消去の理由 / why a case is erased; RETENTION: its time of keeping was over")
class ErasureReason(Enum):
    PERSON_ASKED = "person_asked"
    MISTAKEN = "mistaken"
    RETENTION = "retention"


@described(
    "消去の状態 / state of an erasure",
    {
        "asked": ("申請された", "asked for"),
        "confirmed": ("確認され、もう開けない", "confirmed: nothing opens any more"),
        "taken_back": ("取り下げられた", "taken back"),
        "done": ("鍵が消去され、だれも読めない", "the key is destroyed, nobody can read it any more"),
    },
)
class ErasureState(Enum):
    ASKED = "asked"
    CONFIRMED = "confirmed"
    TAKEN_BACK = "taken_back"
    DONE = "done"


@strawberry.enum(description="消去について行える操作 / what can be done to an erasure")
class ErasureAction(Enum):
    CONFIRM_ERASURE = "confirm_erasure"
    TAKE_BACK_ERASURE = "take_back_erasure"


@stored(models.erasure, object="erasure", prefix="erasure")
@strawberry.type(description="ケースの消去(二人で行う) / asked for by one person, confirmed by another")
class Erasure(Node):
    id: strawberry.ID = identity()
    reason: ErasureReason | None = column()
    state: ErasureState | None = column()
    organisation: Organisation | None = one(
        "Organisation", on=lambda row, organisation: organisation.c.id == row.c.organisation_id
    )
    case: Case | None = one("Case", on=lambda row, case: case.c.id == row.c.case_id)
    asked_by: Person | None = one("Person", on=lambda row, person: person.c.id == row.c.asked_by_id)
    asked_at: dt.datetime | None = column()
    confirmed_by: Person | None = one("Person", on=lambda row, person: person.c.id == row.c.confirmed_by_id)
    confirmed_at: dt.datetime | None = column()
    done_at: dt.datetime | None = column()
    version: int | None = column()
    viewer_can: list[ErasureAction] | None = can()
    hidden_fields: list[str] = hidden()
