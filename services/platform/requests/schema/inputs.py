"""What the mutations of this feature take."""

import datetime as dt
from enum import Enum

import strawberry

from libs.serving.session import identity_of
from services.platform.referrals.schema.enums import AccessPurpose, CaseKind, Need
from services.platform.requests.actions.page import HelpPage
from services.platform.requests.lines import Line, Span


@strawberry.enum(description="曜日と祝日 / days of the week, and national holidays")
class LineDay(Enum):
    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"
    HOLIDAY = "holiday"


@strawberry.input(
    description="つながる時間。終わりが始まり以前なら翌日まで / open hours; into the next day where they end "
    "no later than they begin"
)
class LineSpanInput:
    days: list[LineDay]
    opens: dt.time
    closes: dt.time


@strawberry.input(description="電話の窓口。期間を付けられる / a telephone line, perhaps of a campaign")
class HelpLineInput:
    name: str
    number: str
    note: str = ""
    spans: list[LineSpanInput]
    first_on: dt.date | None = None
    last_on: dt.date | None = None

    def line(self) -> Line:
        spans = tuple(
            Span(tuple(day.value for day in span.days), span.opens, span.closes) for span in self.spans
        )
        return Line(self.name, self.number, self.note, spans, self.first_on, self.last_on)


@strawberry.input(
    description="相談ページ。渡した項目だけ変わる / the public page; only what is given changes, deskId null "
    "closes its form"
)
class KeepHelpPageInput:
    version: int
    desk_id: strawberry.ID | None = strawberry.UNSET
    introduction: str | None = None
    lines: list[HelpLineInput] | None = None
    keep_days: int | None = None
    most_sent: int | None = None

    def page(self) -> HelpPage:
        """Raises InvalidInput for what is no id."""
        named = self.desk_id is not strawberry.UNSET
        return HelpPage(
            desk_id=identity_of(self.desk_id, "organisation", "deskId") if named and self.desk_id else None,
            desk_named=named,
            introduction=self.introduction,
            lines=None if self.lines is None else [each.line() for each in self.lines],
            keep_days=self.keep_days,
            most_sent=self.most_sent,
        )


@strawberry.input
class RequestPurpose:
    code: AccessPurpose
    text: str = ""


@strawberry.input
class RevealRequestInput:
    id: strawberry.ID
    purpose: RequestPurpose


@strawberry.input
class AnswerRequestInput:
    id: strawberry.ID
    version: int
    text: str


@strawberry.input
class TakeRequestInput:
    id: strawberry.ID
    version: int
    kind: CaseKind = CaseKind.PERSON
    needs: list[Need] = strawberry.field(default_factory=list[Need])
