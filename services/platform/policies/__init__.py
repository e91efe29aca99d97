"""The policy as each municipality adjusts it: draft, preview, publication, history."""

from services.platform.policies import steps

__all__ = ["steps"]
