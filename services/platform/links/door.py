"""From a link's address to its holder inside one Work."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar

import sqlalchemy as sa

from libs.errors.problems import NotAllowed, NotFound, StaleVersion, WrongState
from libs.persistence.actor import Actor
from libs.persistence.database import Context, Database
from libs.persistence.retrying import undisturbed
from libs.persistence.sealing.vault import Vault
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from libs.serving.budgets import FLAT_COST, MUTATION_COST
from libs.serving.problems import Unavailable
from libs.serving.visitors import VIEWER_TRIES, Visitors
from libs.tenancy.models import organisation
from libs.tenancy.viewer import ANYONE, HOLDER, MEMBER, Viewer, ViewerOutdated
from libs.tenancy.viewers import Address, Viewers
from services.platform.links.actions.ends import LinkOver, PageOver
from services.platform.links.actions.holding import Holding
from services.platform.links.models import Key, answer_link, matches, page_hash
from services.platform.referrals.models import referral

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Door:
    """One for a process."""

    visitors: Visitors

    @property
    def vault(self) -> Vault:
        return self.visitors.vault

    async def look(self, tenant: str, text: str) -> Any:  # noqa: ANN401 - asyncpg's record
        """The link as it stands, without touching anything.

        Raises LinkOver for one that opens nothing now, RateLimited.
        """
        link = await self._link(await self._anyone(tenant, FLAT_COST), _key(text))
        ended = link["ended_at"] is not None or link["expires_at"] <= self._database.clock()
        if ended or link["state"] != "sent" or link["status"] != "active":
            raise LinkOver
        return link

    async def was_answered_on(self, tenant: str, text: str, page: str) -> bool:
        """Whether this very page sent the answer already: a form sent twice. Raises LinkOver."""
        link = await self._link(await self._anyone(tenant, FLAT_COST), _key(text))
        return link["end_code"] == "answered" and matches(link["page_hash"], page_hash(page))

    async def enter(self, tenant: str, text: str, do: Callable[[Holding], Awaitable[T]]) -> T:
        """Does it in one Work as the link's holder.

        Raises LinkOver (also for what the referral or the policy no longer admits), PageOver, InvalidInput,
        RateLimited.
        """
        key = _key(text)
        for _ in range(VIEWER_TRIES):
            anyone = await self._anyone(tenant, MUTATION_COST)
            try:
                return await undisturbed(partial(self._enter, anyone, key, do))
            except ViewerOutdated:
                self.visitors.doors.viewers.forget(None, Address(tenant))
            except PageOver:
                raise
            except (NotFound, NotAllowed, WrongState, StaleVersion):
                raise LinkOver from None
        raise Unavailable

    async def _enter(self, anyone: Viewer, key: Key, do: Callable[[Holding], Awaitable[T]]) -> T:
        link = await self._link(anyone, key)
        ends = {"organisation_id": link["organisation_id"], "held": link["referral_id"]}
        holder, desk = replace(anyone, kinds=frozenset({HOLDER}), **ends), _desk(anyone, link)
        # before the work: who loads a policy while holding a connection may wait for another one for ever
        engine = self.visitors.doors.engine
        held, kept = await engine.access(holder), await engine.access(desk)
        actor = Actor(None, link["organisation_id"])
        async with engine.database.work(anyone.tenant_id, actor) as work:
            await Viewers.check(anyone, work)
            return await do(
                Holding(
                    key,
                    link["referral_id"],
                    link["organisation_id"],
                    Acting(work, holder, held, self.vault),
                    Acting(work, desk, kept, self.vault),
                )
            )

    @property
    def _database(self) -> Database:
        return self.visitors.doors.engine.database

    async def _anyone(self, tenant: str, cost: int) -> Viewer:
        doors = self.visitors.doors
        anyone = await doors.viewers.of(None, Address(tenant))
        await doors.budgets.charge(anyone, cost)
        return anyone

    async def _link(self, anyone: Viewer, key: Key) -> Any:  # noqa: ANN401 - asyncpg's record
        places = {"viewer_tenant": anyone.tenant_id, "id": key.link_id}
        async with self._database.reading(Context(anyone.tenant_id)) as connection:
            link = await connection.fetchrow(LINK.sql, *LINK.arguments(places))
        if link is None or not matches(link["secret_hash"], key.hash(anyone.tenant_id)):
            raise LinkOver
        return link


def _key(text: str) -> Key:
    key = Key.parse(text)
    if key is None:
        raise LinkOver
    return key


def _desk(anyone: Viewer, link: Any) -> Viewer:  # noqa: ANN401 - asyncpg's record
    """The recipient's desk, as far as it is a member today."""
    active = link["status"] == "active"
    return replace(
        anyone,
        kinds=frozenset({ANYONE, link["kind"]} if active else {ANYONE}),
        roles=frozenset({"desk"} if active else ()),
        facts=frozenset({MEMBER} if active else ()),
        organisation_id=link["organisation_id"],
    )


LINK = Statement(
    sa.select(
        answer_link.c.id,
        answer_link.c.referral_id,
        answer_link.c.organisation_id,
        answer_link.c.secret_hash,
        answer_link.c.expires_at,
        answer_link.c.code_by,
        answer_link.c.codes,
        answer_link.c.page_hash,
        answer_link.c.ended_at,
        answer_link.c.end_code,
        organisation.c.kind,
        organisation.c.status,
        referral.c.state,
    )
    .join(referral, sa.and_(referral.c.tenant_id == TENANT, referral.c.id == answer_link.c.referral_id))
    .join(
        organisation,
        sa.and_(organisation.c.tenant_id == TENANT, organisation.c.id == answer_link.c.organisation_id),
    )
    .where(answer_link.c.tenant_id == TENANT, answer_link.c.id == parameter(answer_link.c.id))
)
