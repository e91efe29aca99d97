"""Where the pages of events lie, below a platform's own path."""

from typing import Final

EVENTS: Final = "events"
EVENT: Final = "events/"
FEED: Final = "calendar/"
GROUP_FEED: Final = "calendar.group/"
DOOR: Final = "events.place"
PLACE: Final = "events.place/"
