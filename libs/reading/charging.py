"""The hook between planning and running: whoever asks pays the plan's cost before anything runs."""

from collections.abc import Awaitable, Callable

from libs.tenancy.viewer import Viewer

Charge = Callable[[Viewer, int], Awaitable[None]]
"""Takes a plan's cost from the viewer's budget. Raises Problem where there is too little."""


async def free(_viewer: Viewer, _cost: int) -> None:
    """Nobody pays: for measuring, and for tests of what is read."""
