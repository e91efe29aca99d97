"""What can be asked about the policy."""

import strawberry

from libs.reading.declare import connection, current
from libs.reading.node import Connection
from libs.serving.account import Account
from services.platform.policies import models
from services.platform.policies.schema.types import AccessTable, PolicyDraft, PolicyEdition


@strawberry.type
class PoliciesQuery:
    policy_draft: PolicyDraft | None = current(
        "PolicyDraft", where=models.is_askers_draft, description="閲覧規程の下書き / the draft of the policy"
    )

    @connection("PolicyEdition")
    def policy_history(
        self,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[PolicyEdition] | None:
        """閲覧規程の経過 / the editions of the policy, newest first; before them the baseline held."""

    @strawberry.field(
        description="施行中の権限表 / the access table in force; null unless it is yours to read"
    )
    async def access_table(self, info: strawberry.Info) -> AccessTable | None:
        account: Account = info.context
        viewer = await account.viewer()
        access = await account.engine.access(viewer)
        if access.rows("policy") is not True or access.field("policy", "text") is not True:
            return None
        policy = await account.engine.policies.of(viewer.tenant_id, viewer.policy_version)
        return AccessTable(policy=policy, version=viewer.policy_version, content_hash=policy.content_hash)
