"""The coordinator offers a practice of the platform to all others, and takes it back."""

import uuid
from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa

from libs.errors.problems import InvalidInput, NotFound, StaleVersion, WrongState
from libs.figures.practices import practice
from libs.japan.personal_data import scan
from libs.japan.text import search_key
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from services.platform.inputs import required

TITLE_LENGTH: Final = 200
BODY_LENGTH: Final = 20_000
TAG_LENGTH: Final = 30
MOST_TAGS: Final = 10


async def offer(acting: Acting, title: str, body: str, tags: Sequence[str]) -> uuid.UUID:
    """Raises NotAllowed, and InvalidInput: nothing by which a person could be found leaves the platform."""
    acting.require("practice", "offer_practice")
    work = acting.work
    said = {
        "title": _impersonal("title", required(title, "title", TITLE_LENGTH)),
        "body": _impersonal("body", required(body, "body", BODY_LENGTH, multiline=True)),
    }
    named = _tags(tags)
    key = search_key(" ".join((*said.values(), *named)))
    made = await work.insert(practice, **said, tags=named, search_key=key, offered_at=work.now)
    work.record("offer_practice", "practice", made)
    return made


async def withdraw(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    """Whatever became of it, it is gone from the library at once.

    Raises NotAllowed, NotFound, StaleVersion, WrongState.
    """
    acting.require("practice", "offer_practice")
    row = await acting.work.one(LOCK, id=identity) if identity else None
    if row is None:
        raise NotFound
    if row["version"] != version:
        raise StaleVersion(row["version"])
    if row["state"] == "withdrawn":
        raise WrongState("withdrawn", "すでに取り下げられています。", "It was withdrawn already.")
    await acting.work.one(WITHDRAW, id=identity)
    acting.work.record("withdraw_practice", "practice", row["id"])
    return row["id"]


def _tags(tags: Sequence[str]) -> list[str]:
    if len(tags) > MOST_TAGS:
        raise InvalidInput(
            "tags",
            f"タグは{MOST_TAGS}個までです。",
            f"At most {MOST_TAGS} tags.",
            detail="too_many",
        )
    return list(dict.fromkeys(_impersonal("tags", required(tag, "tags", TAG_LENGTH)) for tag in tags))


def _impersonal(field: str, text: str) -> str:
    found = scan(text)
    if found:
        kinds = ", ".join(sorted({each.kind for each in found}))
        raise InvalidInput(
            field,
            f"個人を特定しうる情報が含まれています（{kinds}）。取り除いてください。連絡は事務局を通せます。",
            f"The text holds what may identify a person ({kinds}). Take it out; others write to you through "
            "the coordinator.",
            detail="PERSONAL_DATA",
        )
    return text


_OWN = (practice.c.tenant_id == TENANT, practice.c.id == parameter(practice.c.id))
LOCK = Statement(
    sa.select(practice.c.id, practice.c.state, practice.c.version).where(*_OWN).with_for_update()
)
WITHDRAW = Statement(
    sa.update(practice).where(*_OWN).values(state=sa.literal("withdrawn"), version=practice.c.version + 1)
)
