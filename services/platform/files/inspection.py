"""Looks into a file that was sent: its content must be what its name says, and hold nothing that runs.

No parser of documents runs here: bytes are looked for, packages are listed, at most a megabyte is unpacked.
What lies deeper in a PDF's compressed parts is for the reader's own 無害化.
"""

import re
import unicodedata
import zipfile
import zlib
from typing import IO, Final

from libs.errors.problems import InvalidInput
from libs.japan.text import clean
from services.platform.files.kinds import KINDS, Kind

FIELD: Final = "file"
NAME_LENGTH: Final = 150
MOST_PARTS: Final = 4_000
MOST_UNPACKED: Final = 1_048_576
_NO_PATH: Final = re.compile(r'[/\\:*?"<>|]')
_RUNS_IN_PDF: Final = re.compile(rb"/(?:JavaScript|Launch|RichMedia|EmbeddedFile|XFA)\b")
_PROTECTED_PDF: Final = re.compile(rb"/Encrypt\b")
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MACRO_PARTS: Final = re.compile(r"vbaproject|macrosheet|activex|(?:^|/)(?:basic|scripts)/", re.IGNORECASE)
_MARKUP: Final = re.compile(r"^\s*(?:<[!?a-z]|#!|%!PS)", re.IGNORECASE)
_UNWRITTEN: Final = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_ENCODINGS: Final = ("utf-8-sig", "cp932", "utf-16")


def named(name: str) -> tuple[str, Kind]:
    """The tidied name and the kind that its ending stands for. Raises InvalidInput."""
    tidy = clean(name, "name", NAME_LENGTH)
    hidden = any(unicodedata.category(each) in {"Cf", "Co", "Cn"} for each in tidy)
    if not tidy or tidy.startswith(".") or hidden or _NO_PATH.search(tidy):
        raise InvalidInput(
            "name",
            "ファイル名に使えない文字があります。文字・数字・「_」「-」と拡張子だけにしてください。",
            "The file's name holds characters that it must not. Use letters, digits, _ - and the ending.",
            detail="NAME",
        )
    kind = KINDS.get(tidy.rpartition(".")[2].lower()) if "." in tidy else None
    if kind is None:
        endings = ", ".join(KINDS)
        raise InvalidInput(
            FIELD,
            f"この種類のファイルは受け付けていません。使える種類: {endings}",
            f"Files of this kind are not taken. These are: {endings}",
            detail="KIND",
        )
    return tidy, kind


def inspect(content: IO[bytes], kind: Kind) -> None:
    """Raises InvalidInput where the content is not of the kind, is protected by a password, or can run."""
    content.seek(0)
    head = content.read(16)
    if kind.begins and not head.startswith(kind.begins):
        raise _other_content()
    content.seek(0)
    match kind.form:
        case "pdf":
            _inspect_pdf(content.read())
        case "text":
            _inspect_text(content.read())
        case "office" | "open_document":
            _inspect_package(content, kind)
        case "picture":
            pass


def _inspect_pdf(content: bytes) -> None:
    if _PROTECTED_PDF.search(content):
        raise _protected()
    if _RUNS_IN_PDF.search(content):
        raise _runs()


def _inspect_text(content: bytes) -> None:
    if not content.strip():
        raise InvalidInput(FIELD, "ファイルが空です。", "The file is empty.", detail="EMPTY")
    text = _decoded(content)
    if text is None or _UNWRITTEN.search(text):
        raise _other_content()
    if _MARKUP.match(text):
        raise _runs()


def _decoded(content: bytes) -> str | None:
    for encoding in _ENCODINGS:
        if encoding == "utf-16" and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
            continue
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _inspect_package(content: IO[bytes], kind: Kind) -> None:
    try:
        with zipfile.ZipFile(content) as package:
            parts = package.infolist()
            if len(parts) > MOST_PARTS:
                raise _other_content()
            if any(part.flag_bits & 1 for part in parts):
                raise _protected()
            if any(_MACRO_PARTS.search(part.filename) for part in parts):
                raise _runs()
            (_inspect_office if kind.form == "office" else _inspect_open_document)(package, kind)
            if any(_begins(package, part) == _OLE for part in parts):
                raise _runs()
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, KeyError, ValueError):
        raise _other_content() from None


def _inspect_office(package: zipfile.ZipFile, kind: Kind) -> None:
    if kind.main.encode() not in _read(package, "[Content_Types].xml"):
        raise _other_content()
    for part in package.namelist():
        # a template that is fetched from elsewhere brings its macros along
        if part.endswith("settings.xml.rels") and b"attachedTemplate" in _read(package, part):
            raise _runs()


def _inspect_open_document(package: zipfile.ZipFile, kind: Kind) -> None:
    if _read(package, "mimetype").strip() != kind.media_type.encode():
        raise _other_content()
    if b"encryption-data" in _read(package, "META-INF/manifest.xml"):
        raise _protected()


def _read(package: zipfile.ZipFile, name: str) -> bytes:
    with package.open(name) as part:
        return part.read(MOST_UNPACKED)


def _begins(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    with package.open(part) as opened:
        return opened.read(len(_OLE))


def _other_content() -> InvalidInput:
    return InvalidInput(
        FIELD,
        "ファイルの中身が、名前の示す種類と違うか、壊れています。元のソフトで保存し直してください。",
        "The file's content is not what its name says, or is damaged. Save it anew with its own program.",
        detail="CONTENT",
    )


def _protected() -> InvalidInput:
    return InvalidInput(
        FIELD,
        "パスワードで保護されたファイルは、無害化できないため受け付けていません。保護を外してください。",
        "Files under a password are not taken: nobody can check them. Take the protection off.",
        detail="PROTECTED",
    )


def _runs() -> InvalidInput:
    return InvalidInput(
        FIELD,
        "マクロ・スクリプト・埋め込みファイルを含むファイルは受け付けていません。取り除いて保存し直してください。",
        "Files with macros, scripts or files inside are not taken. Take them out and save it anew.",
        detail="RUNS",
    )
