"""The working group of the referrals' tests is where the killing's people meet too."""

from tests.referrals.conftest import loop

__all__ = ["loop"]
