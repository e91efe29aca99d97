"""What the sender does with a link and what its holder does by it, each in one transaction."""

from services.platform.links import steps

__all__ = ["steps"]
