"""What the secretariat's staff does: it decides on practices that platforms offer."""

import uuid

import strawberry

from libs.reading import ids
from services.secretariat.schema.types import Practice, practice_of
from services.secretariat.service import Asking


@strawberry.type
class Mutation:
    @strawberry.mutation(description="好事例を採用する / take a practice into the library")
    async def accept_practice(
        self, info: strawberry.Info[Asking], id: strawberry.ID, version: int
    ) -> Practice | None:
        asking = info.context
        await asking.library.accept(asking.member, _identity(id), version)
        return await _read(asking, _identity(id))

    @strawberry.mutation(description="好事例を返す / return a practice, with what to mend")
    async def return_practice(
        self, info: strawberry.Info[Asking], id: strawberry.ID, version: int, note: str
    ) -> Practice | None:
        asking = info.context
        await asking.library.send_back(asking.member, _identity(id), version, note)
        return await _read(asking, _identity(id))


async def _read(asking: Asking, identity: uuid.UUID | None) -> Practice | None:
    row = None if identity is None else await asking.reading.practice(identity)
    return None if row is None else practice_of(row)


def _identity(text: str) -> uuid.UUID | None:
    return ids.of_type("practice", text, "id")
