"""The feature's mutations side by side."""

import strawberry

from services.platform.rights.schema.breaches import BreachMutation
from services.platform.rights.schema.erasing import ErasingMutation
from services.platform.rights.schema.exporting import ExportMutation


@strawberry.type
class RightsMutation(ErasingMutation, ExportMutation, BreachMutation): ...
