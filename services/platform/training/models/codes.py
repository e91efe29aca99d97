"""The closed vocabularies of training."""

from typing import Final

STANDARD: Final = "standard"
CHILDREN: Final = "children"
STEP_UP: Final = "step_up"
EDITIONS: Final = (STANDARD, CHILDREN, STEP_UP)
TEXT_STATES: Final = ("draft", "published", "withdrawn")
MINUTES: Final = {STANDARD: (10, 60, 20)}
"""趣旨説明, 講座, アンケート: the national trial of 令和6年度 (Cabinet Office)."""
CHILDREN_MINUTES: Final = 45
"""One class hour; how it is divided is the text's own."""
DEFAULT_CAPACITY: Final = 50
"""Persons a session, as in the national trial."""

VENUES: Final = ("local_government", "workplace", "support_body", "other_body")
"""会場区分 of the national trial: 自治体, 企業職域, 民間団体（支援団体）, 民間団体（支援団体以外）."""
EVERY_VENUE: Final = "all"
DISPATCHED: Final = "dispatch"
OWN: Final = "own"
LECTURING: Final = (DISPATCHED, OWN)
COURSE_STATES: Final = ("planned", "announced", "held", "reported", "cancelled")

DISPATCH_STATES: Final = ("requested", "offered", "assigned", "declined", "withdrawn")
LIVE_DISPATCH: Final = ("requested", "offered", "assigned", "declined")
"""Until it is withdrawn: a declined offer goes to the next lecturer."""
SOURCES: Final = ("member", "review_board")
"""From which pool a lecturer is sent: members of the platform, or people of the review board (検討会)."""
