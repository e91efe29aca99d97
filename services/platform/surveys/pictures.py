"""A question's counts as a picture: bars in SVG without script, style or anything from elsewhere.

It says in words what it shows (title, desc); a table of the same numbers stands beside it on the page.
"""

from typing import Final
from xml.sax.saxutils import escape

from services.platform.questions.models import Language
from services.platform.surveys.results import Counted

WIDTH: Final = 360
"""A telephone's: drawn wider it would be shrunk there until nobody can read its letters."""
LABEL: Final = 150
ROW: Final = 32
_BAR: Final = WIDTH - LABEL - 45
_INK: Final = "#1b1b1f"
_FILL: Final = "#123a63"
_SHORT: Final = 10


def bars(counted: Counted, name: str, language: Language) -> str:
    """`name` is unique on the page, so that title and desc have ids of their own."""
    question = counted.question
    most = max(counted.counts, default=0) or 1
    labels = [each.said(language) for each in question.options]
    height = ROW * len(labels) + 8
    told = (", " if language == "en" else "、").join(
        f"{label} {count}" for label, count in zip(labels, counted.counts, strict=True)
    )
    drawn = "".join(
        _bar(place, label, count, most)
        for place, (label, count) in enumerate(zip(labels, counted.counts, strict=True))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="100%" role="img" '
        f'aria-labelledby="{name}-title {name}-desc"><title id="{name}-title">'
        f'{escape(question.said(language))}</title><desc id="{name}-desc">{escape(told)}</desc>'
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>{drawn}</svg>'
    )


def _bar(place: int, label: str, count: int, most: int) -> str:
    top, long = place * ROW + 4, round(count / most * _BAR)
    short = label if len(label) <= _SHORT else label[: _SHORT - 1] + "…"
    return (
        f'<text x="{LABEL - 8}" y="{top + 19}" font-size="14" text-anchor="end" fill="{_INK}">'
        f'{escape(short)}</text><rect x="{LABEL}" y="{top + 4}" width="{long}" height="{ROW - 10}" '
        f'fill="{_FILL}"/><text x="{LABEL + long + 6}" y="{top + 19}" font-size="14" fill="{_INK}">'
        f"{count}</text>"
    )
