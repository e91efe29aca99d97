"""GraphQL of opening and keeping cases."""

import datetime as dt
import uuid
from collections.abc import Mapping

import strawberry

from libs.serving.session import identity_of, perform
from services.platform.referrals.actions import cases as actions
from services.platform.referrals.actions import caseworkers
from services.platform.referrals.schema.enums import CaseKind, ContactRule, Need
from services.platform.referrals.schema.payloads import CasePayload, CaseResult


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


@strawberry.input
class AssignCaseInput:
    id: strawberry.ID
    version: int
    person_id: strawberry.ID = strawberry.field(
        description="自団体の支援担当 / a caseworker of the organisation that keeps the case"
    )


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

    @strawberry.mutation(description="ケースの担当者を決める・引き受ける / say who keeps a case, or take it")
    async def assign_case(self, info: strawberry.Info, input: AssignCaseInput) -> CaseResult:
        return await perform(
            info,
            CasePayload,
            lambda acting: caseworkers.assign_case(
                acting,
                _case(input.id),
                input.version,
                identity_of(input.person_id, "person", "personId"),
            ),
        )


def _case(text: strawberry.ID, field: str = "id") -> uuid.UUID | None:
    return identity_of(text, "case", field)
