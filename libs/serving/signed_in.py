"""People with an account, acting beside GraphQL: they send files, or follow a link that was given to them."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from libs.errors.problems import Unauthenticated
from libs.persistence.actor import Actor
from libs.policy.acting import Acting
from libs.serving.asking import Asking
from libs.serving.budgets import MUTATION_COST
from libs.serving.problems import Unavailable
from libs.serving.visitors import Visitors
from libs.tenancy.viewer import ViewerOutdated
from libs.tenancy.viewers import Viewers

VIEWER_TRIES = 10

Result = TypeVar("Result")


async def act(
    visitors: Visitors,
    asking: Asking,
    action: Callable[[Acting], Awaitable[Result]],
    *,
    cost: int = MUTATION_COST,
) -> Result:
    """Runs the action in one Work under the asker's policy of now.

    Raises Unauthenticated, NotFound for a platform that is none, RateLimited and Unavailable, and the
    action's problems.
    """
    if not asking.is_signed_in:
        raise Unauthenticated("no token")
    doors = visitors.doors
    for _ in range(VIEWER_TRIES):
        viewer = await asking.viewer()
        await doors.budgets.charge(viewer, cost)
        # before the work: who loads a policy while holding a connection may wait for another one for ever
        access = await doors.engine.access(viewer)
        actor = Actor(viewer.person_id, viewer.organisation_id)
        try:
            async with doors.engine.database.work(viewer.tenant_id, actor, account=viewer.account) as work:
                await Viewers.check(viewer, work)
                return await action(Acting(work, viewer, access, doors.vault))
        except ViewerOutdated:
            asking.forget_viewer()
    raise Unavailable
