"""What every compiled schema shares: the Node interface, connections, and their page."""

from typing import Generic, TypeVar

import strawberry

T = TypeVar("T")


@strawberry.interface(description="IDで読めるもの / anything that can be read by its global id")
class Node:
    id: strawberry.ID


@strawberry.type(description="ページの位置 / where a page lies in its list")
class PageInfo:
    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@strawberry.type
class Edge(Generic[T]):
    cursor: str
    node: T


@strawberry.type(description="一覧 / a list in pages; every count is of what the viewer may see")
class Connection(Generic[T]):
    edges: list[Edge[T]]
    nodes: list[T]
    page_info: PageInfo
    total_count: int
