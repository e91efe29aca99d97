"""The statements of training's actions, compiled once."""

import sqlalchemy as sa

from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.tenancy.models import TIME
from services.platform.training.models import course, course_text, dispatch

NOW = sa.bindparam("viewer_now", type_=TIME)


def change(table: sa.Table, *names: str) -> Statement:
    """Sets these columns of one row; its version rises."""
    return Statement(
        sa.update(table)
        .where(table.c.tenant_id == TENANT, table.c.id == parameter(table.c.id))
        .values(
            {name: parameter(table.c[name]) for name in names}
            | {"updated_at": NOW, "version": table.c.version + 1}
        )
    )


TEXT_COLUMNS = (
    "edition",
    "title",
    "text_version",
    "language",
    "opening_minutes",
    "lecture_minutes",
    "survey_minutes",
    "materials",
)
COURSE_COLUMNS = (
    "text_id",
    "venue_category",
    "lecturing",
    "declared_at",
    "school_contact",
    "school_timing",
    "school_counsellor",
    "school_follow_up",
)
EDIT_TEXT = change(course_text, *TEXT_COLUMNS)
MOVE_TEXT = change(course_text, "state")
EDIT_COURSE = change(course, *COURSE_COLUMNS)
MOVE_DISPATCH = change(dispatch, "state")
OFFER_DISPATCH = change(dispatch, "state", "person_id", "source")
