"""Notices: who is told of what, in the inbox at once and by mail and webhook a little later."""

from services.platform.notices import steps

__all__ = ["steps"]
