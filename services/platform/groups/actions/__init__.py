"""What people do in working groups, each in one transaction: authorize, change, record."""

from services.platform.groups import steps

__all__ = ["steps"]
