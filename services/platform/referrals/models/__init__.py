"""The tables of cases and referrals, the referral's state machine, and what relates an asker to each row."""

from services.platform.referrals.models import lawful_bases, relations
from services.platform.referrals.models.break_glass import break_glass, break_glass_person
from services.platform.referrals.models.cases import case_file, consent, consent_recipient, sealed_text
from services.platform.referrals.models.corrections import correction
from services.platform.referrals.models.councils import council_assignment, council_item
from services.platform.referrals.models.exchanges import (
    assignee_of,
    assignment,
    caseworker_of,
    question,
    transfer_request,
)
from services.platform.referrals.models.referrals import (
    access_entry,
    card_note,
    disclosure,
    offer,
    referral,
    referral_event,
)
from services.platform.referrals.models.sittings import (
    sitting,
    sitting_body,
    sitting_participant,
    sitting_referral,
)

__all__ = [
    "access_entry",
    "assignee_of",
    "assignment",
    "break_glass",
    "break_glass_person",
    "card_note",
    "case_file",
    "caseworker_of",
    "consent",
    "consent_recipient",
    "correction",
    "council_assignment",
    "council_item",
    "disclosure",
    "lawful_bases",
    "offer",
    "question",
    "referral",
    "referral_event",
    "relations",
    "sealed_text",
    "sitting",
    "sitting_body",
    "sitting_participant",
    "sitting_referral",
    "transfer_request",
]
