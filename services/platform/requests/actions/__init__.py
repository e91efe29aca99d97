"""What a person without account does by the page, and what the desk does with what came."""

from services.platform.requests import steps

__all__ = ["steps"]
