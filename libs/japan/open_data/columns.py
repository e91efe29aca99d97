"""Which column of a table holds which item, over the generations of headings in the wild.

推奨データセット (older), 自治体標準オープンデータセット (current) and Takamatsu's own lists. Headings are
compared as `tables.heading_key` leaves them; a prefix that all headings share is ignored.
"""

from collections.abc import Mapping

from libs.errors.problems import InvalidInput
from libs.japan.open_data.tables import Table


def find_columns(
    table: Table, headings: Mapping[str, tuple[str, ...]], required: tuple[tuple[str, ...], ...]
) -> dict[str, str]:
    """Item → heading in this table. One set of `required` items must be present as a whole.

    Raises `InvalidInput` (detail unknown_columns) naming what is missing from the nearest set.
    """
    prefix = _shared_prefix(table.header)
    present = {name.removeprefix(prefix): name for name in table.header if name}
    found = {
        item: present[alias]
        for item, aliases in headings.items()
        for alias in reversed(aliases)
        if alias in present
    }
    missing = min(([item for item in items if item not in found] for items in required), key=len)
    if missing:
        raise _unknown_columns([headings[item][0] for item in missing])
    return found


def _shared_prefix(header: tuple[str, ...]) -> str:
    """イベント_ of イベント_名称, イベント_開始日: some publishers put it before every heading."""
    named = [name for name in header if name]
    head, mark, _ = named[0].partition("_")
    shared = all(name.startswith(head + mark) for name in named)
    return head + mark if mark and shared and len(named) > 1 else ""


def _unknown_columns(missing: list[str]) -> InvalidInput:
    names = "、".join(missing)
    return InvalidInput(
        "file",
        f"次の列が見つかりません：{names}。見出しの行をご確認ください。",
        f"These columns are missing: {names}. Check the row of headings.",
        detail="unknown_columns",
    )
