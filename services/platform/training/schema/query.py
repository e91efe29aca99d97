"""The roots of training, and the table of a fiscal year as of a day."""

import datetime as dt

import sqlalchemy as sa
import strawberry

from libs.errors.problems import InvalidInput
from libs.japan.calendar import era_date, fiscal_year_name
from libs.persistence.database import Context
from libs.reading.declare import Filter, by_id, connection
from libs.reading.node import Connection
from libs.serving.account import Account
from services.platform.training import progress, words
from services.platform.training.actions.reporting import YEARS
from services.platform.training.schema.types import (
    Course,
    CourseText,
    Dispatch,
    DispatchState,
    Edition,
    TargetCategory,
    TextState,
    TrainingTarget,
    VenueCategory,
)

TEXTS = {
    "edition": Filter(lambda row, value: row.c.edition == value, reads=("edition",)),
    "state": Filter(lambda row, value: row.c.state == value, reads=("state",)),
}
COURSES = {
    "venueCategory": Filter(lambda row, value: row.c.venue_category == value, reads=("venue_category",))
}
DISPATCHES = {"state": Filter(lambda row, value: row.c.state == value, reads=("state",))}
TARGETS = {
    "fiscalYear": Filter(
        lambda row, value: row.c.fiscal_year == value, reads=("fiscal_year",), type=sa.Integer()
    )
}


@strawberry.type(description="一つの会場区分の進み / how far one venue category has come")
class TrainingProgress:
    venue_category: TargetCategory
    sessions: int = strawberry.field(description="報告された回数 / sessions reported")
    heads: int | None = strawberry.field(description="延べ人数。nullは未報告 / heads; null is not reported")
    unreported: int = strawberry.field(description="実施したが未報告の回数 / held and not reported")
    late: int = strawberry.field(description="締めの後に届いた回数 / came after the period was closed")
    target_sessions: int | None
    target_heads: int | None


@strawberry.type(description="年度の養成状況、ある日時点 / the training of a fiscal year as of a day")
class TrainingReport:
    fiscal_year: int
    fiscal_year_name: str
    reported_by: dt.date
    reported_by_era: str
    counted: str = strawberry.field(description="数え方 / how it is counted")
    closed: list[dt.date] = strawberry.field(description="締めた日 / days on which reporting was closed")
    rows: list[TrainingProgress]


@strawberry.type
class TrainingQuery:
    @by_id("CourseText")
    def course_text(self, id: strawberry.ID) -> CourseText | None:
        """テキストをIDで / one text by id"""

    @connection("CourseText", filters=TEXTS)
    def course_texts(  # noqa: PLR0913 - GraphQL arguments
        self,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        edition: Edition | None = None,
        state: TextState | None = None,
    ) -> Connection[CourseText] | None:
        """講座テキスト / texts to teach by"""

    @by_id("Course")
    def course(self, id: strawberry.ID) -> Course | None:
        """講座をIDで / one course by id"""

    @connection("Course", filters=COURSES)
    def courses(
        self,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        venue_category: VenueCategory | None = None,
    ) -> Connection[Course] | None:
        """講座の一覧 / courses"""

    @by_id("Dispatch")
    def dispatch(self, id: strawberry.ID) -> Dispatch | None:
        """講師派遣の依頼をIDで / one dispatch by id"""

    @connection("Dispatch", filters=DISPATCHES)
    def dispatches(
        self,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        state: DispatchState | None = None,
    ) -> Connection[Dispatch] | None:
        """講師派遣の依頼 / dispatches of one's own courses, to oneself, or of the platform"""

    @connection("TrainingTarget", filters=TARGETS)
    def training_targets(
        self,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        fiscal_year: int | None = None,
    ) -> Connection[TrainingTarget] | None:
        """養成目標 / targets"""

    @strawberry.field(description="年度の養成状況。reportedByまでに届いた報告を数える / null unless yours")
    async def training_report(
        self, info: strawberry.Info, fiscal_year: int, reported_by: dt.date | None = None
    ) -> TrainingReport | None:
        account: Account = info.context
        viewer = await account.viewer()
        access = await account.engine.access(viewer)
        # a field of rows that cannot be found at all counts as open: both are asked
        if (
            access.rows("training_target") is not True
            or access.field("training_target", "progress") is not True
        ):
            return None
        if fiscal_year not in YEARS:
            raise InvalidInput("fiscalYear", "年度を確かめてください。", "There is no such fiscal year.")
        asker = viewer.places(account.database.clock())
        day = min(reported_by or asker["viewer_today"], asker["viewer_today"])
        async with account.database.reading(Context(viewer.tenant_id, viewer.account)) as connection:
            found = await progress.as_of(connection, asker, fiscal_year, day)
        return _shown(fiscal_year, day, found)


def _shown(fiscal_year: int, day: dt.date, found: progress.Table) -> TrainingReport:
    return TrainingReport(
        fiscal_year=fiscal_year,
        fiscal_year_name=fiscal_year_name(fiscal_year),
        reported_by=day,
        reported_by_era=era_date(day),
        counted=" / ".join(words.HEADS),
        closed=list(found.closed),
        rows=[
            TrainingProgress(
                venue_category=TargetCategory(each.venue_category),
                sessions=each.sessions,
                heads=each.heads,
                unreported=each.unreported,
                late=each.late,
                target_sessions=each.target_sessions,
                target_heads=each.target_heads,
            )
            for each in found.rows
        ],
    )
