"""The roots of surveys, and their results with pictures."""

import sqlalchemy as sa
import strawberry

from libs.persistence.database import Context
from libs.reading import ids
from libs.reading.declare import Filter, by_id, connection
from libs.reading.node import Connection
from libs.serving.account import Account
from libs.serving.session import identity_of
from services.platform.surveys import pictures, results, sheet
from services.platform.surveys.schema.types import Survey, SurveyState

FILTERS = {
    "event": Filter(
        lambda row, value: row.c.event_id == value,
        reads=("event",),
        type=sa.Uuid(),
        convert=lambda text: ids.of_type("event", text, "event"),
    ),
    "state": Filter(lambda row, value: row.c.state == value, reads=("state",)),
}


@strawberry.type(description="一つの設問の集計 / the counts of one question")
class QuestionResult:
    key: str
    answered: int = strawberry.field(description="答えた件数 / how many answered it")
    counts: list[int] = strawberry.field(description="選択肢ごとの件数 / by option, in their order")
    mean: float | None = strawberry.field(description="段階の平均(最低が1) / of a scale from 1")
    picture: str | None = strawberry.field(description="棒グラフ(SVG) / bars; null for a question in words")


@strawberry.type(description="締め切ったアンケートの集計(延べ件数) / counts of answers, not of persons")
class SurveyResults:
    answers: int
    questions: list[QuestionResult]
    csv: str | None = strawberry.field(
        description="回答の一覧(CSV)。主催者のみ / each answer as a row of CSV, for the organiser; else null"
    )
    crossed: list[list[int | None]] | None = strawberry.field(
        description="クロス集計(行は一つ目の設問の選択肢と無回答)。5件未満とそこから逆算できる所はnull / two "
        "questions against each other, no answer last; below 5, and what would give it back, is null"
    )


@strawberry.type
class SurveysQuery:
    @by_id("Survey")
    def survey(self, id: strawberry.ID) -> Survey | None:
        """アンケートをIDで / one survey by id"""

    @connection("Survey", filters=FILTERS)
    def surveys(  # noqa: PLR0913 - GraphQL arguments
        self,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        event: strawberry.ID | None = None,
        state: SurveyState | None = None,
    ) -> Connection[Survey] | None:
        """アンケート / one's own organisation's surveys, those that one is asked, and published ones"""

    @strawberry.field(description="アンケートの結果。crossedは設問二つ / null unless they may be read")
    async def survey_results(
        self, info: strawberry.Info, id: strawberry.ID, crossed: list[str] | None = None
    ) -> SurveyResults | None:
        account: Account = info.context
        viewer = await account.viewer()
        access = await account.engine.access(viewer)
        asker = viewer.places(account.database.clock())
        async with account.database.reading(Context(viewer.tenant_id, viewer.account)) as connection:
            found = await results.read(connection, access, asker, identity_of(id, "survey"), crossed or ())
        return None if found is None else _shown(found)


def _shown(found: results.Results) -> SurveyResults:
    return SurveyResults(
        answers=found.answers,
        csv=None
        if found.every is None
        else sheet.csv_of([each.question for each in found.questions], found.every, "ja"),
        questions=[
            QuestionResult(
                key=each.question.key,
                answered=each.answered,
                counts=list(each.counts),
                mean=each.mean,
                picture=pictures.bars(each, each.question.key, "ja") if each.counts else None,
            )
            for each in found.questions
        ],
        crossed=found.crossed,
    )
