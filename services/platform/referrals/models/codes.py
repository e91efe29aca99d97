"""The closed vocabularies of cases and referrals, and which written items stand at which level."""

from collections.abc import Mapping
from typing import Final

import sqlalchemy as sa

MODES: Final = ("directed", "board")
URGENCIES: Final = ("urgent", "normal")
NEEDS: Final = (
    "belonging",
    "listening",
    "daily_life",
    "housing",
    "food",
    "money",
    "work",
    "health",
    "mental_health",
    "childcare",
    "schooling",
    "elder_care",
    "disability",
    "violence",
    "legal",
    "language",
    "other",
)
AGE_BANDS: Final = (
    "preschool",
    "school_age",
    "youth",
    "adult",
    "senior",
    "oldest",
    "household",
    "unknown",
)
CASE_KINDS: Final = ("person", "household")
CASE_STATES: Final = ("open", "closed", "erased")
"""Erased: nothing that was written of the person can be read by anybody; numbers and codes stay."""
BASES: Final = ("consent", "council_exchange", "support_meeting", "vital_interest", "none_deidentified")
MEDIA: Final = ("platform", "paper", "electronic_file", "oral")
"""By what the items are handed over, as the consent slip tells the person."""
OBTAINED: Final = ("written", "oral", "electronic", "by_representative")
OFFER_STATES: Final = ("open", "chosen", "closed", "withdrawn")
DECLINED_BY: Final = ("provider", "person", "not_reached")
DECLINES: Final = (
    "no_capacity",
    "waitlist_only",
    "not_eligible",
    "out_of_area",
    "missing_information",
    "conflict_of_interest",
    "safety",
    "duplicate",
    "already_supported",
    "other",
)
LEFT: Final = ("recipient_left", "sender_left")
"""Nobody gives these reasons: one of the two organisations left the platform."""
WITHDRAWALS: Final = (
    "consent_revoked",
    "need_met_elsewhere",
    "moved",
    "person_declined",
    "mistaken_or_duplicate",
    "deceased",
    "other",
    *LEFT,
)
OUTCOMES: Final = (
    "got_help",
    "got_part",
    "connected_ongoing",
    "referred_elsewhere",
    "not_reached",
    "person_declined",
    "not_eligible",
    "no_capacity_after_all",
    "moved",
    "deceased",
    "other",
)
HOLDS: Final = ("waitlist", "person_asked", "waiting_document", "staffing", "other")
UNMET: Final = ("no_capacity", "waitlist_only", "no_capacity_after_all")
"""Reasons of a decline, a return or an outcome that say: nobody had room."""
PERSON_ANSWERS: Final = ("helped", "helped_in_part", "not_helped", "no_answer")
CARD_REFUSALS: Final = ("identifies_person", "unclear", "wrong_group", "other")
CONTACT_RULES: Final = ("normal", "safe_times", "via_sender_only", "prohibited")
CORRECTIONS: Final = ("person_asked", "error_found", "changed")
"""Why a case's items were corrected (個人情報保護法 90条, 34条, or of one's own accord)."""
PURPOSES: Final = ("support", "contact", "handover", "safety", "review", "other")

NARRATIVE: Final = ("narrative", "constraints")
IDENTITY: Final = ("person_name", "person_kana", "birth_date", "address", "contact", "contact_rule")
SAFETY: Final = ("safety_notes",)
ITEMS: Final = (*NARRATIVE, *IDENTITY, *SAFETY)
"""What of a person a case holds above L1, and what a consent may name."""

LEVELS: Final[Mapping[str, tuple[str, ...]]] = {"L2": NARRATIVE, "L3": IDENTITY, "L4": SAFETY}
TEXTS: Final = "TEXTS"
ACCESS_LEVELS: Final = (*LEVELS, TEXTS)
REFERRAL_TEXTS: Final = (
    "decline_text",
    "outcome_text",
    "withdraw_text",
    "opening_text",
    "hold_text",
    "override_reason",
)


def subset(column: str, values: tuple[str, ...]) -> sa.CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} <@ ARRAY[{listed}]", name=column)


def subset_of_items() -> sa.CheckConstraint:
    return subset("items", ITEMS)
