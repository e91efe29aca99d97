"""Where the pages of events lie, below a platform's own path."""

from typing import Final

EVENTS: Final = "events"
EVENT: Final = "events/"
DOOR: Final = "events.place"
PLACE: Final = "events.place/"
