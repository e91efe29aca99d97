"""The rows of an export: the service's own answers to its document, one page after the other."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from libs.errors.problems import NotFound, TooMuch
from libs.serving.exports.asked import Asked
from libs.serving.exports.declared import ROOT, Export
from libs.serving.problems import RateLimited, Refused
from libs.serving.service import Caller, GraphQLRequest, GraphQLService

MOST_ROWS: Final = 20_000
"""Of one file: 200 pages. Whoever needs more narrows the list and takes it in parts."""
MOST_WAITS: Final = 5

Rows = list[dict[str, Any]]


@dataclass(slots=True)
class Reading:
    """One caller's rows. Each page is read under the policy, and paid from the budget, of its own moment."""

    service: GraphQLService
    caller: Caller
    most_rows: int = MOST_ROWS
    waits: int = 0
    rows: int = 0

    async def pages(self, asked: Asked) -> AsyncIterator[Rows]:
        """Raises the read's Problem; TooMuch once there are more rows than a file may have."""
        if not asked.export.is_paged:
            yield self._counted(await self._answer(asked.export, asked.variables))
            return
        after: str | None = None
        while True:
            place = {"first": asked.export.page, "after": after}
            page = await self._answer(asked.export, {**asked.variables, **place})
            yield self._counted(page["nodes"])
            if not page["pageInfo"]["hasNextPage"]:
                return
            after = page["pageInfo"]["endCursor"]

    async def _answer(self, export: Export, variables: dict[str, Any]) -> Any:  # noqa: ANN401 - a list or a connection
        request = GraphQLRequest(export.document, None, variables, None, read_only=True)
        while True:
            try:
                answer = await self.service.execute(request, self.caller)
            except RateLimited as refused:
                self.waits += 1
                if self.waits > MOST_WAITS:
                    raise
                await asyncio.sleep(refused.retry_after)
            else:
                return _rows(msgspec.json.decode(answer.body))

    def _counted(self, rows: Rows) -> Rows:
        self.rows += len(rows)
        if self.rows > self.most_rows:
            raise TooMuch(
                "rows",
                f"一度に書き出せるのは{self.most_rows}行までです。条件で絞り込んでください。",
                f"A file holds at most {self.most_rows} rows. Narrow the list.",
            )
        return rows


def _rows(body: dict[str, Any]) -> Any:  # noqa: ANN401 - likewise
    """A list that is none of the asker's business is not there."""
    if body.get("errors"):
        raise Refused(body["errors"])
    found = body["data"][ROOT]
    if found is None:
        raise NotFound("この一覧はありません。", "There is no such list.")
    return found
