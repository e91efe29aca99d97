"""What people do with cases and referrals, one module a verb; each function is one transaction."""

from services.platform.referrals import basis_steps, steps
from services.platform.referrals.actions import leaving, letting_go

__all__ = ["basis_steps", "leaving", "letting_go", "steps"]
