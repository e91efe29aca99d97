"""Notes on a card: L1, for the whole group; their organisation mends and removes them."""

import uuid

import asyncpg
import sqlalchemy as sa

from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from services.platform.referrals.actions.announcing import announce
from services.platform.referrals.actions.inputs import LONG, required
from services.platform.referrals.actions.moving import Referral
from services.platform.referrals.actions.scanning import Shown, refuse_personal_data
from services.platform.referrals.models import card_note, referral


async def write_note(acting: Acting, identity: uuid.UUID | None, body: str, *, confirmed: bool) -> uuid.UUID:
    """Raises NotFound, NotAllowed, InvalidInput, WrongState."""
    row = await acting.find("referral", referral, identity, action="write_note")
    text = required(body, "body", LONG, multiline=True)
    await refuse_personal_data(acting, Shown({"body": text}, _own_case(acting, row), confirmed))
    made = await acting.work.insert(
        card_note,
        referral_id=row["id"],
        working_group_id=row["working_group_id"],
        posted_at=row["posted_at"],
        author_id=acting.viewer.person_id,
        author_organisation_id=acting.viewer.organisation_id,
        body=text,
        created_at=acting.work.now,
        updated_at=acting.work.now,
    )
    acting.work.record("write_note", "card_note", made, referral=str(row["id"]))
    acting.work.tell("board", row["working_group_id"])
    await announce(acting.work, row, "note_written", "sender")
    return made


async def edit_note(
    acting: Acting, identity: uuid.UUID | None, version: int, body: str, *, confirmed: bool
) -> uuid.UUID:
    """Raises NotFound, NotAllowed, StaleVersion, InvalidInput, WrongState."""
    row = await acting.find("card_note", card_note, identity, action="edit_note", version=version)
    text, card = required(body, "body", LONG, multiline=True), await _card(acting, row)
    await refuse_personal_data(acting, Shown({"body": text}, _own_case(acting, card), confirmed))
    await acting.work.one(EDIT, id=row["id"], body=text)
    acting.work.record("edit_note", "card_note", row["id"], referral=str(card["id"]))
    acting.work.tell("board", row["working_group_id"])
    return row["id"]


async def remove_note(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    """Takes the note away with its text; that it was there stays in the audit chain. Answers its card.

    Raises NotFound, NotAllowed, StaleVersion.
    """
    row = await acting.find("card_note", card_note, identity, action="remove_note", version=version)
    await acting.work.one(REMOVE, id=row["id"])
    acting.work.record("remove_note", "card_note", row["id"], referral=str(row["referral_id"]))
    acting.work.tell("board", row["working_group_id"])
    return row["referral_id"]


async def _card(acting: Acting, note: asyncpg.Record) -> Referral:
    card = await acting.work.one(CARD, id=note["referral_id"])
    assert card is not None  # noqa: S101 - the note hangs on it
    return card


def _own_case(acting: Acting, row: Referral) -> uuid.UUID | None:
    """The case to compare a text with, where its writer may read it anyway."""
    holds = row["sender_id"] == acting.viewer.organisation_id
    return (
        row["case_id"] if holds and acting.access.may("case", "reveal_identity", ("case_holder",)) else None
    )


CARD = Statement(
    sa.select(referral).where(referral.c.tenant_id == TENANT, referral.c.id == parameter(referral.c.id))
)
EDIT = Statement(
    sa.update(card_note)
    .where(card_note.c.tenant_id == TENANT, card_note.c.id == parameter(card_note.c.id))
    .values(
        body=parameter(card_note.c.body),
        updated_at=sa.bindparam("viewer_now", type_=card_note.c.updated_at.type),
        version=card_note.c.version + 1,
    )
    .returning(card_note.c.id)
)
REMOVE = Statement(
    sa.delete(card_note)
    .where(card_note.c.tenant_id == TENANT, card_note.c.id == parameter(card_note.c.id))
    .returning(card_note.c.id)
)
