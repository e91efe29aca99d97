"""The closed vocabularies of events and of places at them."""

from typing import Final

EVENT_STATES: Final = ("draft", "announced", "cancelled")
DELIVERY_MODES: Final = ("room", "online", "hybrid")
COURSE: Final = "course"
OTHER: Final = "other"
EVENT_KINDS: Final = (
    "study_session",
    "symposium",
    "exchange",
    "site_visit",
    "home_visit_round",
    "campaign_month",
    COURSE,
    OTHER,
)

HOST: Final = "host"
ORGANISATIONS: Final = "organisations"
RESIDENTS: Final = "residents"
QUOTAS: Final = (HOST, ORGANISATIONS, RESIDENTS)
"""For whom places may be reserved: the organiser and its co-hosts, other members, people without account."""

PLACE_STATES: Final = ("asked", "waiting", "offered", "taken", "given_up", "refused", "passed")
LIVE: Final = ("asked", "waiting", "offered", "taken")
"""Of these an organisation has one at an event."""
HOLDING: Final = ("offered", "taken")
"""Seats are kept for these."""
