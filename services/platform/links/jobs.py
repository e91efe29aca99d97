"""What follows when an organisation may have lost its desk: who waits for its answer is told."""

from collections.abc import Mapping
from typing import Final

from libs.persistence.worker import Job
from services.platform.links.actions.by_itself import tell_who_waits
from services.platform.members.actions.endings import DESK_CHANGED

JOBS: Final[Mapping[str, Job]] = {DESK_CHANGED: tell_who_waits}
