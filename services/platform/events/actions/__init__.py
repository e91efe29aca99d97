"""What people do about events and places, one function for each."""

from services.platform.events.actions import leaving

__all__ = ["leaving"]
