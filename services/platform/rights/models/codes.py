"""The closed vocabularies of erasures."""

from typing import Final

REASONS: Final = ("person_asked", "mistaken", "retention")
"""The person asked (個人情報保護法 98条, 35条); opened by mistake; the time of keeping is over."""
ASKABLE: Final = ("person_asked", "mistaken")

ASKED: Final = "asked"
CONFIRMED: Final = "confirmed"
TAKEN_BACK: Final = "taken_back"
DONE: Final = "done"
STATES: Final = (ASKED, CONFIRMED, TAKEN_BACK, DONE)
