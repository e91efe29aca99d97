"""People without an account, acting: through a page they ask for help, or answer by a code or a link.

They act as kind `holder`; until an action has found what their code opens, they hold nothing.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, TypeVar

from libs.persistence.actor import Actor
from libs.persistence.retrying import undisturbed
from libs.persistence.sealing.vault import Vault
from libs.policy.access import Access
from libs.policy.acting import Acting
from libs.reading.engine import Engine
from libs.serving.asking import Callers
from libs.serving.budgets import MUTATION_COST, Budgets
from libs.serving.problems import Unavailable
from libs.tenancy.viewer import ANYONE, HOLDER, Viewer, ViewerOutdated
from libs.tenancy.viewers import Address, Viewers

VIEWER_TRIES: Final = 10
NOBODY: Final = Actor()

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Doors:
    """What an application has one of, for whom it opens."""

    engine: Engine
    viewers: Viewers
    vault: Vault
    budgets: Budgets
    callers: Callers


class Visitors:
    """One for a process. The pages are made before the database is open; visitors come after."""

    _doors: Doors

    def open(self, doors: Doors) -> None:
        self._doors = doors

    @property
    def doors(self) -> Doors:
        """For a room whose visitors act within what somebody else may do too."""
        return self._doors

    @property
    def vault(self) -> Vault:
        """To open, after the commit of its log, what an action admitted to."""
        return self._doors.vault

    def now(self) -> datetime:
        return self._doors.engine.database.clock()

    async def act(
        self,
        tenant: str,
        action: Callable[[Acting], Awaitable[Result]],
        *,
        actor: Actor = NOBODY,
        cost: int = MUTATION_COST,
    ) -> Result:
        """Runs the action in one Work of the platform of this name.

        Raises NotFound for a platform that is none, RateLimited and Unavailable, and the action's problems.
        """
        doors, address = self._doors, Address(tenant)
        for _ in range(VIEWER_TRIES):
            viewer = _holder(await doors.viewers.of(None, address))
            await doors.budgets.charge(viewer, cost)
            # before the work: who loads a policy while holding a connection may wait for another one for ever
            access = await doors.engine.access(viewer)

            async def attempt(viewer: Viewer = viewer, access: Access = access) -> Result:
                async with doors.engine.database.work(viewer.tenant_id, actor) as work:
                    await Viewers.check(viewer, work)
                    return await action(Acting(work, viewer, access, doors.vault))

            try:
                return await undisturbed(attempt)
            except ViewerOutdated:
                doors.viewers.forget(None, address)
        raise Unavailable


def _holder(stranger: Viewer) -> Viewer:
    return replace(stranger, kinds=frozenset({ANYONE, HOLDER}))
