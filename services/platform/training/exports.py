"""Courses and targets as tables. Heads are counted session by session, and the column says so."""

from typing import Final

from libs.serving.exports.declared import Column, Export
from services.platform.training import words

COURSES: Final = Export(
    "courses",
    "講座",
    "Courses",
    """query Courses($first: Int!, $after: String, $venueCategory: VenueCategory) {
  rows: courses(first: $first, after: $after, venueCategory: $venueCategory) {
    pageInfo { hasNextPage endCursor }
    nodes {
      id state heldOn venueCategory heads reportedOn hiddenFields
      event { title venue organiser { name } } text { edition textVersion }
    }
  }
}""",
    (
        Column("event.title", "題", "Title"),
        Column("text.edition", "種類", "Edition", words=words.EDITIONS),
        Column("text.textVersion", "テキストの版", "Text version"),
        Column("event.organiser.name", "主催団体", "Host"),
        Column("heldOn", "実施日", "Held on", "day"),
        Column("event.venue", "会場", "Venue"),
        Column("venueCategory", "会場区分", "Venue category", words=words.VENUES),
        Column("state", "状態", "State", words=words.COURSE_STATES),
        Column(
            "heads", "人数(会ごとの延べ。空欄は未報告)", "Heads (by session; empty: not reported)", "number"
        ),
        Column("reportedOn", "報告日", "Reported on", "day"),
        Column("id", "ID", "ID"),
    ),
)
TARGETS: Final = Export(
    "training-targets",
    "養成目標",
    "Training targets",
    """query TrainingTargets($first: Int!, $after: String, $fiscalYear: Int) {
  rows: trainingTargets(first: $first, after: $after, fiscalYear: $fiscalYear) {
    pageInfo { hasNextPage endCursor }
    nodes { id fiscalYear venueCategory sessions heads hiddenFields }
  }
}""",
    (
        Column("fiscalYear", "年度", "Fiscal year", "number"),
        Column("venueCategory", "会場区分", "Venue category", words=words.VENUES),
        Column("sessions", "回数", "Sessions", "number"),
        Column("heads", "人数(延べ)", "Heads", "number"),
        Column("id", "ID", "ID"),
    ),
)
EXPORTS: Final = (COURSES, TARGETS)
