"""What people do with cases and referrals, one module a verb; each function is one transaction."""

from services.platform.referrals import basis_steps, steps

__all__ = ["basis_steps", "steps"]
