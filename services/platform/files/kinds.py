"""The kinds of file that are taken. Whatever is not on the list is refused, whatever it says it is.

Municipal networks let in what 無害化 can clean (総務省, 地方公共団体における情報セキュリティポリシーに関する
ガイドライン): plain documents, tables and pictures without macros or scripts. Pages and drawings that a
browser would run (HTML, SVG) are not among them.
"""

from dataclasses import dataclass
from typing import Final, Literal

Form = Literal["pdf", "picture", "office", "open_document", "text"]
_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
_OPEN: Final = "application/vnd.oasis.opendocument."


@dataclass(frozen=True, slots=True)
class Kind:
    """`begins`: one of these stands at the beginning. `main`: what an office package calls its main part."""

    form: Form
    media_type: str
    begins: tuple[bytes, ...] = ()
    main: str = ""


def _office(name: str) -> Kind:
    return Kind("office", _OFFICE + name, (b"PK\x03\x04",), f"{_OFFICE}{name}.main+xml")


def _open_document(name: str) -> Kind:
    return Kind("open_document", _OPEN + name, (b"PK\x03\x04",))


_JPEG: Final = Kind("picture", "image/jpeg", (b"\xff\xd8\xff",))

KINDS: Final = {
    "pdf": Kind("pdf", "application/pdf", (b"%PDF-",)),
    "png": Kind("picture", "image/png", (b"\x89PNG\r\n\x1a\n",)),
    "jpg": _JPEG,
    "jpeg": _JPEG,
    "gif": Kind("picture", "image/gif", (b"GIF87a", b"GIF89a")),
    "docx": _office("wordprocessingml.document"),
    "xlsx": _office("spreadsheetml.sheet"),
    "pptx": _office("presentationml.presentation"),
    "odt": _open_document("text"),
    "ods": _open_document("spreadsheet"),
    "odp": _open_document("presentation"),
    "txt": Kind("text", "text/plain"),
    "csv": Kind("text", "text/csv"),
}
"""By the ending of the name, in lower case."""
