"""Files as programs make them, well and badly meant."""

import io
import zipfile
from collections.abc import Mapping
from typing import Final

OFFICE: Final = "application/vnd.openxmlformats-officedocument."
WORD: Final = f"{OFFICE}wordprocessingml.document"
PDF: Final = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
PNG: Final = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40
CSV: Final = "団体名,電話\r\nNPO法人つながる生駒,0743-00-0000\r\n".encode("cp932")
OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
TYPES: Final = '<Types><Override PartName="/word/document.xml" ContentType="{}.main+xml"/></Types>'


def package(parts: Mapping[str, bytes | str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return made.getvalue()


def docx(more: Mapping[str, bytes | str] | None = None, *, main: str = WORD) -> bytes:
    parts: dict[str, bytes | str] = {"[Content_Types].xml": TYPES.format(main), "word/document.xml": "<w/>"}
    return package(parts | dict(more or {}))


def odt(more: Mapping[str, bytes | str] | None = None) -> bytes:
    parts: dict[str, bytes | str] = {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "META-INF/manifest.xml": "<manifest/>",
        "content.xml": "<office/>",
    }
    return package(parts | dict(more or {}))


def encrypted_zip() -> bytes:
    """The flag that says so, set in a local header and in the directory."""
    made = bytearray(docx())
    for start, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = made.find(start)
        while at >= 0:
            made[at + offset] |= 1
            at = made.find(start, at + 4)
    return bytes(made)


TAKEN: Final[tuple[tuple[str, bytes, str], ...]] = (
    ("第1回議事次第.pdf", PDF, "application/pdf"),
    ("地図.PNG", PNG, "image/png"),
    ("名簿.csv", CSV, "text/csv"),
    ("覚え書き.txt", "見守りのお願い\n<3月>の予定".encode(), "text/plain"),
    ("様式 第2号.docx", docx(), WORD),
    ("様式.odt", odt(), "application/vnd.oasis.opendocument.text"),
)

REFUSED: Final[tuple[tuple[str, bytes, str], ...]] = (
    ("ページ.html", b"<html></html>", "KIND"),
    ("図.svg", b"<svg/>", "KIND"),
    ("表.xlsm", docx(), "KIND"),
    ("実行.exe", b"MZ", "KIND"),
    ("束.zip", docx(), "KIND"),
    ("拡張子なし", PDF, "KIND"),
    ("../../etc/passwd.txt", b"x", "NAME"),
    ("a\\b.pdf", PDF, "NAME"),
    (".隠し.pdf", PDF, "NAME"),
    ("見積\u200b.pdf", PDF, "NAME"),
    ("見積\u202efdp.pdf", PDF, "control_character"),
    ("改\n行.pdf", PDF, "line_break"),
    ("あ" * 150 + ".pdf", PDF, "too_long"),
    ("空.txt", b"", "EMPTY"),
    ("空.pdf", b"", "CONTENT"),
    ("絵.pdf", PNG, "CONTENT"),
    ("文書.png", PDF, "CONTENT"),
    ("プログラム.txt", b"MZ\x90\x00\x03\x00", "CONTENT"),
    ("ページ.txt", b"\xef\xbb\xbf  <!DOCTYPE html><script>", "RUNS"),
    ("図.csv", b'<svg onload="x()">', "RUNS"),
    ("仕掛け.pdf", PDF + b"<</S /JavaScript /JS (app.alert(1))>>", "RUNS"),
    ("添付.pdf", PDF + b"<</Type /EmbeddedFile>>", "RUNS"),
    ("鍵.pdf", PDF + b"/Encrypt 5 0 R", "PROTECTED"),
    ("鍵.docx", encrypted_zip(), "PROTECTED"),
    ("旧.docx", OLE, "CONTENT"),
    ("表.docx", docx(main=f"{OFFICE}spreadsheetml.sheet"), "CONTENT"),
    ("マクロ.docx", docx(main="application/vnd.ms-word.document.macroEnabled"), "CONTENT"),
    ("マクロ.docx", docx({"word/vbaProject.bin": OLE}), "RUNS"),
    ("名を変えたマクロ.docx", docx({"word/media/image1.png": OLE}), "RUNS"),
    (
        "遠くのひな形.docx",
        docx({"word/_rels/settings.xml.rels": '<R Type="x/attachedTemplate" Target="http://x"/>'}),
        "RUNS",
    ),
    ("壊れた.docx", docx()[:200], "CONTENT"),
    ("何か.docx", package({"a.txt": "a"}), "CONTENT"),
    ("マクロ.odt", odt({"Basic/Standard/Module1.xml": "<x/>"}), "RUNS"),
    ("鍵.odt", odt({"META-INF/manifest.xml": "<encryption-data/>"}), "PROTECTED"),
)
"""By name, content, and the code of the refusal."""
