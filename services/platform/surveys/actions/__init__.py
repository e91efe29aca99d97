"""What an organiser does about a survey, and how it is answered; each is one transaction."""

from services.platform.surveys import steps

__all__ = ["steps"]
