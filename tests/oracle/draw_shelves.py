"""What groups keep: files, some on a post."""

from collections.abc import Mapping

from tests.oracle.drawn_rows import Draw
from tests.reading.world import Row

Rows = Mapping[str, list[Row]]


def draw_shelves(draw: Draw, rows: Rows) -> dict[str, list[Row]]:
    return {"file": [_file(draw, rows) for _ in range(40)]}


def _file(draw: Draw, rows: Rows) -> Row:
    """Some hang on a post, perhaps of another group, or for others than the post is."""
    return _said(draw, rows) | {
        "object_id": draw.id(),
        "name": f"資料{draw.random.randrange(5)}.pdf",
        "media_type": draw.of("application/pdf", "text/csv"),
        "size": draw.random.randrange(1_000),
        "sha256": "00" * 32,
        "post_id": draw.one(rows["post"]) if draw.chance(0.5) else None,
    }


def _said(draw: Draw, rows: Rows) -> Row:
    return draw.made() | {
        "working_group_id": draw.one(rows["working_group"]),
        "audience": draw.of("all", "npo", "public"),
        "author_id": draw.one(rows["person"]),
        "author_organisation_id": draw.one(rows["organisation"]),
    }
