"""GraphQL of the consent sheet: a page to print (A4), as a text that nothing keeps."""

import datetime as dt
import uuid
from typing import Annotated, Any, Final

import strawberry

from libs.errors.problems import Problem
from libs.japan.calendar import era_date
from libs.policy.acting import Acting
from libs.policy.vocabulary import product
from libs.serving.pages.templates import Templates
from libs.serving.session import Payload, session
from libs.serving.user_errors import Refusal, as_user_error
from services.platform.referrals.actions.revealing import Asked
from services.platform.referrals.actions.sheets import Sheet, Terms, prepare_sheet
from services.platform.referrals.schema.enums import Item, Medium
from services.platform.referrals.schema.payloads import referral_id
from services.platform.referrals.schema.revealing import Purpose

TEMPLATES: Final = Templates.of("services.platform.referrals")
MEDIA: Final = {
    "platform": "市のプラットフォーム(システム)での閲覧",
    "paper": "紙の書類",
    "electronic_file": "電子ファイル",
    "oral": "口頭",
}


@strawberry.input(description="同意書に書くこと / what the person is asked to agree to")
class PrintConsentSheetInput:
    id: strawberry.ID
    version: int
    items: list[Item]
    purpose: str
    valid_until: dt.date
    medium: Medium = Medium.PLATFORM
    opening: Purpose | None = strawberry.field(
        default=None,
        description="氏名を印字する目的(閲覧として記録) / why the name is printed: a logged reveal",
    )

    def terms(self) -> Terms:
        opened = self.opening
        return Terms(
            items=[item.value for item in self.items],
            purpose=self.purpose,
            medium=self.medium.value,
            valid_until=self.valid_until,
            opening=None if opened is None else Asked("L3", opened.code.value, opened.text),
        )


@strawberry.type(description="印刷用の同意書 / the sheet to print; ask again for another")
class ConsentSheetPayload(Payload):
    html: str


ConsentSheetResult = Annotated[ConsentSheetPayload | Refusal, strawberry.union("ConsentSheetResult")]


@strawberry.type
class ConsentSheetMutation:
    @strawberry.mutation(description="同意書を印刷する(A4) / T2: the sheet that the person signs")
    async def print_consent_sheet(
        self, info: strawberry.Info, input: PrintConsentSheetInput
    ) -> ConsentSheetResult:
        return await _printed(info, input)


async def _printed(info: strawberry.Info, input: PrintConsentSheetInput) -> Any:  # noqa: ANN401 - or a refusal
    current, sheets = session(info), list[Sheet]()

    async def prepare(acting: Acting) -> uuid.UUID:
        sheets.append(await prepare_sheet(acting, referral_id(input.id), input.version, input.terms()))
        return sheets[-1].referral_id

    try:
        referral = await current.act(str(info.path.key), prepare, once=False)
        # what was opened is logged and committed: only now is a name read
        name = await sheets[-1].name(current.vault)
    except Problem as problem:
        return as_user_error(problem, current.language)
    return ConsentSheetPayload(identity=referral, html=_page(sheets[-1], name))


def _page(sheet: Sheet, name: str | None) -> str:
    labels = product().fields
    return TEMPLATES.environment.get_template("consent_sheet.html").render(
        sheet=sheet,
        items=[labels[f"case.{item}"].ja for item in sheet.items],
        medium=MEDIA[sheet.medium],
        valid_until=era_date(sheet.valid_until),
        made_on=era_date(sheet.made_on),
        name=name,
    )
