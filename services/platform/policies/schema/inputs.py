"""What mutations of the policy take. `version` is always the draft's, as it was read."""

import strawberry


@strawberry.input(
    description="規程の一行。語は一覧にあるものだけ / one line of the policy, each word of a closed list"
)
class PolicyLineInput:
    kind: str
    role: str = "any"
    object: str = strawberry.field(description="項目群か対象 / field group, or the object of an action")
    act: str = "read"
    relation: str

    def words(self) -> tuple[str, ...]:
        return (self.kind, self.role, self.object, self.act, self.relation)


@strawberry.input(
    description="狭める行。becomes は足す関係、空なら閉じる / the line to tighten; no `becomes` closes it"
)
class TightenPolicyInput:
    version: int
    line: PolicyLineInput
    becomes: str | None = None


@strawberry.input(description="広げる行 / the line to add, of those that may be")
class WidenPolicyInput:
    version: int
    line: PolicyLineInput


@strawberry.input(description="変更を取り消す行 / the line that shall be as in the baseline again")
class TakeBackPolicyChangeInput:
    version: int
    line: PolicyLineInput


@strawberry.input
class DiscardPolicyDraftInput:
    version: int


@strawberry.input
class PreviewPolicyInput:
    version: int


@strawberry.input(description="公布とその理由 / publish the draft, and say why")
class PublishPolicyInput:
    version: int
    note: str


@strawberry.input(
    description="前の版に戻す。1は標準 / return to what `to` said; 1 is the baseline; drops the draft"
)
class RevertPolicyInput:
    version: int
    to: int
    note: str
