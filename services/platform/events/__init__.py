"""Events (行事): announced by an organisation, with places that other organisations take."""

from services.platform.events import steps

__all__ = ["steps"]
