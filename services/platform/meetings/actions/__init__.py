"""What people do about meetings, each in one transaction: authorize, change, record, tell."""

from services.platform.meetings import steps

__all__ = ["steps"]
