"""GraphQL of answer links: the sender's side. Holders of links speak to the page."""

from services.platform.links.schema.mutation import LinksMutation
from services.platform.links.schema.query import LinksQuery

__all__ = ["LinksMutation", "LinksQuery"]
