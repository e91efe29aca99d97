"""The tables of cases and referrals, the referral's state machine, and what relates an asker to each row."""

from services.platform.referrals.models import relations
from services.platform.referrals.models.cases import case_file, consent, consent_recipient, sealed_text
from services.platform.referrals.models.corrections import correction
from services.platform.referrals.models.referrals import (
    access_entry,
    card_note,
    disclosure,
    offer,
    referral,
    referral_event,
)

__all__ = [
    "access_entry",
    "card_note",
    "case_file",
    "consent",
    "consent_recipient",
    "correction",
    "disclosure",
    "offer",
    "referral",
    "referral_event",
    "relations",
    "sealed_text",
]
