"""What the sender does with a link and what its holder does by it, each in one transaction."""

from services.platform.links import steps
from services.platform.links.actions import by_itself

__all__ = ["by_itself", "steps"]
