"""What people write into forms: required and optional texts, web and mail addresses."""

import re
from urllib.parse import urlsplit

from libs.errors.problems import InvalidInput
from libs.japan.text import clean

_MAIL = re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+")


def required(text: str | None, field: str, most: int, *, multiline: bool = False) -> str:
    """The cleaned text. Raises InvalidInput with `detail` REQUIRED where nothing is left of it."""
    tidy = clean(text or "", field, most, multiline=multiline)
    if not tidy:
        raise InvalidInput(
            field, f"「{field}」を入力してください。", f"'{field}' is required.", detail="REQUIRED"
        )
    return tidy


def optional(text: str | None, field: str, most: int, *, multiline: bool = False) -> str | None:
    """The cleaned text, None where there is none."""
    return None if text is None else clean(text, field, most, multiline=multiline) or None


def web_address(text: str | None, field: str, most: int) -> str | None:
    """An http or https address: any other scheme would run in the reader's browser."""
    tidy = optional(text, field, most)
    if tidy is None:
        return None
    try:
        parts = urlsplit(tidy)
        fits = parts.scheme in {"http", "https"} and bool(parts.hostname) and " " not in tidy
    except ValueError:
        fits = False
    if not fits:
        raise InvalidInput(
            field,
            "https:// で始まるウェブサイトのアドレスを入力してください。",
            "Give a web address that starts with https://",
            detail="WEB_ADDRESS",
        )
    return tidy


def mail_address(text: str | None, field: str, most: int) -> str | None:
    """A mail address by its shape alone."""
    tidy = optional(text, field, most)
    if tidy is not None and not _MAIL.fullmatch(tidy):
        raise InvalidInput(
            field,
            "メールアドレスの形になっていません。例: desk@example.jp",
            "This is no mail address. For example: desk@example.jp",
            detail="MAIL_ADDRESS",
        )
    return tidy
