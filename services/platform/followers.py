"""What a later room does within an earlier room's change, in the same transaction.

Due work is for what may come a moment later; this is for what must be so when the change is.
"""

from collections.abc import Awaitable, Callable
from typing import Generic, ParamSpec

P = ParamSpec("P")


class Followers(Generic[P]):
    """Registered once, at import; called in that order. One that raises undoes the change."""

    def __init__(self) -> None:
        self._each: list[Callable[P, Awaitable[None]]] = []

    def register(self, follow: Callable[P, Awaitable[None]]) -> None:
        self._each.append(follow)

    async def follow(self, *args: P.args, **kwargs: P.kwargs) -> None:
        for each in self._each:
            await each(*args, **kwargs)
