"""Where the council is found."""

import strawberry

from libs.reading.declare import by_id, connection
from libs.reading.node import Connection
from services.platform.councils.schema.types import Council


@strawberry.type
class CouncilsQuery:
    @by_id("Council")
    def council(self, id: strawberry.ID) -> Council | None:
        """協議会をIDで / one council by id"""

    @connection("Council")
    def councils(
        self,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[Council] | None:
        """法定協議会 / the statutory councils of this platform"""
