"""GraphQL of exports: judged and logged anew each time, never answered from an earlier answer."""

import uuid
from enum import Enum
from typing import Annotated, Any

import strawberry

from libs.errors.problems import NotFound, Problem
from libs.policy.acting import Acting
from libs.reading import ids
from libs.serving.session import identity_of, session
from libs.serving.user_errors import Refusal, as_user_error
from services.platform.referrals.schema.revealing import Purpose
from services.platform.rights.actions import access_logs, exporting


@strawberry.enum(description="書き出しの形 / the form of an export")
class ExportForm(Enum):
    CSV = "csv"
    JSON = "json"


@strawberry.input
class ExportPersonInput:
    case_id: strawberry.ID
    purpose: Purpose


@strawberry.input
class ExportAccessLogInput:
    of: strawberry.ID = strawberry.field(description="ケースまたは紹介 / a case or a referral")
    form: ExportForm = ExportForm.CSV


@strawberry.type(description="本人に関するすべて(JSON) / all that is held about the person")
class ExportPersonPayload:
    document: str


@strawberry.type(description="閲覧記録(古い順) / the access log, oldest first")
class ExportAccessLogPayload:
    form: ExportForm
    entries: int
    document: str


ExportPersonResult = Annotated[ExportPersonPayload | Refusal, strawberry.union("ExportPersonResult")]
ExportAccessLogResult = Annotated[ExportAccessLogPayload | Refusal, strawberry.union("ExportAccessLogResult")]


@strawberry.type
class ExportMutation:
    @strawberry.mutation(
        description="本人に関するすべてを書き出す(全段階の閲覧として記録) / logged as opening every level"
    )
    async def export_person(self, info: strawberry.Info, input: ExportPersonInput) -> ExportPersonResult:
        current, admitted = session(info), list[exporting.Exported]()

        async def log(acting: Acting) -> uuid.UUID:
            case_id = identity_of(input.case_id, "case", "caseId")
            asked = (input.purpose.code.value, input.purpose.text)
            admitted.append(await exporting.admit_to_export(acting, case_id, *asked))
            return admitted[-1].case_id

        try:
            await current.act(str(info.path.key), log, once=False)
            # the log is committed: only now is anything opened
            document = await admitted[-1].document(current.vault)
        except Problem as problem:
            return _refused(problem, current)
        return ExportPersonPayload(document=document)

    @strawberry.mutation(
        description="閲覧記録を書き出す / export who opened what, for a request for disclosure"
    )
    async def export_access_log(
        self, info: strawberry.Info, input: ExportAccessLogInput
    ) -> ExportAccessLogResult:
        current, found = session(info), list[access_logs.Found]()

        async def export(acting: Acting) -> uuid.UUID:
            opened = _opened(input.of)
            found.append(await access_logs.export_access_log(acting, *opened, input.form.value))
            return opened[1]

        try:
            await current.act(str(info.path.key), export, once=False)
            log = await found[-1].opened(current.vault)
        except Problem as problem:
            return _refused(problem, current)
        document = log.as_csv() if input.form is ExportForm.CSV else log.as_json()
        return ExportAccessLogPayload(form=input.form, entries=len(log.rows), document=document)


def _opened(text: strawberry.ID) -> tuple[str, uuid.UUID]:
    prefix, identity = ids.decode(text, "of")
    if prefix not in {"case", "referral"}:
        raise NotFound
    return prefix, identity


def _refused(problem: Problem, current: Any) -> Any:  # noqa: ANN401 - the union's member
    return as_user_error(problem, current.language)
