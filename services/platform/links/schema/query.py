"""Where the sender finds its links."""

import sqlalchemy as sa
import strawberry

from libs.reading import ids
from libs.reading.declare import Filter, connection
from libs.reading.node import Connection
from services.platform.links.schema.types import AnswerLink

OF_REFERRAL = Filter(
    lambda row, value: row.c.referral_id == value,
    reads=("referral",),
    type=sa.Uuid(),
    convert=lambda text: ids.of_type("referral", text, "referralId"),
)


@strawberry.type
class LinksQuery:
    @connection("AnswerLink", filters={"referralId": OF_REFERRAL})
    def answer_links(
        self,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        referral_id: strawberry.ID | None = None,
    ) -> Connection[AnswerLink] | None:
        """送った回答リンク(新しい順) / the links by which others are asked to answer, newest first"""
