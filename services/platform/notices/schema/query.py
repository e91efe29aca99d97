"""Where people find what they were told."""

import strawberry

from libs.policy.predicates import Asker
from libs.reading.declare import Row, connection, current
from libs.reading.node import Connection
from services.platform.members import models as members
from services.platform.notices.schema.types import Inbox, Webhook


def _kept(row: Row, asker: Asker) -> "members.Bool":
    return (row.c.state != "removed") & (row.c.organisation_id == asker.organisation)


@strawberry.type
class NoticesQuery:
    inbox: Inbox | None = current(
        "Inbox", where=members.is_asker, description="自分の受信箱 / one's own inbox; null for the public"
    )

    @connection("Webhook", where=_kept)
    def my_webhooks(
        self,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[Webhook] | None:
        """自団体の通知先 / the webhooks of one's own organisation"""
