"""The table of erasures, and what relates an asker to each."""

from services.platform.rights.models.erasures import erasure

__all__ = ["erasure"]
