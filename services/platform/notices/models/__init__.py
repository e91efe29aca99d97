"""Notices, what their readers prefer, their deliveries, and the webhooks of organisations."""

from services.platform.notices.models import relations
from services.platform.notices.models.tables import (
    CHANNELS,
    DELIVERY_STATES,
    MAIL_CHOICES,
    notice,
    notice_delivery,
    notice_preference,
    webhook,
)

__all__ = [
    "CHANNELS",
    "DELIVERY_STATES",
    "MAIL_CHOICES",
    "notice",
    "notice_delivery",
    "notice_preference",
    "relations",
    "webhook",
]
