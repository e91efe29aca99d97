"""How far long work is: on standard error, for who looks at a terminal; a script sees nothing of it."""

from collections.abc import AsyncIterable, AsyncIterator, Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

T = TypeVar("T")


def advancing(items: Iterable[T], title: str) -> Iterator[T]:
    """The items, counted as they are done."""
    with _shown(title) as (progress, task):
        for item in items:
            yield item
            progress.advance(task)


async def advancing_async(items: AsyncIterable[T], title: str, total: int | None = None) -> AsyncIterator[T]:
    """As `advancing`, of what comes from the database."""
    with _shown(title, total) as (progress, task):
        async for item in items:
            yield item
            progress.advance(task)


@contextmanager
def _shown(title: str, total: int | None = None) -> Generator[tuple[Progress, TaskID]]:
    columns = (TextColumn("{task.description}"), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        yield progress, progress.add_task(title, total=total)
