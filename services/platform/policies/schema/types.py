"""Editions, the draft and the access table as they are read."""

import datetime as dt
from functools import lru_cache

import strawberry
from strawberry.scalars import JSON

from libs.policy.cells import CellRow, as_csv, rows
from libs.policy.table import render
from libs.policy.tenant_policy import TenantPolicy
from libs.reading.declare import column, hidden, identity, one, stored
from libs.reading.node import Node
from libs.tenancy.models import policy_draft, policy_edition
from services.platform.members.schema import Person

TEXTS_KEPT = 8
OVERRIDES = """変更する行。change は tighten か widen、becomes は置き換わる関係(nobody は閉じる)
/ lines changed of the baseline; `becomes` is the relation that stands in the line, nobody closes it"""


@stored(policy_edition, object="policy", prefix="policy_edition")
@strawberry.type(description="公布された閲覧規程の版 / an edition of the policy, as it was published")
class PolicyEdition(Node):
    id: strawberry.ID = identity()
    version: int | None = column(description="閲覧規程の版 / the policy's version from here on")
    overrides: JSON | None = column(policy="text", description=OVERRIDES)
    content_hash: str | None = column()
    changes_ja: list[str] | None = column(policy="changes", description="前の版との違い")
    changes_en: list[str] | None = column(
        policy="changes", description="what differs from the edition before, cell by cell"
    )
    note: str | None = column(description="公布の理由 / why")
    author: Person | None = one(
        "Person", on=lambda row, person: person.c.id == row.c.author_id, policy="published_by"
    )
    at: dt.datetime | None = column(policy="created_at")
    reverted_to: int | None = column(
        description="差し戻した版 / the version whose content this one has again"
    )
    hidden_fields: list[str] = hidden()


@stored(policy_draft, object="policy_draft", prefix="policy_draft")
@strawberry.type(description="閲覧規程の下書き / the draft of the policy: in force only once published")
class PolicyDraft(Node):
    id: strawberry.ID = identity()
    version: int | None = column(description="下書きの版 / the draft's own version")
    overrides: JSON | None = column(description=OVERRIDES)
    changes_ja: list[str] | None = column(policy="changes", description="施行中の規程との違い")
    changes_en: list[str] | None = column(
        policy="changes", description="what differs from the policy in force, cell by cell"
    )
    updated_by: Person | None = one("Person", on=lambda row, person: person.c.id == row.c.updated_by_id)
    updated_at: dt.datetime | None = column()
    hidden_fields: list[str] = hidden()


@strawberry.type(description="権限表の一マス / one cell of the access table")
class AccessTableCell:
    object: str
    name: str = strawberry.field(description="項目群か対象 / field group, or the object of an action")
    act: str = strawberry.field(description="read か操作名 / read, or the action")
    kind: str
    label_ja: str
    label_en: str
    cell_ja: str
    cell_en: str


@strawberry.type(description="施行中の権限表 / the platform's access table in force")
class AccessTable:
    policy: strawberry.Private[TenantPolicy]
    version: int
    content_hash: str

    @strawberry.field(description="一マスずつ / cell by cell")
    def rows(self) -> list[AccessTableCell]:
        return [_cell(row) for row in rows(self.policy.complete())]

    @strawberry.field(description="読みやすい表 / as a table to be read")
    def text(self) -> str:
        return _text(self.policy.complete())

    @strawberry.field(description="表計算用 / for a spreadsheet")
    def csv(self) -> str:
        return as_csv(self.policy.complete())


# a tenth of a second, for contents of which there are few
_text = lru_cache(TEXTS_KEPT)(render)


def _cell(row: CellRow) -> AccessTableCell:
    return AccessTableCell(
        object=row.object,
        name=row.name,
        act=row.act,
        kind=row.kind,
        label_ja=row.label.ja,
        label_en=row.label.en,
        cell_ja=row.cell.ja,
        cell_en=row.cell.en,
    )
