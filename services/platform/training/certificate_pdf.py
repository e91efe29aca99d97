"""A certificate as one page of PDF in Japanese, with only those letters of the font that it uses.

Noto Sans CJK JP (SIL Open Font License 1.1) has 44,810 letters, also those of names in 简体 and 한글.
"""

from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Final

from fontTools.ttLib import TTFont
from fpdf import FPDF
from fpdf.enums import Align, XPos, YPos

from libs.errors.problems import InvalidInput
from libs.japan.calendar import era_date
from services.platform.inputs import required
from services.platform.training.words import EDITIONS

MOST_NAME: Final = 60
_FAMILY: Final = "noto"
_FONT: Final = resources.files("noto_cjk_sans_jp_regular") / "NotoSansCJKjp-Regular.otf"
_SELECTORS: Final = dict.fromkeys((*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))
"""Which form of a letter is meant: this font has one form of each."""


def printable(name: str) -> str:
    """The name as it can be printed. Raises InvalidInput for letters that the font does not have."""
    tidy = required(name, "name", MOST_NAME).translate(_SELECTORS)
    missing = sorted({letter for letter in tidy if ord(letter) not in _letters()})
    if missing:
        raise InvalidInput(
            "name",
            f"印刷できない文字があります: {' '.join(missing)}",
            f"These letters cannot be printed: {' '.join(missing)}",
            detail="LETTERS",
        )
    return tidy


def drawn(  # noqa: PLR0913 - what the page says
    *,
    name: str,
    title: str,
    edition: str,
    text_version: str,
    held_on: date,
    host: str,
    platform: str,
    code: str,
    name_code: str,
    address: str,
) -> bytes:
    """The page, A4. The name is in it and nowhere else."""
    pdf = FPDF(format="A4")
    pdf.set_lang("ja-JP")
    pdf.set_title("修了証")
    pdf.set_margin(25)
    pdf.add_font(_FAMILY, fname=_font())
    pdf.add_page()
    pdf.rect(12, 12, 186, 273)
    _line(pdf, "修 了 証", 32, 60)
    _line(pdf, f"{name} 様", 22, 30)
    _line(pdf, "あなたは、次の講座を修了されました。", 13, 16)
    _line(pdf, title, 16, 14)
    _line(pdf, f"{EDITIONS[edition][0]}（{text_version}）", 12, 10)
    _line(pdf, f"実施日 {era_date(held_on)}（{held_on.isoformat()}）", 12, 10)
    _line(pdf, f"主催 {host}", 12, 10)
    _line(pdf, f"発行 {platform}", 14, 24)
    _line(pdf, f"証明番号 {code}　氏名確認 {name_code}", 10, 20)
    _line(pdf, f"この番号は {address} で確かめられます。", 9, 8)
    return bytes(pdf.output())


def _line(pdf: FPDF, text: str, size: int, height: int) -> None:
    pdf.set_font(_FAMILY, size=size)
    pdf.multi_cell(0, height, text, align=Align.C, new_x=XPos.LMARGIN, new_y=YPos.NEXT)


@cache
def _letters() -> frozenset[int]:
    with TTFont(_font()) as font:
        return frozenset(font.getBestCmap() or ())


@cache
def _font() -> Path:
    with resources.as_file(_FONT) as path:
        return path
