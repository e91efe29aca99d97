"""The chapters of the demo's story, in the order in which they are told."""

from collections.abc import Awaitable, Callable

from rich.console import Console

from services.operator.demo.chapters.events import events
from services.operator.demo.chapters.groups import groups
from services.operator.demo.chapters.members import members
from services.operator.demo.chapters.referrals import referrals
from services.operator.demo.teller import Teller

Chapter = Callable[[Teller, Console], Awaitable[None]]

ALL: tuple[Chapter, ...] = (members, groups, referrals, events)
