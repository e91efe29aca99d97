"""Services and places offered to people: 窓口, 居場所, まちのえき, 集いの場; and the portal's data."""

from services.platform.resources import steps

__all__ = ["steps"]
