"""What people do about courses: each function is one transaction."""

from services.platform.training import steps

__all__ = ["steps"]
