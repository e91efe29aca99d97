"""GraphQL of answer links: the sender's side. Holders of links speak to the page."""

from services.platform.links.schema.mutation import LinksMutation

__all__ = ["LinksMutation"]
