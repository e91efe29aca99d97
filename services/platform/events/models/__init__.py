"""Events, the days on which they take place, the places at them, and what relates an asker to each."""

from services.platform.events.models import relations
from services.platform.events.models.counts import (
    is_host,
    is_mine,
    persons_left,
    persons_taken,
    persons_waiting,
)
from services.platform.events.models.feeds import calendar_feed
from services.platform.events.models.tables import event, occurrence, place

__all__ = [
    "calendar_feed",
    "event",
    "is_host",
    "is_mine",
    "occurrence",
    "persons_left",
    "persons_taken",
    "persons_waiting",
    "place",
    "relations",
]
