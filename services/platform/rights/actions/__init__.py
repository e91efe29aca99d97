"""What people do for the rights of the person, one module a verb."""

from services.platform.rights import steps

__all__ = ["steps"]
