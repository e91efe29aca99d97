"""GraphQL of events: what is on, who organises it, and the places at them."""

from services.platform.events.schema.mutation import EventsMutation
from services.platform.events.schema.query import EventsQuery
from services.platform.events.schema.types import Event, Place

__all__ = ["Event", "EventsMutation", "EventsQuery", "Place"]
