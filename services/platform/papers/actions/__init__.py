"""Papers are added and removed, a photo is set and taken away, each in one transaction."""

from services.platform.papers import steps

__all__ = ["steps"]
