"""What stands on each platform's page, with the telephone numbers that answer at this moment.

The last one that was read is kept: a person in need finds the numbers also while the database is away or the
platform's budget is spent.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

from libs.errors.problems import Problem
from libs.policy.acting import Acting
from libs.serving.outages import outage
from libs.serving.problems import RateLimited, Unavailable
from libs.serving.visitors import Visitors
from services.platform.requests.actions import page
from services.platform.requests.actions.page import Front
from services.platform.requests.lines import Answering, answering, times

READING_COST: Final = 10
REMEMBERED: Final = 4_000

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Shown:
    """The front of one moment."""

    front: Front
    lines: Sequence[Answering]

    @property
    def is_open(self) -> bool:
        """Whether somebody reads what is sent."""
        return self.front.desk is not None

    @property
    def answers_now(self) -> bool:
        return any(line.is_open for line in self.lines)

    def times(self, line: Answering, language: str) -> str:
        return times(line.line, english=language == "en")


class Fronts:
    """One for a process."""

    def __init__(self, visitors: Visitors) -> None:
        self._visitors = visitors
        self._last: OrderedDict[str, Front] = OrderedDict()

    async def of(self, tenant: str) -> Shown:
        """Raises NotFound; Unavailable and RateLimited for a platform that was never read here."""
        try:
            front = await visit(self._visitors, tenant, _front, cost=READING_COST)
        except (RateLimited, Unavailable):
            if (last := self._last.get(tenant)) is None:
                raise
            return self._shown(last)
        self._last[tenant] = front
        self._last.move_to_end(tenant)
        if len(self._last) > REMEMBERED:
            self._last.popitem(last=False)
        return self._shown(front)

    def _shown(self, front: Front) -> Shown:
        return Shown(front, answering(front.lines, self._now()))

    def _now(self) -> datetime:
        return self._visitors.now()


async def visit(
    visitors: Visitors, tenant: str, action: Callable[[Acting], Awaitable[Result]], *, cost: int | None = None
) -> Result:
    """Raises Unavailable where the database is away, and whatever the action raises."""
    try:
        return await (
            visitors.act(tenant, action) if cost is None else visitors.act(tenant, action, cost=cost)
        )
    except Problem:
        raise
    except Exception as error:
        if (away := outage(error)) is not None:
            raise away from error
        raise


async def _front(acting: Acting) -> Front:
    return await page.front(acting.work)
