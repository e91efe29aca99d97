"""GraphQL of the breach worksheet."""

import datetime as dt
import uuid
from typing import Annotated

import strawberry

from libs.errors.problems import NotFound, Problem
from libs.policy.acting import Acting
from libs.serving.session import identity_of, session
from libs.serving.user_errors import Refusal, as_user_error
from services.platform.referrals.schema.enums import AccessBasis, AccessLevel
from services.platform.rights.actions import breaches as actions
from services.platform.rights.schema.checklist import BreachCheck, checklist


@strawberry.input
class BreachWorksheetInput:
    since: dt.datetime
    until: dt.datetime
    discovered_on: dt.date = strawberry.field(description="知った日 / the day on which it became known")
    malicious: bool = strawberry.field(default=False, description="不正の目的によるおそれ / done with intent")
    organisation_id: strawberry.ID | None = None
    person_id: strawberry.ID | None = None
    referral_id: strawberry.ID | None = None


@strawberry.type(description="だれが、どの段階を、何件 / who opened which level of how many cases")
class BreachLine:
    organisation: str
    person: str | None = strawberry.field(description="回答リンクによる閲覧ではnull / null: by a link")
    level: AccessLevel
    basis: AccessBasis
    openings: int
    cases: int
    first_at: dt.datetime
    last_at: dt.datetime


@strawberry.type(description="漏えい等の影響調べ。法的助言ではありません / help, no legal advice")
class BreachWorksheetPayload:
    cases: int = strawberry.field(description="対象となり得るケースの数 / cases that may be concerned")
    lines: list[BreachLine]
    checklist: list[BreachCheck]


BreachWorksheetResult = Annotated[BreachWorksheetPayload | Refusal, strawberry.union("BreachWorksheetResult")]


@strawberry.type
class BreachMutation:
    @strawberry.mutation(
        description="漏えい等の影響を調べる(必ず記録) / who saw what since a time; logged in the audit chain"
    )
    async def breach_worksheet(
        self, info: strawberry.Info, input: BreachWorksheetInput
    ) -> BreachWorksheetResult:
        current, found = session(info), list[actions.Worksheet]()

        async def make(acting: Acting) -> uuid.UUID:
            found.append(await actions.breach_worksheet(acting, _asked(input)))
            return acting.work.tenant_id

        try:
            await current.act(str(info.path.key), make, once=False)
        except Problem as problem:
            return as_user_error(problem, current.language)
        return _payload(found[-1])


def _asked(input: BreachWorksheetInput) -> actions.Question:
    return actions.Question(
        input.since,
        input.until,
        input.discovered_on,
        input.malicious,
        _id(input.organisation_id, "organisation", "organisationId"),
        _id(input.person_id, "person", "personId"),
        _id(input.referral_id, "referral", "referralId"),
    )


def _id(text: strawberry.ID | None, prefix: str, field: str) -> uuid.UUID | None:
    if text is None:
        return None
    found = identity_of(text, prefix, field)
    if found is None:
        raise NotFound
    return found


def _payload(found: actions.Worksheet) -> BreachWorksheetPayload:
    lines = [
        BreachLine(
            organisation=row["organisation"],
            person=row["person"],
            level=AccessLevel(row["level"]),
            basis=AccessBasis(row["basis"]),
            openings=row["openings"],
            cases=row["cases"],
            first_at=row["first_at"],
            last_at=row["last_at"],
        )
        for row in found.lines
    ]
    return BreachWorksheetPayload(cases=found.cases, lines=lines, checklist=checklist(found))
