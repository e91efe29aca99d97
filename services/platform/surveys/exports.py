"""Surveys as a table. Their answers, with a column a question, are `surveyResults { csv }`."""

from typing import Final

from libs.serving.exports.declared import Column, Export

_STATES: Final = {"draft": ("下書き", "draft"), "open": ("受付中", "open"), "closed": ("締切済み", "closed")}
SURVEYS: Final = Export(
    "surveys",
    "アンケート",
    "Surveys",
    """query Surveys($first: Int!, $after: String, $event: ID, $state: SurveyState) {
  rows: surveys(first: $first, after: $after, event: $event, state: $state) {
    pageInfo { hasNextPage endCursor }
    nodes { id title event { title } state edition closesAt answerCount published hiddenFields }
  }
}""",
    (
        Column("title", "題", "Title"),
        Column("event.title", "行事", "Event"),
        Column("state", "状態", "State", words=_STATES),
        Column("edition", "版", "Edition", "number"),
        Column("closesAt", "締切", "Closes", "moment"),
        Column("answerCount", "回答数", "Answers", "number"),
        Column("published", "結果の公開", "Results public", "yes"),
        Column("id", "ID", "ID"),
    ),
)
EXPORTS: Final = (SURVEYS,)
