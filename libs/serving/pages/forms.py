"""Forms as browsers send them: urlencoded UTF-8, bounded, each field once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl

from libs.serving.negotiation import is_plain
from libs.serving.problems import BadRequest, UnsupportedForm

MEDIA: Final = "application/x-www-form-urlencoded"
MOST_FIELDS: Final = 60


def _nothing() -> dict[str, str]:
    return {}


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of one form. What people wrote is in no repr."""

    fields: Mapping[str, str] = field(default_factory=_nothing, repr=False)

    def text(self, name: str) -> str:
        """The field as it was typed; empty where it was not sent."""
        return self.fields.get(name, "")

    def has(self, name: str) -> bool:
        """Whether the field was sent and is not blank: a ticked box, a pressed button."""
        return bool(self.text(name).strip())


def require_form(content_type: bytes | None, content_encoding: bytes | None) -> None:
    """Raises UnsupportedForm for a body that is not declared as a plain urlencoded form."""
    media = (content_type or b"").decode("latin-1").split(";")[0].strip().lower()
    if media != MEDIA or not is_plain(content_encoding):
        raise UnsupportedForm


def parse(body: bytes) -> Form:
    """Raises BadRequest for what is no UTF-8 form; line breaks come back as one character."""
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            encoding="utf-8",
            errors="strict",
            max_num_fields=MOST_FIELDS,
        )
    except ValueError:
        raise _unreadable() from None
    fields = dict(pairs)
    if len(fields) != len(pairs) or any("\0" in text for pair in pairs for text in pair):
        raise _unreadable()
    return Form({name: text.replace("\r\n", "\n") for name, text in fields.items()})


def _unreadable() -> BadRequest:
    return BadRequest(
        "送られた文字を読み取れませんでした。前の画面に戻り、もう一度お送りください。",
        "What was sent could not be read (it must be a UTF-8 form). Go back and send it again.",
    )
