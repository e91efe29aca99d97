"""GraphQL of files: a link to open one, whatever room keeps it."""

from services.platform.files.schema.mutation import FilesMutation

__all__ = ["FilesMutation"]
