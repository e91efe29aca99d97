"""What the coordinator does to the council's register."""

from services.platform.councils import steps

__all__ = ["steps"]
