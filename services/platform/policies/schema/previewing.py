"""GraphQL of the preview: logged, counted by both policies' own SQL, and never a value."""

import uuid
from typing import Annotated, Any

import strawberry

from libs.errors.problems import Problem
from libs.policy.acting import Acting
from libs.policy.cells import titles
from libs.policy.rules import Policy
from libs.policy.vocabulary import READ
from libs.reading.registry import Registry
from libs.serving.session import Payload, session, written
from libs.serving.user_errors import Refusal, as_user_error
from services.platform.policies.actions import previewing
from services.platform.policies.actions.counting import Tables
from services.platform.policies.schema.inputs import PreviewPolicyInput
from services.platform.policies.schema.types import PolicyDraft


@strawberry.type(description="ある団体にとっての変化 / what changes for one organisation in one cell")
class PolicyEffect:
    organisation_id: strawberry.ID | None = strawberry.field(
        description="団体。一般と事務局担当は空 / null for the public and for coordinators"
    )
    organisation_name: str | None
    kind: str
    roles: list[str] = strawberry.field(description="この役割をもつ人 / people with these roles alone")
    name: str = strawberry.field(description="項目群か対象 / field group, or the object of an action")
    act: str
    fields: list[str] = strawberry.field(description="項目群の項目 / the fields of the group")
    label_ja: str
    label_en: str
    gained_rows: int | None = strawberry.field(
        description="新たに開く行の数。空は時間切れ / rows that open; null: not counted in time"
    )
    lost_rows: int | None = strawberry.field(description="閉じる行の数 / rows that close")


@strawberry.type(description="公布した場合の影響 / what publishing the draft would change")
class PolicyPreviewPayload(Payload):
    effects: list[PolicyEffect]
    complete: bool = strawberry.field(
        description="すべて数えたか / whether all was counted before time was up"
    )

    @strawberry.field
    async def policy_draft(self, info: strawberry.Info) -> PolicyDraft | None:
        return await written(info, "PolicyDraft", self)


PolicyPreviewResult = Annotated[PolicyPreviewPayload | Refusal, strawberry.union("PolicyPreviewResult")]


@strawberry.type
class PreviewMutation:
    @strawberry.mutation(
        description="公布する前に影響を確かめる(記録されます) / preview the draft's effects; logged"
    )
    async def preview_policy(self, info: strawberry.Info, input: PreviewPolicyInput) -> PolicyPreviewResult:
        return await _preview(info, input.version)


async def _preview(info: strawberry.Info, version: int) -> Any:  # noqa: ANN401 - the payload or a refusal
    current, admitted = session(info), list[previewing.Preview]()

    async def log(acting: Acting) -> uuid.UUID:
        admitted.append(await previewing.admit(acting, version))
        return acting.work.tenant_id

    try:
        identity = await current.act(str(info.path.key), log, once=False)
    except Problem as problem:
        return as_user_error(problem, current.language)
    found = await admitted[-1].effects(current.database, _tables(current.engine.registry))
    return PolicyPreviewPayload(
        identity=identity,
        effects=[_effect(each) for each in found],
        complete=all(each.lost is not None for each in found),
    )


def _tables(registry: Registry) -> Tables:
    objects = {stored.object for stored in registry.stored.values()}
    return {name: [each for each in registry.stored.values() if each.object == name] for name in objects}


def _effect(effect: previewing.Effect) -> PolicyEffect:
    name, act = effect.cell
    label, held = titles()[effect.cell], Policy.baseline().fields_of.get(name, ())
    organisation = effect.organisation_id
    return PolicyEffect(
        organisation_id=None if organisation is None else strawberry.ID(f"organisation_{organisation}"),
        organisation_name=effect.organisation_name,
        kind=effect.kind,
        roles=list(effect.roles),
        name=name,
        act=act,
        fields=[field for _, field in held] if act == READ else [],
        label_ja=label.ja,
        label_en=label.en,
        gained_rows=effect.gained,
        lost_rows=effect.lost,
    )
