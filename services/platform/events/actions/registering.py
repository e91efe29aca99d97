"""A resident registers by the public page: a name, a way to be reached, and a code to come back with."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import asyncpg
import msgspec
import sqlalchemy as sa
from uuid_utils.compat import uuid7

from libs.errors.problems import InvalidInput, WrongState
from libs.japan.text import clean
from libs.persistence.sealing.vault import Sealer
from libs.persistence.statements import Statement, among, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from services.platform import codes
from services.platform.events.actions import line, mailing, participants, places
from services.platform.events.actions.participants import Participant
from services.platform.events.answers import checked_answers
from services.platform.events.models import event, place
from services.platform.events.models.codes import LIVE, RESIDENTS
from services.platform.inputs import mail_address, required

MOST_TOGETHER: Final = 10
MOST_REGISTRATIONS: Final = 20_000
MOST_LETTERS: Final = 5
"""To one address about registering for one event; who registers more often reads their page."""
NAME_LENGTH: Final = 100
CONTACT_LENGTH: Final = 200


@dataclass(frozen=True, slots=True)
class Registration:
    """What the form holds; `form` names the form as it was shown, by which one sent twice is known."""

    form: str
    name: str = field(repr=False)
    kana: str = field(repr=False)
    email: str = field(repr=False)
    telephone: str = field(repr=False)
    count: int
    answers: Sequence[str] = field(repr=False)
    language: str = "ja"


@dataclass(frozen=True, slots=True)
class Registered:
    """`code` is kept by its keyed hash, and sealed; it is shown this once."""

    code: str = field(repr=False)
    state: str
    number: int


async def register(acting: Acting, event_id: uuid.UUID | None, given: Registration) -> Registered:
    """Takes places, or stands in line. A form that comes twice is one registration.

    Raises NotFound, NotAllowed, InvalidInput, WrongState (cancelled, not_for_residents, closed, over, full).
    """
    row = await acting.find("event", event, event_id, action="register_for_event")
    who, work = _checked(row, given), acting.work
    own = await acting.vault.of_tenant(work.tenant_id)
    form_hash = own.mark("event form", msgspec.json.encode((given.form, str(row["id"]), who)).decode())
    who = msgspec.structs.replace(who, code=codes.new_code())
    code_hash = hash_of(own, who.code)
    sealer = await participants.key_of(acting.vault, work, row["id"])
    if (again := await work.one(AGAIN, form_hash=form_hash, code_hash=code_hash)) is not None:
        await work.one(SEALED, id=again["id"], sealed=participants.seal(sealer, again["id"], who))
        work.record("register_again", "place", again["id"])
        return Registered(who.code, again["state"], again["number"])
    if row["registrations"] >= MOST_REGISTRATIONS:
        raise _too_many()
    state = await places.state_for(acting, row, RESIDENTS, given.count, wait=True)
    address = f"{row['id']} {who.email.casefold()}"
    address_hash = own.mark("event address", address) if who.email else None
    told = await work.one(TOLD, event_id=row["id"], address_hash=address_hash)
    identity, number = uuid7(), await line.next_number(work, row["id"])
    try:
        made = await work.insert(
            place,
            id=identity,
            event_id=row["id"],
            organisation_id=None,
            quota=RESIDENTS,
            state=state,
            number=number,
            count=given.count,
            sealed=participants.seal(sealer, identity, who),
            code_hash=code_hash,
            form_hash=form_hash,
            address_hash=address_hash,
            created_at=work.now,
        )
    except asyncpg.UniqueViolationError as error:
        raise _came_before() from error
    work.record("register_for_event", "place", made, event=str(row["id"]), count=given.count, state=state)
    await places.told_host(acting, row, made, state)
    if told is None or told["registrations"] < MOST_LETTERS:
        await mailing.post(acting.work, acting.vault, f"event_{state}", row, who)
    return Registered(who.code, state, number)


def hash_of(own: Sealer, code: str) -> bytes:
    """By which the registration of a code is found."""
    return own.mark("event code", code)


def contact(name: str, kana: str, email: str, telephone: str) -> dict[str, str]:
    """Checked; one way to be reached is needed, to tell of a change. Raises InvalidInput."""
    found = {
        "name": required(name, "name", NAME_LENGTH),
        "kana": clean(kana, "kana", NAME_LENGTH),
        "email": mail_address(email, "email", CONTACT_LENGTH) or "",
        "telephone": clean(telephone, "telephone", CONTACT_LENGTH),
    }
    if not found["email"] and not found["telephone"]:
        raise InvalidInput(
            "email",
            "中止や変更をお知らせするため、メールアドレスか電話番号を入力してください。",
            "Give a mail address or a telephone number, so that you can be told of a change.",
            detail="REQUIRED",
        )
    return found


def _checked(row: asyncpg.Record, given: Registration) -> Participant:
    if not 1 <= given.count <= MOST_TOGETHER:
        raise InvalidInput(
            "count",
            f"人数は1人から{MOST_TOGETHER}人までです。それより多いときは、主催者にお問い合わせください。",
            f"From 1 to {MOST_TOGETHER} persons. For more ask the organiser.",
            detail="NUMBER_OF_PERSONS",
        )
    return Participant(
        **contact(given.name, given.kana, given.email, given.telephone),
        language=given.language if given.language in participants.LANGUAGES else "ja",
        answers=tuple(checked_answers(row["questions"], given.answers)),
    )


def _came_before() -> WrongState:
    return WrongState(
        "came_before",
        "同じ画面から前に送られた申込みは、取り消されています。もう一度「申し込む」を押してください。",
        "What was sent from this page before was cancelled. Press the button again to register anew.",
    )


def _too_many() -> WrongState:
    return WrongState(
        "full",
        "申込みが多く、受け付けられません。主催者にお問い合わせください。",
        "Too many have registered. Please ask the organiser.",
    )


AGAIN = Statement(
    sa.update(place)
    .where(
        place.c.tenant_id == TENANT,
        place.c.form_hash == parameter(place.c.form_hash),
        among(place.c.state, LIVE),
    )
    .values(code_hash=parameter(place.c.code_hash))
    .returning(place.c.id, place.c.state, place.c.number)
)
TOLD = Statement(
    sa.select(sa.func.count().label("registrations")).where(
        place.c.tenant_id == TENANT,
        place.c.event_id == parameter(place.c.event_id),
        place.c.address_hash == parameter(place.c.address_hash),
    )
)
SEALED = Statement(
    sa.update(place)
    .where(place.c.tenant_id == TENANT, place.c.id == parameter(place.c.id))
    .values(sealed=parameter(place.c.sealed))
    .returning(place.c.id)
)
