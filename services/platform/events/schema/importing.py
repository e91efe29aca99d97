"""GraphQL's way to import a published list: previewed, then done; each row says what became of it."""

import base64
import binascii
import uuid
from enum import Enum
from typing import Annotated, Any

import strawberry

from libs.errors.problems import InvalidInput, NotFound, Problem, TooMuch
from libs.japan.open_data.events import read_events
from libs.policy.acting import Acting
from libs.reading import ids
from libs.serving.session import session
from libs.serving.user_errors import Refusal, as_user_error
from services.platform.events.actions.importing import ListOf, Report, RowReport, import_events
from services.platform.events.schema.inputs import optional_id

MOST_ROWS = 1_000


@strawberry.enum(description="行の結果 / what became of a row")
class ImportOutcome(Enum):
    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    ASKED = "asked"
    REFUSED = "refused"


@strawberry.type(description="変更・注意 / what was changed or noticed in a row that was taken")
class ImportNote:
    code: str
    ja: str
    en: str


@strawberry.type(description="一覧の一行 / one row of the list")
class ImportedRow:
    row: int
    outcome: ImportOutcome
    title: str | None
    event_id: strawberry.ID | None = strawberry.field(description="下見では無し / none in a preview")
    code: str | None
    ja: str | None
    en: str | None
    notes: list[ImportNote]


@strawberry.type(description="一覧からなくなった行事 / no longer in the list; left as it is")
class ImportGone:
    event_id: strawberry.ID
    title: str


@strawberry.type(description="取込みの結果 / what was understood, asked about and refused, row by row")
class ImportEventsPayload:
    previewed: bool
    created: int
    changed: int
    unchanged: int
    asked: int
    refused: int
    rows: list[ImportedRow]
    gone: list[ImportGone]


ImportEventsResult = Annotated[ImportEventsPayload | Refusal, strawberry.union("ImportEventsResult")]


@strawberry.input(description="公開された行事一覧のCSV / a published list of events")
class ImportEventsInput:
    file: str = strawberry.field(description="CSVをBase64で。UTF-8・CP932・UTF-16 / the file in Base64")
    list: str = strawberry.field(description="一覧の名前。毎回同じに / the same at each import")
    year: int
    month: int
    preview: bool = strawberry.field(default=True, description="trueは下見 / true: nothing is written")
    organisation_id: strawberry.ID | None = None


class _Previewed(Exception):
    """Takes back all that was written to find out."""


@strawberry.type
class ImportsMutation:
    @strawberry.mutation(description="公開された行事一覧を取り込む(下見できます) / import a published list")
    async def import_events(self, info: strawberry.Info, input: ImportEventsInput) -> ImportEventsResult:
        current, reports = session(info), list[Report]()

        async def importing(acting: Acting) -> uuid.UUID:
            organisation_id = (
                optional_id(input.organisation_id, "organisation", "organisationId")
                or acting.viewer.organisation_id
            )
            if organisation_id is None:
                raise NotFound
            results = read_events(_bytes(input.file), (input.year, input.month))
            if len(results) > MOST_ROWS:
                raise _too_many()
            list_ = ListOf(input.list, (input.year, input.month))
            reports.append(await import_events(acting, organisation_id, list_, results))
            if input.preview:
                raise _Previewed
            return organisation_id

        try:
            await current.act(str(info.path.key), importing)
        except _Previewed:
            pass
        except Problem as problem:
            return as_user_error(problem, current.language)
        return _payload(reports[-1], previewed=input.preview) if reports else _done_before(current.language)


def _payload(report: Report, *, previewed: bool) -> Any:  # noqa: ANN401 - one of the union
    return ImportEventsPayload(
        previewed=previewed,
        created=report.count("created"),
        changed=report.count("changed"),
        unchanged=report.count("unchanged"),
        asked=report.count("asked"),
        refused=report.count("refused"),
        rows=[_row(each, previewed=previewed) for each in report.rows],
        gone=[
            ImportGone(event_id=strawberry.ID(ids.encode("event", each.event_id)), title=each.title)
            for each in report.gone
        ],
    )


def _row(each: RowReport, *, previewed: bool) -> ImportedRow:
    known = each.event_id is not None and not (previewed and each.outcome == "created")
    return ImportedRow(
        row=each.row,
        outcome=ImportOutcome(each.outcome),
        title=each.title,
        event_id=strawberry.ID(ids.encode("event", each.event_id)) if known and each.event_id else None,
        code=each.code,
        ja=each.ja,
        en=each.en,
        notes=[ImportNote(code=note.code, ja=note.ja, en=note.en) for note in each.notes],
    )


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise InvalidInput(
            "file", "ファイルをBase64で送ってください。", "Send the file in Base64.", detail="BASE64"
        ) from None


def _too_many() -> TooMuch:
    return TooMuch(
        "rows",
        f"一度に取り込めるのは{MOST_ROWS}行までです。ファイルを分けてください。",
        f"At most {MOST_ROWS} rows at once. Split the file.",
    )


def _done_before(language: Any) -> Any:  # noqa: ANN401 - the union's other member
    """A repeated Idempotency-Key: the import was done, and its rows are told once."""
    problem = InvalidInput(
        "file",
        "この取込みは済んでいます。行ごとの結果は、下見をもう一度行うと分かります。",
        "This import was done already. Preview it again for its rows.",
        detail="DONE",
    )
    return as_user_error(problem, language)
