"""What a platform asks of who would join: its conditions, its classes of members."""

from services.platform.admission import steps

__all__ = ["steps"]
