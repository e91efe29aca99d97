"""GraphQL of application papers."""

from services.platform.papers.schema.mutation import PapersMutation
from services.platform.papers.schema.types import ApplicationPaper

__all__ = ["ApplicationPaper", "PapersMutation"]
