"""Where people find erasures."""

import strawberry

from libs.reading.declare import Filter, by_id, connection
from libs.reading.node import Connection
from services.platform.rights.schema.types import Erasure, ErasureState

STATE = Filter(lambda row, value: row.c.state == value, reads=("state",))


@strawberry.type
class RightsQuery:
    @by_id("Erasure")
    def erasure(self, id: strawberry.ID) -> Erasure | None:
        """消去をIDで / one erasure by id"""

    @connection("Erasure", filters={"state": STATE})
    def erasures(
        self,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        state: ErasureState | None = None,
    ) -> Connection[Erasure] | None:
        """自団体のケースの消去(事務局はすべて) / of own cases; the coordinator's: all, without cases"""
