"""What people do with cases and referrals, one module a verb; each function is one transaction."""

from services.platform.referrals import steps

__all__ = ["steps"]
