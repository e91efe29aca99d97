"""What the clock does to events: kinds of due work, each keyed by the event's id, and when they are due."""

from datetime import datetime, timedelta
from typing import Final

from services.platform.events.rows import Fields

OFFER: Final = "event.offer"
REMIND: Final = "event.remind"
ERASE: Final = "event.erase"
TELL_CHANGED: Final = "event.tell_changed"
TELL_CANCELLED: Final = "event.tell_cancelled"


def reminded_at(row: Fields) -> datetime | None:
    """None where nobody is reminded."""
    return None if row["remind_hours"] is None else row["starts_at"] - timedelta(hours=row["remind_hours"])


def erased_at(row: Fields) -> datetime:
    return row["over_at"] + timedelta(days=row["keep_days"])


def offered_until(row: Fields, now: datetime) -> datetime:
    """Never longer than until the event begins."""
    return min(now + timedelta(hours=row["offer_hours"]), row["starts_at"])
