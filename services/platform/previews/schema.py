"""GraphQL of previews."""

import uuid
from enum import Enum
from typing import Annotated

import strawberry

from libs.errors.problems import NotFound, Problem
from libs.policy.acting import Acting
from libs.policy.relations import FACTS
from libs.reading import ids
from libs.reading.preview import Cell, Preview, Previewing
from libs.serving.session import Session, identity_of, session
from libs.serving.user_errors import Refusal, as_user_error
from libs.tenancy.viewers import Whom
from services.platform.members.schema.types import Role
from services.platform.previews import actions
from services.platform.relations import RELATIONS


@strawberry.enum(
    description="答え。BASISは同意などの法的根拠による(有無は答えません)、STATEはいまの状態ではできない / "
    "BASIS: depends on a lawful basis, of which nothing is told; STATE: theirs, but not in this state"
)
class AccessAnswer(Enum):
    OPEN = "open"
    WITHHELD = "withheld"
    BASIS = "basis"
    STATE = "state"


@strawberry.type(
    description="規則が求める関係 / a relation that a rule asks for; `holds` null: not told (a lawful basis)"
)
class AccessRelation:
    name: str
    holds: bool | None
    ja: str
    en: str


@strawberry.type(description="一つの項目または操作 / one field or action; never its value")
class AccessCell:
    name: str
    answer: AccessAnswer
    rule: str | None = strawberry.field(description="決め手の規則 / the line of the policy that opens it")
    relations: list[AccessRelation] = strawberry.field(
        description="規則(非表示ならその立場のすべての規則)が求める関係 / what the line asks for; "
        "where withheld, what all lines of these kinds and roles ask for"
    )


@strawberry.input(
    description="団体(と役割)として、または人として / as an organisation with roles, or as a person; "
    "for a person of several organisations name both"
)
class AccessPreviewInput:
    on: strawberry.ID = strawberry.field(description="対象のID / the object, which you must find yourself")
    as_organisation: strawberry.ID | None = None
    as_person: strawberry.ID | None = None
    roles: list[Role] = strawberry.field(
        default_factory=list[Role], description="団体としての場合の役割 / for an organisation alone"
    )


@strawberry.type(description="他の人としての見え方 / an object as somebody else meets it")
class AccessPreviewPayload:
    row: AccessCell = strawberry.field(description="対象そのものが見つかるか / whether it is found at all")
    fields: list[AccessCell]
    actions: list[AccessCell]


AccessPreviewResult = Annotated[AccessPreviewPayload | Refusal, strawberry.union("AccessPreviewResult")]


@strawberry.type
class PreviewsMutation:
    @strawberry.mutation(
        description="他の団体・人としての見え方を確かめる(必ず記録) / preview as somebody else; logged"
    )
    async def access_preview(self, info: strawberry.Info, input: AccessPreviewInput) -> AccessPreviewResult:
        current, found = session(info), list[Preview]()

        async def look(acting: Acting) -> uuid.UUID:
            looked = _looked(current, input)
            policies = current.engine.policies
            policy = await policies.of(acting.viewer.tenant_id, acting.viewer.policy_version)
            found.append(await actions.preview(acting, policy, looked))
            return looked.identity

        try:
            # each is judged and logged anew: a key would answer without looking
            await current.act(str(info.path.key), look, once=False)
        except Problem as problem:
            return as_user_error(problem, current.language)
        return _payload(found[0])


def _looked(current: Session, input: AccessPreviewInput) -> actions.Looked:
    registry = current.engine.registry
    prefix, identity = ids.decode(input.on, "on")
    type_name = registry.type_of_prefix(prefix)
    if type_name is None:
        raise NotFound
    whom = Whom(
        _id(input.as_person, "person", "asPerson"),
        _id(input.as_organisation, "organisation", "asOrganisation"),
        tuple(sorted(role.value for role in input.roles)),
    )
    return actions.Looked(whom, Previewing(registry, RELATIONS, type_name), identity)


def _id(text: strawberry.ID | None, prefix: str, field: str) -> uuid.UUID | None:
    if text is None:
        return None
    found = identity_of(text, prefix, field)
    if found is None:
        raise NotFound
    return found


def _payload(preview: Preview) -> AccessPreviewPayload:
    return AccessPreviewPayload(
        row=_cell(Cell("id", preview.row)),
        fields=[_cell(each) for each in preview.fields],
        actions=[_cell(each) for each in preview.steps],
    )


def _cell(cell: Cell) -> AccessCell:
    explained = cell.explained
    return AccessCell(
        name=cell.name,
        answer=AccessAnswer(explained.answer.value),
        rule=explained.rule,
        relations=[
            AccessRelation(name=name, holds=holds, ja=FACTS[name].ja, en=FACTS[name].en)
            for name, holds in explained.relations.items()
        ],
    )
