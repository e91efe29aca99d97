"""Every list that can be taken as a file; each room declares its own in its `exports.py`."""

from typing import Final

from libs.serving.exports.declared import Exports
from services.platform.events import exports as events
from services.platform.groups import exports as groups
from services.platform.members import exports as members
from services.platform.referrals import exports as referrals
from services.platform.resources import exports as resources
from services.platform.surveys import exports as surveys
from services.platform.training import exports as training

EXPORTS: Final = Exports(
    *members.EXPORTS,
    *groups.EXPORTS,
    *resources.EXPORTS,
    *events.EXPORTS,
    *surveys.EXPORTS,
    *training.EXPORTS,
    *referrals.EXPORTS,
)
