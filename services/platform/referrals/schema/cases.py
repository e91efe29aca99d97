"""GraphQL of opening and keeping cases, and of consents."""

import datetime as dt
import uuid
from collections.abc import Mapping

import strawberry

from libs.serving.session import identity_of, perform
from services.platform.referrals.actions import cases as actions
from services.platform.referrals.schema.enums import CaseKind, ContactRule, HowObtained, Item, Need
from services.platform.referrals.schema.payloads import CasePayload, CaseResult, ConsentPayload, ConsentResult


@strawberry.input(description="本人の情報(暗号化して保管) / what is written of the person, kept sealed")
class PersonTexts:
    narrative: str | None = strawberry.field(default=None, description="L2 経緯")
    constraints: str | None = strawberry.field(default=None, description="L2 制約")
    person_name: str | None = strawberry.field(default=None, description="L3 氏名")
    person_kana: str | None = strawberry.field(default=None, description="L3 氏名(カナ)")
    birth_date: dt.date | None = strawberry.field(default=None, description="L3 生年月日")
    address: str | None = strawberry.field(default=None, description="L3 住所")
    contact: str | None = strawberry.field(default=None, description="L3 連絡先")
    contact_rule: ContactRule | None = strawberry.field(default=None, description="L3 連絡の決まり")
    safety_notes: str | None = strawberry.field(default=None, description="L4 安全上の注意")

    def by_item(self) -> Mapping[str, str | None]:
        return {
            "narrative": self.narrative,
            "constraints": self.constraints,
            "person_name": self.person_name,
            "person_kana": self.person_kana,
            "birth_date": self.birth_date and self.birth_date.isoformat(),
            "address": self.address,
            "contact": self.contact,
            "contact_rule": self.contact_rule and self.contact_rule.value,
            "safety_notes": self.safety_notes,
        }


@strawberry.input
class OpenCaseInput:
    kind: CaseKind = CaseKind.PERSON
    needs: list[Need] = strawberry.field(default_factory=list[Need])
    person: PersonTexts


@strawberry.input
class KeepCaseInput:
    id: strawberry.ID
    version: int
    person: PersonTexts = strawberry.field(description="渡した項目だけ変わる / only what is given changes")


@strawberry.input(description="同意の記録 / a consent as it was given")
class RecordConsentInput:
    case_id: strawberry.ID
    items: list[Item]
    recipient_ids: list[strawberry.ID]
    purpose: str
    how_obtained: HowObtained
    obtained_on: dt.date
    valid_until: dt.date


@strawberry.input
class WithdrawConsentInput:
    id: strawberry.ID
    version: int


@strawberry.type
class CasesMutation:
    @strawberry.mutation(description="ケースを開く / open a case")
    async def open_case(self, info: strawberry.Info, input: OpenCaseInput) -> CaseResult:
        new = actions.NewCase(input.kind.value, [need.value for need in input.needs], input.person.by_item())
        return await perform(info, CasePayload, lambda acting: actions.open_case(acting, new))

    @strawberry.mutation(description="ケースを記録する / write some of a case anew")
    async def keep_case(self, info: strawberry.Info, input: KeepCaseInput) -> CaseResult:
        return await perform(
            info,
            CasePayload,
            lambda acting: actions.keep_case(acting, _case(input.id), input.version, input.person.by_item()),
        )

    @strawberry.mutation(description="同意を記録する / record what the person agreed to")
    async def record_consent(self, info: strawberry.Info, input: RecordConsentInput) -> ConsentResult:
        def given() -> actions.GivenConsent:
            return actions.GivenConsent(
                items=[item.value for item in input.items],
                recipients=[
                    identity_of(each, "organisation", "recipientIds") for each in input.recipient_ids
                ],
                purpose=input.purpose,
                how_obtained=input.how_obtained.value,
                obtained_on=input.obtained_on,
                valid_until=input.valid_until,
            )

        return await perform(
            info,
            ConsentPayload,
            lambda acting: actions.record_consent(acting, _case(input.case_id, "caseId"), given()),
        )

    @strawberry.mutation(description="同意の撤回を記録する / the person takes a consent back")
    async def withdraw_consent(self, info: strawberry.Info, input: WithdrawConsentInput) -> ConsentResult:
        return await perform(
            info,
            ConsentPayload,
            lambda acting: actions.withdraw_consent(acting, identity_of(input.id, "consent"), input.version),
        )


def _case(text: strawberry.ID, field: str = "id") -> uuid.UUID | None:
    return identity_of(text, "case", field)
