"""A request's texts, sealed under its own key, and its conversation as it was opened."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import asyncpg
import sqlalchemy as sa
from uuid_utils.compat import uuid7

from libs.persistence.sealing.vault import Place, Sealer
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.persistence.work import Work
from services.platform.requests.models import WORDS, request_text


@dataclass(frozen=True, slots=True)
class Text:
    """One text, opened. It is in no repr."""

    author: str
    part: str
    at: datetime
    text: str = field(repr=False)


async def write(
    work: Work, sealer: Sealer, request_id: uuid.UUID, author: str, texts: Mapping[str, str]
) -> None:
    """Adds the texts, each by its part."""
    for part, text in texts.items():
        identity = uuid7()
        await work.insert(
            request_text,
            id=identity,
            request_id=request_id,
            author=author,
            part=part,
            person_id=work.actor.person_id,
            ciphertext=sealer.seal(_place(identity), text),
            at=work.now,
        )


async def sealed(work: Work, request_id: uuid.UUID) -> list[asyncpg.Record]:
    """Oldest first, still sealed."""
    return await work.rows(OF_REQUEST, request_id=request_id)


def opened(sealer: Sealer, rows: Sequence[asyncpg.Record]) -> list[Text]:
    return [
        Text(row["author"], row["part"], row["at"], sealer.open(_place(row["id"]), row["ciphertext"]))
        for row in rows
    ]


def by_part(texts: Sequence[Text]) -> dict[str, str]:
    """The person's first text of each part."""
    found: dict[str, str] = {}
    for each in texts:
        if each.author == "person":
            found.setdefault(each.part, each.text)
    return found


def last_words(texts: Sequence[Text]) -> str | None:
    """What was written last on either side, if it was the person."""
    words = [each for each in texts if each.part == WORDS]
    return words[-1].text if words and words[-1].author == "person" else None


def _place(identity: uuid.UUID) -> Place:
    return Place("request_text", "ciphertext", identity)


OF_REQUEST = Statement(
    sa.select(
        request_text.c.id,
        request_text.c.author,
        request_text.c.part,
        request_text.c.at,
        request_text.c.ciphertext,
    )
    .where(
        request_text.c.tenant_id == TENANT,
        request_text.c.request_id == parameter(request_text.c.request_id),
    )
    .order_by(request_text.c.id)
)
