"""What can be asked about conditions and classes."""

import strawberry

from libs.reading.declare import Order, connection
from libs.reading.node import Connection
from services.platform.admission import models
from services.platform.admission.schema.types import MemberClass, MembershipCondition

IN_ORDER = {"NUMBER": Order((("number", False),), reads=("number",))}


@strawberry.type
class AdmissionQuery:
    @connection("MembershipCondition", orders=IN_ORDER, where=models.is_current)
    def membership_conditions(
        self,
        first: int | None = 30,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[MembershipCondition] | None:
        """入会の条件。すべてに同意して申請する / the conditions of today; an application agrees to each."""

    @connection("MemberClass", orders=IN_ORDER, where=models.is_given)
    def member_classes(
        self,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[MemberClass] | None:
        """会員区分 / the classes that are given."""
