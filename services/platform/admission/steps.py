"""What can be done about conditions and classes: the coordinator's, as the platform's other settings."""

from libs.policy.steps import Step
from services.platform.relations import RELATIONS

RELATIONS.steps.register(
    Step("tenant", "set_conditions", policy="change_settings"),
    Step("tenant", "keep_member_classes", policy="change_settings"),
)
