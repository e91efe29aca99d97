"""Inbox, preferences and webhooks over GraphQL."""

from services.platform.notices.schema.mutation import NoticesMutation
from services.platform.notices.schema.query import NoticesQuery
from services.platform.notices.schema.types import Inbox

__all__ = ["Inbox", "NoticesMutation", "NoticesQuery"]
