"""Two questions against each other: a table in which no small number can be seen or computed.

All totals of rows and columns are known already, from each question's own counts. A withheld cell of such a
table can be computed exactly if and only if its edge is a bridge in the graph of withheld cells, whose nodes
are the rows and columns (Gusfield, A graph theoretic approach to statistical data security, SIAM J. Comput.
17, 1988). So each small cell is closed into a cycle by the cells that cost least; where none can be, nothing
of the table is shown.
"""

import heapq
from collections.abc import Iterator, Sequence
from typing import Final, Literal

SMALLEST_SHOWN: Final = 5
Cell = tuple[int, int]
Node = tuple[Literal["row", "column"], int]
Shown = list[list[int | None]]
"""None is withheld; 0 is a count like any other and is shown."""


def shielded(counts: Sequence[Sequence[int]]) -> Shown | None:
    """The table as it may be seen; None where nothing of it may."""
    small = [cell for cell, count in _held(counts) if count < SMALLEST_SHOWN]
    withheld = set(small)
    for cell in small:
        around = _way_around(counts, withheld, cell)
        if around is None:
            return None
        withheld |= around
    return [
        [None if (row, column) in withheld else count for column, count in enumerate(line)]
        for row, line in enumerate(counts)
    ]


def _held(counts: Sequence[Sequence[int]]) -> Iterator[tuple[Cell, int]]:
    """The cells that hold anybody: a withheld 0 would hide nothing, for it may be known to be one."""
    for row, line in enumerate(counts):
        for column, count in enumerate(line):
            if count:
                yield (row, column), count


def _way_around(counts: Sequence[Sequence[int]], withheld: set[Cell], cell: Cell) -> set[Cell] | None:
    """The cells that join the cell's row to its column without it; what is withheld costs nothing."""
    cost = {other: 0 if other in withheld else count for other, count in _held(counts) if other != cell}
    waiting: list[tuple[int, Node, frozenset[Cell]]] = [(0, ("row", cell[0]), frozenset())]
    done = set[Node]()
    while waiting:
        spent, node, way = heapq.heappop(waiting)
        if node == ("column", cell[1]):
            return set(way)
        if node in done:
            continue
        done.add(node)
        for other, price in cost.items():
            if other[node[0] == "column"] == node[1]:
                heapq.heappush(waiting, (spent + price, _across(other, node), way | {other}))
    return None


def _across(cell: Cell, node: Node) -> Node:
    """The cell's other end."""
    return ("column", cell[1]) if node[0] == "row" else ("row", cell[0])
