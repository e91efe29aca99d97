"""Texts, courses and what hangs on them, and what relates an asker to each."""

from services.platform.training.models import relations
from services.platform.training.models.counts import course_state, heads_reported, held_on, reported_on
from services.platform.training.models.tables import (
    certificate,
    course,
    course_report,
    course_text,
    dispatch,
    target,
)

__all__ = [
    "certificate",
    "course",
    "course_report",
    "course_state",
    "course_text",
    "dispatch",
    "heads_reported",
    "held_on",
    "relations",
    "reported_on",
    "target",
]
