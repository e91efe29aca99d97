"""What people do about membership, each in one transaction: authorize, change, record."""

from services.platform.members import steps

__all__ = ["steps"]
