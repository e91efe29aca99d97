"""A row whose fields are read by name: as the database told it, or with changes to be written."""

from typing import Any, Protocol


class Fields(Protocol):
    def __getitem__(self, name: str, /) -> Any: ...  # noqa: ANN401 - a column's value
