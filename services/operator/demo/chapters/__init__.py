"""The chapters of the demo's story, in the order in which they are told."""

from collections.abc import Awaitable, Callable

from rich.console import Console

from services.operator.demo.chapters.councils import councils
from services.operator.demo.chapters.events import events
from services.operator.demo.chapters.groups import groups
from services.operator.demo.chapters.help_page import help_page
from services.operator.demo.chapters.lawful_bases import lawful_bases
from services.operator.demo.chapters.meetings import meetings
from services.operator.demo.chapters.members import members
from services.operator.demo.chapters.national import national
from services.operator.demo.chapters.portal import portal
from services.operator.demo.chapters.referrals import referrals
from services.operator.demo.chapters.rights import rights
from services.operator.demo.chapters.training import training
from services.operator.demo.chapters.under_way import under_way
from services.operator.demo.teller import Teller

Chapter = Callable[[Teller, Console], Awaitable[None]]

ALL: tuple[Chapter, ...] = (
    members,
    groups,
    meetings,
    councils,
    referrals,
    under_way,
    lawful_bases,
    help_page,
    rights,
    events,
    portal,
    training,
    national,
)
