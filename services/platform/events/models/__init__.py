"""Events, the days on which they take place, the places at them, and what relates an asker to each."""

from services.platform.events.models import relations
from services.platform.events.models.counts import is_host, persons_left, persons_taken, persons_waiting
from services.platform.events.models.tables import event, occurrence, place

__all__ = [
    "event",
    "is_host",
    "occurrence",
    "persons_left",
    "persons_taken",
    "persons_waiting",
    "place",
    "relations",
]
