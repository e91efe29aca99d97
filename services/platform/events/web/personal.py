"""Whose calendar a link opens: it reads as that person does today, and nothing once they are no member."""

from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from libs.errors.problems import NotFound
from libs.persistence.database import Context
from libs.reading import ids
from libs.reading.bounds import Limits
from libs.reading.documents import Documents
from libs.serving.problems import Unavailable
from libs.serving.visitors import VIEWER_TRIES, Visitors
from libs.tenancy.tokens.identity import Identity
from libs.tenancy.viewer import MEMBER, Viewer, ViewerOutdated
from libs.tenancy.viewers import Address
from services.platform.events.actions.feeding import BY_SECRET, hash_of

UNENDING: Final = 2**40
"""The link has no end of its own."""


@dataclass(frozen=True, slots=True)
class Personal:
    """A link that opens; `group` is the global id of the working group that it is narrowed to."""

    scope: str
    group: str | None
    _calendars: "PersonalCalendars" = field(repr=False)
    _identity: Identity = field(repr=False)
    _address: Address = field(repr=False)

    async def ask(self, document: str, variables: dict[str, Any]) -> dict[str, Any]:
        """As the person. Raises NotFound where they are no member any more, RateLimited."""
        return await self._calendars.read(self._identity, self._address, document, variables)


class PersonalCalendars:
    """One for a process."""

    def __init__(self, visitors: Visitors) -> None:
        self._visitors = visitors
        self._documents: Documents | None = None

    async def of(self, tenant: str, secret: str) -> Personal:
        """Raises NotFound for a link that opens nothing, whatever the reason."""
        doors = self._visitors.doors
        anyone = await doors.viewers.of(None, Address(tenant))
        await doors.budgets.charge(anyone, 1)
        own = await doors.vault.of_tenant(anyone.tenant_id)
        places = {"viewer_tenant": anyone.tenant_id, "secret_hash": hash_of(own, secret)}
        async with doors.engine.database.reading(Context(anyone.tenant_id)) as connection:
            row = await connection.fetchrow(BY_SECRET.sql, *BY_SECRET.arguments(places))
        if row is None:
            raise NotFound
        group = row["working_group_id"]
        return Personal(
            row["scope"],
            None if group is None else ids.encode("working_group", group),
            self,
            Identity(row["issuer"], row["subject"], UNENDING),
            Address(tenant, row["organisation_id"]),
        )

    async def read(
        self, identity: Identity, address: Address, document: str, variables: dict[str, Any]
    ) -> dict[str, Any]:
        doors = self._visitors.doors
        if self._documents is None:
            self._documents = Documents(doors.engine.registry.schema, Limits())
        known = self._documents.find(document)
        operation = known.operation(None)
        given = self._documents.variables(operation, variables)
        for _ in range(VIEWER_TRIES):
            viewer = _member(await doors.viewers.of(identity, address))
            try:
                answer = await doors.engine.read(known, operation, given, viewer, doors.budgets.charge)
            except ViewerOutdated:
                doors.viewers.forget(identity, address)
            else:
                return msgspec.json.decode(answer.json)
        raise Unavailable


def _member(viewer: Viewer) -> Viewer:
    if MEMBER not in viewer.facts:
        raise NotFound
    return viewer
