"""Bytes of an open-data file to text: UTF-8, CP932 and UTF-16, with and without BOM."""

import codecs
import re
from dataclasses import dataclass

from libs.errors.problems import InvalidInput

MAX_BYTES = 10_000_000
_FIELD = "file"
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROLS = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text without BOM and the encoding it came in."""

    text: str
    encoding: str


def decode(data: bytes) -> Decoded:
    """Raises `InvalidInput` with `detail` too_large, empty, undecodable or not_text (control characters)."""
    _refuse_size(data)
    decoded = _by_bom(data) or _by_nuls(data) or _by_trial(data)
    if decoded is None:
        raise _undecodable()
    if "\0" in decoded.text or _CONTROLS.search(decoded.text):
        raise _not_text()
    return decoded


def _refuse_size(data: bytes) -> None:
    if len(data) > MAX_BYTES:
        raise InvalidInput(
            _FIELD,
            f"ファイルが大きすぎます。{MAX_BYTES // 1_000_000}MB以下に分けてください。",
            f"The file is too large. Split it into parts of at most {MAX_BYTES // 1_000_000} MB.",
            detail="too_large",
        )
    if not data.strip():
        raise InvalidInput(_FIELD, "ファイルが空です。", "The file is empty.", detail="empty")


def _by_bom(data: bytes) -> Decoded | None:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _decoded(data[len(bom) :], encoding) or _raise_undecodable()
    return None


def _by_nuls(data: bytes) -> Decoded | None:
    """UTF-16 without BOM: its commas, digits and line ends leave most NULs on one side of the pairs."""
    if b"\0" not in data:
        return None
    big_endian = data[0::2].count(0) > data[1::2].count(0)
    decoded = _decoded(data, "utf-16-be" if big_endian else "utf-16-le")
    if decoded is None or "\n" not in decoded.text:
        raise _not_text()
    return decoded


def _by_trial(data: bytes) -> Decoded | None:
    """UTF-8 first: text of another encoding is practically never valid UTF-8."""
    return _decoded(data, "utf-8") or _decoded(data, "cp932")


def _decoded(data: bytes, encoding: str) -> Decoded | None:
    try:
        return Decoded(data.decode(encoding), encoding)
    except UnicodeDecodeError:
        return None


def _raise_undecodable() -> Decoded:
    raise _undecodable()


def _undecodable() -> InvalidInput:
    return InvalidInput(
        _FIELD,
        "文字コードを判別できません。UTF-8で保存し直してください。",
        "The character encoding is not recognised. Save the file as UTF-8.",
        detail="undecodable",
    )


def _not_text() -> InvalidInput:
    return InvalidInput(
        _FIELD,
        "CSVではないデータが含まれています。CSV形式で保存したファイルを選んでください。",
        "The file holds data that is not text. Choose a file saved as CSV.",
        detail="not_text",
    )
