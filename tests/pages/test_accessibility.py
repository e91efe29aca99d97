"""Every public page in a real browser: axe-core finds nothing, on a telephone and a desk, by day and night.

JIS X 8341-3:2016 (WCAG 2.0 AA) and more: WCAG 2.2 AA, axe's best practices, no page wider than its window.
"""

import asyncio
import json
import os
import platform
import tempfile
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from tests.pages.reading import read
from tests.pages.tours import TOURS
from tests.pages.visitor import Visitor
from tests.requests.conftest import Desk, desk
from tests.stage.node import needs_node

__all__ = ["desk"]

LOOK = Path(__file__).parents[1] / "node" / "accessibility.mjs"
VIEWS = ({"width": 360, "dark": False}, {"width": 360, "dark": True}, {"width": 1280, "dark": False})
PLANTED = """<!DOCTYPE html><html><head><meta charset="utf-8"><title></title></head><body>
<img src="https://elsewhere.example/x.png"><p style="color: #aaa; width: 2000px">読めない</p></body></html>"""
FAULTS = {
    "html-has-lang",
    "document-title",
    "image-alt",
    "color-contrast",
    "wider-than-window",
    "asks-for-more",
}


@needs_node("axe-core")
@pytest.mark.skipif(platform.machine() != "x86_64", reason="NOT RUN: npm has the browser for x86_64 alone")
async def test_every_public_page(desk: Desk) -> None:
    shown = {"planted": PLANTED}
    for language in ("ja", "en"):
        for tour in TOURS:
            visitor = Visitor(desk.phone.http, language=language, shown=shown)
            await tour(desk, visitor)
    assert len(shown) > 60
    stylesheet = read(shown["help (ja)"]).one("link").get("href")
    drawn_by = (await desk.phone.http.get(stylesheet)).text
    with tempfile.TemporaryDirectory() as folder:  # of 200 MB, which pytest would keep
        findings = await _looked_at(shown, drawn_by, Path(folder))
    planted = {each["rule"] for each in findings if each["page"] == "planted"}
    assert planted >= FAULTS, "the browser sees"
    assert [each for each in findings if each["page"] != "planted"] == []


async def _looked_at(shown: Mapping[str, str], stylesheet: str, folder: Path) -> list[dict[str, Any]]:
    asked = {
        "pages": [{"name": name, "html": html} for name, html in shown.items()],
        "stylesheet": stylesheet,
        "views": VIEWS,
    }
    written = folder / "asked.json"
    written.write_text(json.dumps(asked))
    looking = await asyncio.create_subprocess_exec(
        "node",
        str(LOOK),
        str(written),
        env={**os.environ, **_surroundings(folder)},
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await looking.communicate()
    assert looking.returncode == 0
    found: list[dict[str, Any]] = json.loads(output)
    return found


def _surroundings(folder: Path) -> dict[str, str]:
    """Where the browser is unpacked; that it brings its own libraries; and letters to measure.

    Without a Japanese font every letter is the same box: axe takes it for an icon and judges no contrast.
    """
    fonts = folder / "fonts.conf"
    letters = str(resources.files("noto_cjk_sans_jp_regular"))
    fonts.write_text(f"<fontconfig><dir>{letters}</dir><cachedir>{folder}</cachedir></fontconfig>")
    return {"TMPDIR": str(folder), "AWS_LAMBDA_JS_RUNTIME": "nodejs20.x", "FONTCONFIG_FILE": str(fonts)}
