"""Where items of the council, sittings and break-glass are found."""

import sqlalchemy as sa
import strawberry

from libs.reading import ids
from libs.reading.declare import Filter, by_id, connection
from libs.reading.node import Connection
from services.platform.referrals.schema.bases import BreakGlass, CouncilItem, Sitting

OF_COUNCIL = Filter(
    lambda row, value: row.c.council_id == value,
    reads=("council",),
    type=sa.Uuid(),
    convert=lambda text: ids.of_type("council", text, "councilId"),
)


@strawberry.type
class BasesQuery:
    @by_id("CouncilItem")
    def council_item(self, id: strawberry.ID) -> CouncilItem | None:
        """協議会の案件をIDで / one item of the council by id"""

    @by_id("Sitting")
    def sitting(self, id: strawberry.ID) -> Sitting | None:
        """支援会議をIDで / one sitting by id"""

    @by_id("BreakGlass")
    def break_glass(self, id: strawberry.ID) -> BreakGlass | None:
        """緊急開示をIDで / one break-glass by id"""

    @connection("CouncilItem", filters={"councilId": OF_COUNCIL})
    def council_items(
        self,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        council_id: strawberry.ID | None = None,
    ) -> Connection[CouncilItem] | None:
        """協議会の案件(新しい順) / items of the council, newest first"""

    @connection("Sitting")
    def sittings(
        self,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[Sitting] | None:
        """支援会議(新しい順) / sittings, newest first"""

    @connection("BreakGlass")
    def break_glasses(
        self,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[BreakGlass] | None:
        """緊急開示(新しい順) / what was opened in danger, newest first"""

    @connection("BreakGlass", where=lambda row, _: row.c.reviewed_at.is_(None))
    def break_glasses_to_review(
        self,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[BreakGlass] | None:
        """確認を待つ緊急開示(新しい順) / those that nobody has reviewed yet, newest first"""
