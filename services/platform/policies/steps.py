"""What can be done to the draft of the policy: in any state, by whom the policy's own lines name."""

from libs.policy.steps import Step
from services.platform.relations import RELATIONS

RELATIONS.steps.register(
    *(
        Step("policy_draft", name, policy="edit_policy_draft")
        for name in (
            "tighten_policy",
            "widen_policy",
            "take_back_policy_change",
            "discard_policy_draft",
            # and the right to publish beside it
            "publish_policy",
            "revert_policy",
        )
    ),
    Step("policy_draft", "preview_policy"),
)
