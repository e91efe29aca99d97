"""Who came: counted by the organiser, or said by who is there with the code shown in the room."""

import secrets
import unicodedata
import uuid
from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa

from libs.errors.problems import InvalidInput, NotFound, WrongState
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from services.platform.events.actions.places import MOST_PERSONS, number_of_persons
from services.platform.events.models import event, place

DIGITS: Final = 6
MOST_TRIES: Final = 10
MOST_AT_ONCE: Final = 500


async def record(acting: Acting, identity: uuid.UUID | None, version: int | None, attended: int) -> uuid.UUID:
    """The organiser notes how many persons came on these places; nobody is a valid number.

    Raises NotFound, NotAllowed, StaleVersion, WrongState, InvalidInput.
    """
    row = await acting.find("place", place, identity, action="record_attendance", version=version)
    if not 0 <= attended <= MOST_PERSONS:
        raise number_of_persons("attended", 0)
    await acting.work.one(COUNT_ATTENDED, id=row["id"], attended=attended)
    acting.work.record("record_attendance", "place", row["id"], attended=attended)
    return row["id"]


async def record_list(
    acting: Acting, event_id: uuid.UUID | None, came: Sequence[tuple[uuid.UUID | None, int]]
) -> uuid.UUID:
    """The whole list at once, in one transaction; each place must be this event's.

    Raises NotFound, NotAllowed, WrongState, InvalidInput.
    """
    row = await acting.find("event", event, event_id, action="record_attendance_list")
    if len(came) > MOST_AT_ONCE:
        raise InvalidInput(
            "places",
            f"一度に{MOST_AT_ONCE}件までにしてください。",
            f"At most {MOST_AT_ONCE} at once.",
            detail="TOO_MANY",
        )
    for identity, attended in sorted(came, key=lambda each: str(each[0])):
        found = await acting.work.one(OF_EVENT, id=identity, event_id=row["id"])
        if found is None:
            raise NotFound
        await record(acting, found["id"], None, attended)
    return row["id"]


async def open_attendance(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    """A code to show in the room; a new one puts the old out of use. Raises as other steps do."""
    row = await acting.find("event", event, identity, action="open_attendance", version=version)
    code = "".join(secrets.choice("0123456789") for _ in range(DIGITS))
    await acting.work.one(SHOW_CODE, id=row["id"], attendance_code=code)
    acting.work.record("open_attendance", "event", row["id"])
    return row["id"]


async def attend(acting: Acting, identity: uuid.UUID | None, shown: str, attended: int) -> bool:
    """Who is there says so themselves. False: it is not the code shown, and the try was counted; after some
    none is taken any more.

    Raises NotFound, NotAllowed, WrongState (not_open, tries), InvalidInput.
    """
    row = await acting.find("place", place, identity, action="attend_with_code")
    about = await acting.work.one(CODE, id=row["event_id"])
    if row["tries"] >= MOST_TRIES:
        raise _tried_out()
    if not 1 <= attended <= row["count"]:
        raise number_of_persons("attended", 1)
    typed = unicodedata.normalize("NFKC", shown).strip()
    if about is None or not secrets.compare_digest(about["attendance_code"].encode(), typed.encode()):
        await acting.work.one(TRY, id=row["id"])
        return False
    await acting.work.one(COUNT_ATTENDED, id=row["id"], attended=attended)
    acting.work.record("attend_with_code", "place", row["id"], attended=attended)
    return True


def wrong_code() -> InvalidInput:
    """What a wrong one is answered with."""
    return InvalidInput(
        "attendanceCode",
        "会場に表示されている数字と違います。もう一度お確かめください。",
        "That is not the number shown in the room. Look once more.",
        detail="WRONG_CODE",
    )


def _tried_out() -> WrongState:
    return WrongState(
        "tries",
        "誤りが続いたため、この画面では出席を受け付けられません。会場の受付にお声がけください。",
        "Too many wrong numbers: please tell the people at the door.",
    )


COUNT_ATTENDED = Statement(
    sa.update(place)
    .where(place.c.tenant_id == TENANT, place.c.id == parameter(place.c.id))
    .values(attended=parameter(place.c.attended), version=place.c.version + 1)
    .returning(place.c.id)
)
TRY = Statement(
    sa.update(place)
    .where(place.c.tenant_id == TENANT, place.c.id == parameter(place.c.id))
    .values(tries=place.c.tries + 1)
    .returning(place.c.id)
)
OF_EVENT = Statement(
    sa.select(place.c.id).where(
        place.c.tenant_id == TENANT,
        place.c.id == parameter(place.c.id),
        place.c.event_id == parameter(place.c.event_id),
    )
)
CODE = Statement(
    sa.select(event.c.attendance_code).where(event.c.tenant_id == TENANT, event.c.id == parameter(event.c.id))
)
SHOW_CODE = Statement(
    sa.update(event)
    .where(event.c.tenant_id == TENANT, event.c.id == parameter(event.c.id))
    .values(attendance_code=parameter(event.c.attendance_code), version=event.c.version + 1)
    .returning(event.c.id)
)
